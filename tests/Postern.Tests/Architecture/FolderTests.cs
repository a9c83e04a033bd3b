using Postern.Cli.Commands;
using Postern.Explain;
using Postern.Web;

namespace Postern.Tests.Architecture;

/// <summary>The folders of the library and of the executable form no cycle, and each uses only what the design lets it use.</summary>
public sealed class FolderTests
{
    private const string Cli = "Postern.Cli.";
    private const string Web = "Postern.Web.";
    private const string Doctor = Cli + "Postfix.Doctor";
    private static readonly FolderGraph s_graph = FolderGraph.Of(typeof(ExplainPipeline).Assembly, typeof(PosternCommand).Assembly, typeof(WebServer).Assembly);

    // Who uses nothing else of the executable. Postfix/Doctor is where Postfix's settings meet Postern's, and has words for what it finds.
    public static TheoryData<string> Leaves => ["Configuration", "Storage", "Terminal", "Postfix"];

    [Fact]
    public void The_doctor_uses_the_configuration_its_words_and_nothing_else_of_the_executable() =>
        s_graph.Uses[Doctor].Where(other => other.StartsWith(Cli, StringComparison.Ordinal)).ShouldBe([Cli + "Configuration", Cli + "Postfix", Cli + "Words"]);

    [Fact]
    public void Only_the_commands_and_setup_use_the_doctor() =>
        s_graph.Uses.Where(pair => pair.Value.Contains(Doctor)).Select(pair => pair.Key).ShouldBe([Cli + "Commands", Cli + "Setup"]);

    [Fact]
    public void No_folder_is_part_of_a_cycle()
    {
        s_graph.Cycles().ShouldBeEmpty();
        Print();
    }

    [Theory]
    [MemberData(nameof(Leaves))]
    public void A_leaf_of_the_executable_uses_none_of_its_other_folders(string leaf) =>
        s_graph.Uses.Where(pair => IsIn(pair.Key, leaf) && !string.Equals(pair.Key, Doctor, StringComparison.Ordinal)).SelectMany(pair => pair.Value.Where(other => other.StartsWith(Cli, StringComparison.Ordinal) && !IsIn(other, leaf)).Select(other => $"{pair.Key} -> {other}"))
            .ShouldBeEmpty();

    [Fact]
    public void Only_the_commands_use_the_commands() =>
        s_graph.Uses.Where(pair => !IsIn(pair.Key, "Commands") && pair.Value.Any(other => IsIn(other, "Commands"))).Select(pair => pair.Key).ShouldBeEmpty();

    [Fact]
    public void The_library_knows_nothing_of_the_executable() =>
        s_graph.Uses.Where(pair => !(pair.Key + ".").StartsWith(Cli, StringComparison.Ordinal) && pair.Value.Any(other => (other + ".").StartsWith(Cli, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void The_page_knows_the_daemon_by_its_socket_alone() =>
        s_graph.Uses.Where(pair => (pair.Key + ".").StartsWith(Web, StringComparison.Ordinal)).SelectMany(pair => pair.Value).Distinct(StringComparer.Ordinal)
            .Where(other => !(other + ".").StartsWith(Web, StringComparison.Ordinal))
            .ShouldBe(["Postern.Facts", "Postern.Gate", "Postern.Reports.Content", "Postern.Reports.Languages"], ignoreOrder: true);

    [Fact]
    public void Nobody_knows_the_page() =>
        s_graph.Uses.Where(pair => !(pair.Key + ".").StartsWith(Web, StringComparison.Ordinal) && pair.Value.Any(other => (other + ".").StartsWith(Web, StringComparison.Ordinal))).Select(pair => pair.Key).ShouldBeEmpty();

    [Fact]
    public void Arrows_are_seen()
    {
        s_graph.Uses["Postern.Explain"].Contains("Postern.Classification").ShouldBeTrue();
        s_graph.Uses["Postern.Engine"].Contains("Postern.Engine.Bans").ShouldBeTrue();
    }

    private static bool IsIn(string folder, string room) => (folder + ".").StartsWith($"{Cli}{room}.", StringComparison.Ordinal);

    // For `./test architecture`, which names the folder to write the pictures to.
    private static void Print()
    {
        if (Environment.GetEnvironmentVariable("POSTERN_ARCHITECTURE") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "architecture.txt"), s_graph.ToText());
            File.WriteAllText(Path.Combine(folder, "architecture.dot"), s_graph.ToDot());
        }
    }
}
