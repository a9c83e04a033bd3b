using System.Text.RegularExpressions;
using System.Xml.Linq;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Architecture;

/// <summary>What the sources and documents promise each other.</summary>
public sealed class SourceTests
{
    private const int MostLines = 400;

    // Tables and grammars may be longer; none is by now.
    private static readonly Dictionary<string, string> s_longForAReason = new(StringComparer.Ordinal)
    {
        ["src/Postern/Fail2Ban/Expressions/PatternMatcher.cs"] = "one loop over the instructions of a pattern, a case each",
    };

    public static TheoryData<string> Folders => ["src", "tests", "packaging"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_file_is_longer_than_the_limit(string folder) =>
        RepositoryRoot.Sources(folder).Where(file => File.ReadLines(file).Count() > MostLines)
            .Select(Relative).Where(file => !s_longForAReason.ContainsKey(file)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_namespace_is_the_folder(string folder)
    {
        var wrong = new List<string>();
        foreach (var file in RepositoryRoot.Sources(folder))
        {
            var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            var path = Path.GetDirectoryName(Path.GetRelativePath(RepositoryRoot.Of(folder), file))!;
            if (declared is not null && !string.Equals(declared, $"namespace {path.Replace(Path.DirectorySeparatorChar, '.')};", StringComparison.Ordinal))
            {
                wrong.Add($"{Relative(file)}: {declared}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_behaviour_has_its_entry_and_no_entry_is_unknown()
    {
        var entries = File.ReadLines(RepositoryRoot.Of("docs", "behaviours.md"))
            .Where(line => line.StartsWith("### `", StringComparison.Ordinal)).Select(line => line[5..^1]).ToArray();
        entries.ShouldBeUnique(StringComparer.Ordinal);
        entries.ShouldBe(Enum.GetValues<Behaviour>().Select(behaviour => behaviour.Id()), ignoreOrder: true);
    }

    [Fact]
    public void Every_package_is_accounted_for()
    {
        var notes = File.ReadAllText(RepositoryRoot.Of("docs", "decisions", "packages.md"));
        XDocument.Load(RepositoryRoot.Of("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value)
            .Where(package => !Regex.IsMatch(notes, $@"(?<![\w.]){Regex.Escape(package)}(?![\w]|\.\w)", RegexOptions.None, TimeSpan.FromSeconds(5))).ShouldBeEmpty();
    }

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);
}
