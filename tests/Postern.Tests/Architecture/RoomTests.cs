using System.Reflection;
using NetArchTest.Rules;
using Postern.Explain;

namespace Postern.Tests.Architecture;

/// <summary>The rule of the house: a room knows the facts and itself, and nobody but the pipeline joins rooms.</summary>
public sealed class RoomTests
{
    private static readonly Assembly s_library = typeof(ExplainPipeline).Assembly;

    private static readonly string[] s_rooms =
        ["Capture", "Checks", "Classification", "Decisions", "Enforcement", "Fail2Ban", "Gate", "Reports"];

    public static TheoryData<string> Rooms => [.. s_rooms.Where(Exists)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_no_other_room(string room) =>
        Failing(Types.InAssembly(s_library).That().ResideInNamespace("Postern." + room)
            .ShouldNot().HaveDependencyOnAny([.. s_rooms.Except([room], StringComparer.Ordinal).Select(other => "Postern." + other)]).GetResult()).ShouldBeEmpty();

    [Fact]
    public void Facts_use_no_room() =>
        Failing(Types.InAssembly(s_library).That().ResideInNamespace("Postern.Facts")
            .ShouldNot().HaveDependencyOnAny([.. s_rooms.Select(room => "Postern." + room)]).GetResult()).ShouldBeEmpty();

    [Fact]
    public void A_room_is_looked_at_to_its_last_folder() =>
        Types.InAssembly(s_library).That().ResideInNamespace("Postern.Classification")
            .ShouldNot().HaveDependencyOnAny("Postern.Gate").GetResult().SelectedTypesForTesting
            .ShouldContain(type => type.FullName.Equals("Postern.Classification.Payloads.PayloadRecogniser", StringComparison.Ordinal));

    [Fact]
    public void The_pipeline_is_seen_to_join_rooms() =>
        Failing(Types.InAssembly(s_library).That().HaveName("ExplainRun")
            .ShouldNot().HaveDependencyOnAny("Postern.Capture", "Postern.Classification").GetResult()).ShouldNotBeEmpty();

    [Fact]
    public void Every_type_stands_in_a_room_or_joins_them()
    {
        string[] known = ["Postern.Engine", "Postern.Explain", "Postern.Facts", .. s_rooms.Select(room => "Postern." + room)];
        s_library.GetTypes().Where(type => type.Namespace is { } name && name.StartsWith("Postern", StringComparison.Ordinal))
            .Where(type => !known.Contains(type.Namespace, StringComparer.Ordinal) && !known.Any(name => type.Namespace!.StartsWith(name + ".", StringComparison.Ordinal)))
            .Select(type => type.FullName).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Classification")]
    [InlineData("Decisions")]
    public void What_only_thinks_touches_neither_files_nor_sockets_nor_a_clock(string room) =>
        Failing(Types.InAssembly(s_library).That().ResideInNamespace("Postern." + room)
            .ShouldNot().HaveDependencyOnAny("System.IO", "System.Net.Sockets", "System.Net.Http", "System.TimeProvider", "System.DateTime", "System.Diagnostics.Stopwatch", "System.Console", "System.Random")
            .GetResult()).ShouldBeEmpty();

    private static bool Exists(string room) =>
        s_library.GetTypes().Any(type => type.Namespace is { } name && (name + ".").StartsWith($"Postern.{room}.", StringComparison.Ordinal));

    private static string[] Failing(NetArchTest.Rules.TestResult result) =>
        [.. (result.FailingTypes ?? []).Select(type => type.FullName)];
}
