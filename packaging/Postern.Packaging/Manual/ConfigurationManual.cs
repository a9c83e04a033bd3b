using System.Text.RegularExpressions;
using Postern.Cli.Configuration;

namespace Postern.Packaging.Manual;

/// <summary>The page <c>postern.toml(5)</c>, made of docs/configuration.md: its headings, paragraphs, examples and tables of keys.</summary>
internal static partial class ConfigurationManual
{
    /// <summary>The section of the manual: files.</summary>
    public const int Section = 5;

    /// <summary>The name of the page.</summary>
    public const string Name = "postern.toml";

    /// <summary>Writes the page.</summary>
    /// <param name="document">The text of docs/configuration.md.</param>
    /// <param name="edition">The foot of the page.</param>
    public static string Write(string document, Edition edition)
    {
        var page = new RoffPage(Name, Section, edition);
        page.Section("NAME");
        page.Text($"{Name} \\- the configuration of Postern");
        page.Section("SYNOPSIS");
        page.Text(RoffPage.Italic(PosternOptions.DefaultFile));
        page.Section("DESCRIPTION");
        WriteBlocks(page, document.ReplaceLineEndings("\n").Split('\n'));
        page.Section("SEE ALSO");
        page.Text($"{RoffPage.Bold("postern")}({CommandManual.Section}), {RoffPage.Bold("postern-run")}({CommandManual.Section})");
        page.Paragraph($"The pages that this one names are in {RoffPage.Italic(CommandManual.Documents)}.");
        return page.ToString();
    }

    private static void WriteBlocks(RoffPage page, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal))
            {
                continue;
            }

            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                page.Subsection(Inline.ToPlain(line[4..]));
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                page.Section(Inline.ToHeading(line[3..]));
            }
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                var code = lines[(i + 1)..].TakeWhile(next => !next.StartsWith("```", StringComparison.Ordinal)).ToList();
                page.Code(code);
                i += code.Count + 1;
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                var code = lines[i..].TakeWhile(next => next.StartsWith("    ", StringComparison.Ordinal)).ToList();
                page.Code(code.Select(text => text[4..]));
                i += code.Count - 1;
            }
            else if (line[0] == '|')
            {
                var rows = lines[i..].TakeWhile(next => next.StartsWith('|')).ToList();
                WriteTable(page, rows);
                i += rows.Count - 1;
            }
            else
            {
                var isItem = line.StartsWith("- ", StringComparison.Ordinal);
                var rest = lines[(i + 1)..].TakeWhile(next => IsProse(next) && (!isItem || next.StartsWith("  ", StringComparison.Ordinal))).ToList();
                var text = Inline.ToRoff(string.Join(' ', rest.Select(next => next.Trim()).Prepend(isItem ? line[2..] : line)));
                if (isItem)
                {
                    page.Tagged("\\(bu", text);
                }
                else
                {
                    page.Paragraph(text);
                }

                i += rest.Count;
            }
        }
    }

    private static bool IsProse(string line) => line.Length > 0 && line[0] is not ('|' or '#' or '`' or '-') && !line.StartsWith("    ", StringComparison.Ordinal);

    // Key, default, what it does: a term with its explanation. The first two rows are the heading and the rule below it.
    private static void WriteTable(RoffPage page, List<string> rows)
    {
        foreach (var row in rows.Skip(2))
        {
            var cells = Bars().Split(row.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToList();
            var fallback = cells.Count > 2 && cells[1].Length > 0 ? $" (default: {Inline.ToRoff(cells[1])})" : "";
            page.Tagged(Inline.ToRoff(cells[0]), Inline.ToRoff(cells[^1]) + fallback);
        }
    }

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, 5000)]
    private static partial Regex Bars();
}
