using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Postern.Cli.Configuration;

/// <summary>Reads TOML into values that know their lines. Uses the parser's syntax alone: no mapping to types at run time.</summary>
internal static class TomlTree
{
    private const int MostFaults = 3;
    private const int LongestFault = 160;
    private const int DeepestNesting = 64;

    /// <summary>The root table; null where the text is no TOML, every fault of which is then among the mistakes.</summary>
    public static ConfigTable? Parse(string text, string file, ConfigMistakes mistakes)
    {
        if (TooDeepAt(text) is { } deep)
        {
            mistakes.Add(deep, "", "tables or arrays stand in each other deeper than anybody writes them", "this is no configuration");
            return null;
        }

        var document = SyntaxParser.Parse(text, file, validate: true);
        if (document.HasErrors)
        {
            // One quote that is missing makes a fault of every line behind it.
            var faults = document.Diagnostics.ToList();
            foreach (var fault in faults.Take(MostFaults))
            {
                mistakes.Add(fault.Span.Start.Line + 1, "", Short(fault.Message), "this is no valid TOML (https://toml.io)");
            }

            if (faults.Count > MostFaults)
            {
                mistakes.Add(faults[MostFaults].Span.Start.Line + 1, "", $"{faults.Count - MostFaults} more faults from here on", "fix the first ones and look again");
            }

            return null;
        }

        var root = new ConfigTable(1);
        Fill(root, document.KeyValues, mistakes);
        foreach (var table in document.Tables)
        {
            if (table.Name is not { } name)
            {
                continue;
            }

            var line = LineOf(table);
            var path = Path(name);
            if (Descend(root, path.AsSpan(0, path.Length - 1), line) is not { } parent)
            {
                mistakes.Add(line, string.Join('.', path), "is a table here and a value elsewhere");
                continue;
            }

            var own = table is TableArraySyntax ? Append(parent, path[^1], line) : Descend(parent, path.AsSpan(path.Length - 1), line);
            if (own is null)
            {
                mistakes.Add(line, string.Join('.', path), "is a table here and a value elsewhere");
            }
            else
            {
                Fill(own, table.Items, mistakes);
            }
        }

        return root;
    }

    private static void Fill(ConfigTable table, IEnumerable<SyntaxNode> items, ConfigMistakes mistakes)
    {
        foreach (var node in items)
        {
            if (node is not KeyValueSyntax { Key: { } key } item)
            {
                continue;
            }

            var line = LineOf(item);
            var path = Path(key);
            var parent = Descend(table, path.AsSpan(0, path.Length - 1), line);
            if (parent is null || !parent.Entries.TryAdd(path[^1], Value(item.Value, line, mistakes)))
            {
                mistakes.Add(line, string.Join('.', path), "stands twice", "leave one of them");
            }
        }
    }

    private static ConfigValue Value(SyntaxNode? node, int line, ConfigMistakes mistakes)
    {
        switch (node)
        {
            case StringValueSyntax text:
                return new ConfigText(text.Value ?? "", line);
            case IntegerValueSyntax whole:
                return new ConfigNumber(whole.Value, true, line);
            case FloatValueSyntax number:
                return new ConfigNumber(number.Value, false, line);
            case BooleanValueSyntax flag:
                return new ConfigFlag(flag.Value, line);
            case ArraySyntax array:
                return new ConfigList([.. array.Items.Where(static item => item.Value is not null).Select(item => Value(item.Value, LineOf(item), mistakes))], line);
            case InlineTableSyntax inline:
                var table = new ConfigTable(line);
                Fill(table, inline.Items.Select(static item => item.KeyValue!), mistakes);
                return table;
            default:
                return new ConfigMoment(line);
        }
    }

    // Through a list of tables the way leads to the last of them, as TOML has it.
    private static ConfigTable? Descend(ConfigTable table, ReadOnlySpan<string> path, int line)
    {
        foreach (var name in path)
        {
            if (!table.Entries.TryGetValue(name, out var value))
            {
                table.Entries.Add(name, value = new ConfigTable(line));
            }

            if ((value is ConfigList { Items: [.., var last] } ? last : value) is not ConfigTable next)
            {
                return null;
            }

            table = next;
        }

        return table;
    }

    private static ConfigTable? Append(ConfigTable parent, string name, int line)
    {
        if (!parent.Entries.TryGetValue(name, out var value))
        {
            parent.Entries.Add(name, value = new ConfigList([], line));
        }

        if (value is not ConfigList list)
        {
            return null;
        }

        var table = new ConfigTable(line);
        list.Items.Add(table);
        return table;
    }

    /// <summary>The names of a key, from the root on.</summary>
    internal static string[] Path(KeySyntax key) =>
        [Name(key.Key), .. key.DotKeys.Select(static part => Name(part.Key))];

    private static string Name(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };

    // Some faults of the parser's quote the rest of the file.
    private static string Short(string message)
    {
        var line = message.AsSpan().TrimEnd('.');
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length <= LongestFault ? line.ToString() : string.Concat(line[..LongestFault], "...");
    }

    // The parser goes down by calls, and a stack that overflows ends the program. Brackets within texts and comments count nothing.
    private static int? TooDeepAt(string text)
    {
        var (depth, line, quote) = (0, 1, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                line++;
                quote = '\0';
            }
            else if (quote != '\0')
            {
                if (c == '\\' && quote == '"')
                {
                    i++;
                }
                else if (c == quote)
                {
                    quote = '\0';
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '#')
            {
                var end = text.IndexOf('\n', i);
                i = (end < 0 ? text.Length : end) - 1;
            }
            else if (c is '[' or '{' && ++depth > DeepestNesting)
            {
                return line;
            }
            else if (c is ']' or '}')
            {
                depth = Math.Max(0, depth - 1);
            }
        }

        return null;
    }

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;
}
