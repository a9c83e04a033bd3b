using System.Text.RegularExpressions;
using Postern.Cli.Commands;
using Postern.Cli.Words;

namespace Postern.Tests.Packaging;

/// <summary>What each text says of a command's options: name and description, read back from the text itself.</summary>
internal static partial class Rows
{
    /// <summary>The help, as the program prints it.</summary>
    public static SortedDictionary<string, string> OfHelp(IReadOnlyList<string> words)
    {
        var english = Catalogue.For("en");
        var command = PosternCommand.Create(new Wording(english, english)).Parse([.. words.Skip(1)]).CommandResult.Command;
        var rows = new List<(string Names, string Description)>();
        foreach (var line in new HelpPage(english.Help).Text(command).Split($"\n{english.Help.Details}\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (HelpRow().Match(line) is { Success: true } row)
            {
                rows.Add((row.Groups["names"].Value, row.Groups["text"].Value));
            }
            else
            {
                rows[^1] = (rows[^1].Names, $"{rows[^1].Description} {line.Trim()}");
            }
        }

        return Sort(rows.Where(row => row.Names.StartsWith('-')).SelectMany(row => Names().Matches(row.Names).Select(name => (name.Value, row.Description))));
    }

    /// <summary>A manual page's section of options.</summary>
    public static SortedDictionary<string, string> OfManual(string page)
    {
        var section = page.Split(".SH \"OPTIONS\"\n")[1].Split("\n.SH ")[0];
        var rows = section.Split(".TP\n", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', 2));
        return Sort(rows.SelectMany(row => Names().Matches(Plain(row[0])).Select(name => (name.Value, Plain(row[1])))));
    }

    /// <summary>fish's completion of a command.</summary>
    public static SortedDictionary<string, string> OfFish(string script, IReadOnlyList<string> words) => Sort(
        script.Split('\n').Select(line => FishRow().Match(line)).Where(row => row.Success && string.Equals(row.Groups["at"].Value, string.Join(' ', words), StringComparison.Ordinal))
            .SelectMany(row => FishName().Matches(row.Groups["names"].Value).Select(name => (
                (name.Groups["kind"].Value is "l" ? "--" : "-") + name.Groups["name"].Value,
                row.Groups["text"].Value.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)))));

    /// <summary>zsh's completion of a command.</summary>
    public static SortedDictionary<string, string> OfZsh(string script, IReadOnlyList<string> words)
    {
        var body = script.Split($"\n_{string.Join('_', words).Replace('-', '_')}() {{\n")[1].Split("\n}\n")[0];
        return Sort(body.Split('\n').Where(line => line.TrimStart().StartsWith("'(-", StringComparison.Ordinal)).SelectMany(line =>
        {
            var names = line.Split(")'")[0];
            var text = line[(line.IndexOf("'[", StringComparison.Ordinal) + 2)..].Replace("'\\''", "'", StringComparison.Ordinal);
            text = ZshEnd().Split(text)[0].Replace("\\[", "[", StringComparison.Ordinal).Replace("\\]", "]", StringComparison.Ordinal);
            return Names().Matches(names).Select(name => (name.Value, text));
        }));
    }

    private static SortedDictionary<string, string> Sort(IEnumerable<(string Name, string Text)> rows) =>
        new(rows.ToDictionary(row => row.Name, row => Blanks().Replace(row.Text, " ").Trim(), StringComparer.Ordinal), StringComparer.Ordinal);

    private static string Plain(string roff) => Escapes().Replace(roff.Replace("\\&", "", StringComparison.Ordinal), escape => escape.Value switch
    {
        "\\-" => "-",
        "\\(aq" => "'",
        "\\(dq" => "\"",
        "\\(ga" => "`",
        "\\(ha" => "^",
        "\\(ti" => "~",
        "\\e" => "\\",
        ['\\', '[', 'u', ..] => char.ConvertFromUtf32(Convert.ToInt32(escape.Value[3..^1], 16)),
        _ => "",
    });

    [GeneratedRegex(@"^  (?<names>\S.*?)(?:\s{2,}(?<text>\S.*)|\s*)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex HelpRow();

    [GeneratedRegex(@"(?<![\w<|-])--?[a-zA-Z][\w-]*", RegexOptions.None, 5000)]
    private static partial Regex Names();

    [GeneratedRegex(@"^complete -c postern -n '__postern_at (?<at>[^']*)' (?<names>(-[ls] \S+ ?)+).*-d '(?<text>([^'\\]|\\.)*)'$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FishRow();

    [GeneratedRegex(@"-(?<kind>[ls]) (?<name>\S+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FishName();

    [GeneratedRegex(@"(?<!\\)\]", RegexOptions.None, 5000)]
    private static partial Regex ZshEnd();

    [GeneratedRegex(@"\\(-|e|\(..|\[u[0-9A-F]+\]|f[BIR])", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\s+", RegexOptions.None, 5000)]
    private static partial Regex Blanks();
}
