using System.Text;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Postern.Cli.Configuration;

/// <summary>Adds settings to the text of a configuration, in whatever form its tables are written. What is there stays as it is, comments too.</summary>
internal static class TomlEditor
{
    /// <summary>Adds a key to a table, unless the table has it.</summary>
    /// <param name="text">The file; valid TOML.</param>
    /// <param name="table">The table; empty for the keys above all tables.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value, as TOML.</param>
    public static string Add(string text, string table, string key, string value)
    {
        var document = SyntaxParser.Parse(text, "", validate: false);
        var roots = document.KeyValues.ToList();
        if (table.Length == 0)
        {
            return roots.Exists(item => Is(item.Key, key)) ? text : AddAbove(text, document, $"{key} = {value}");
        }

        if (roots.Find(item => Is(item.Key, table)) is { Value: InlineTableSyntax inline })
        {
            return inline.Items.Any(item => Is(item.KeyValue?.Key, key)) ? text : AddWithin(text, inline, inline.Items.ChildrenCount > 0, $"{key} = {value}");
        }

        if (roots.FindLast(item => Starts(item.Key, table)) is { } dotted)
        {
            return roots.Exists(item => Is(item.Key, table, key)) || document.Tables.Any(one => Is(one.Name, table, key))
                ? text
                : InsertLine(text, EndOfLine(text, dotted), $"{table}.{key} = {value}");
        }

        if (document.Tables.OfType<TableSyntax>().FirstOrDefault(one => Is(one.Name, table)) is { } found)
        {
            if (found.Items.OfType<KeyValueSyntax>().Any(item => Starts(item.Key, key)) || document.Tables.Any(one => Is(one.Name, table, key)))
            {
                return text;
            }

            SyntaxNode last = found.Items.OfType<KeyValueSyntax>().LastOrDefault() is { } item ? item : (SyntaxNode?)found.CloseBracket ?? found;
            return InsertLine(text, EndOfLine(text, last), $"{key} = {value}");
        }

        return AppendTable(text, $"[{table}]", $"{key} = {value}");
    }

    /// <summary>Adds an item to a list of tables.</summary>
    /// <param name="text">The file; valid TOML.</param>
    /// <param name="list">The list.</param>
    /// <param name="setting">The item's one line, such as <c>path = "…"</c>.</param>
    public static string AddItem(string text, string list, string setting)
    {
        var document = SyntaxParser.Parse(text, "", validate: false);
        if (document.KeyValues.FirstOrDefault(item => Is(item.Key, list)) is not { Value: ArraySyntax array })
        {
            return AppendTable(text, $"[[{list}]]", setting);
        }

        var hasComma = array.Items.LastOrDefault()?.Comma is not null;
        return AddWithin(text, array, array.Items.ChildrenCount > 0 && !hasComma, $"{{ {setting} }}");
    }

    /// <summary>A text as TOML.</summary>
    public static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                < ' ' or '\u007f' => text.Append("\\u").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    // Keys above all tables stand before the first header, and before the comment that belongs to it.
    private static string AddAbove(string text, DocumentSyntax document, string line)
    {
        if (document.KeyValues.LastOrDefault() is { } last)
        {
            return InsertLine(text, EndOfLine(text, last), line);
        }

        var lines = text.Split('\n');
        var first = document.Tables.FirstOrDefault() is { } table ? table.Span.Start.Line : lines.Length;
        var place = document.Tables.Any() ? first : Array.FindIndex(lines, one => !one.StartsWith('#'));
        while (document.Tables.Any() && place > 0 && lines[place - 1].StartsWith('#'))
        {
            place--;
        }

        if (place < 0 || place >= lines.Length)
        {
            return (text.Length == 0 || text.EndsWith('\n') ? text : text + NewLine(text)) + line + NewLine(text);
        }

        var at = lines.Take(place).Sum(static one => one.Length + 1);
        var isTop = at == 0;
        return document.Tables.Any()
            ? text.Insert(at, line + NewLine(text) + NewLine(text))
            : text.Insert(at, (isTop ? "" : NewLine(text)) + line + NewLine(text));
    }

    private static string AddWithin(string text, SyntaxNode node, bool needsComma, string item)
    {
        var close = node.Span.End.Offset;
        var end = close;
        while (char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }
        // A comment before the bracket would swallow what is put behind it: then it goes onto a line of its own.
        var lineStart = text.LastIndexOf('\n', end - 1) + 1;
        return text[lineStart..end].Contains('#', StringComparison.Ordinal) && end < close
            ? text.Insert(close, (needsComma ? ", " : "") + item + NewLine(text))
            : text.Insert(end, (needsComma ? ", " : " ") + item + (end == close ? " " : ""));
    }

    private static string AppendTable(string text, string header, string line)
    {
        var end = NewLine(text);
        var ended = text.Length == 0 || text.EndsWith('\n') ? text : text + end;
        return $"{ended}{(text.Length == 0 ? "" : end)}{header}{end}{line}{end}";
    }

    private static string InsertLine(string text, int at, string line) =>
        at >= text.Length ? text + (text.EndsWith('\n') ? "" : NewLine(text)) + line + NewLine(text) : text.Insert(at, line + NewLine(text));

    // The offset behind the line feed of the line on which a node ends.
    private static int EndOfLine(string text, SyntaxNode node)
    {
        var at = Math.Min(node.Span.End.Offset, text.Length - 1);
        // The span of a key with its value reaches to the end of its line, line feed included.
        if (text[at] == '\n')
        {
            return at + 1;
        }

        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end + 1;
    }

    private static string NewLine(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private static bool Is(KeySyntax? key, params ReadOnlySpan<string> path) => key is not null && Path(key).AsSpan().SequenceEqual(path);

    private static bool Starts(KeySyntax? key, string name) => key is not null && string.Equals(Path(key)[0], name, StringComparison.Ordinal);

    private static string[] Path(KeySyntax key) => TomlTree.Path(key);
}
