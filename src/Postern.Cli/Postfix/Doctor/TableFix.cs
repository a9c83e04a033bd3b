using System.Globalization;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>The command that takes a row out of a table, or the table out of its parameter.</summary>
internal static class TableFix
{
    /// <summary>The command.</summary>
    /// <param name="postfix">How Postfix is set.</param>
    /// <param name="table">The table.</param>
    /// <param name="row">The row.</param>
    public static string Of(PostfixSetup postfix, PostfixTable table, PostfixRow row)
    {
        var map = table.Map;
        if (row.From > 0)
        {
            return Lines(map.Name, row.From, row.To);
        }

        if (map.Type is "inline")
        {
            return Set(postfix, table, Without(map, row.Key));
        }

        if (!map.CanBeListed || !table.Rows.Contains(row))
        {
            return Set(postfix, table, "");
        }

        if (map.IsIndexed && !File.Exists(map.Name))
        {
            return $"postmap -d {Quoted(row.Key)} {map.Text}";
        }

        return Strike(map.Name, row.Key) + (map.IsIndexed ? $" && {(table.Parameter is "alias_maps" ? "postalias" : "postmap")} {map.Text}" : "");
    }

    /// <summary>Turns lines of a file into comments.</summary>
    public static string Lines(string file, int from, int to) =>
        string.Create(CultureInfo.InvariantCulture, $"sed -i '{from}{(to > from ? string.Create(CultureInfo.InvariantCulture, $",{to}") : "")}s/^/#/' {Shell(file)}");

    /// <summary>A word for the shell.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // The lines that go on must become comments, too, or they would belong to the row before. The key may hold what sed takes
    // for its own, and may stand in quotes and in other letters than the table has.
    private static string Strike(string file, string key) =>
        $"sed -i '/^\"\\?{string.Concat(key.Select(Literal))}\"\\?[: \\t]/I{{s/^/#/;:a;n;/^[ \\t]/{{s/^/#/;ba}}}}' {Shell(file)}";

    private static string Literal(char c) => c switch
    {
        '@' or '-' or '_' or ' ' => c.ToString(),
        '/' or '^' or '\\' => "\\" + c,
        '\'' => ".",
        _ => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"[{c}]",
    };

    /// <summary>A file's name for the shell, quoted where it must be.</summary>
    public static string Shell(string file) => file.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+') ? file : Quoted(file);

    private static string Without(PostfixMap map, string key)
    {
        var left = PostfixMap.Split(PostfixMap.Inside(map.Name)).Where(entry => !string.Equals(KeyOf(entry), key, StringComparison.OrdinalIgnoreCase)).ToArray();
        return left.Length == 0 ? "" : $"inline:{{ {string.Join(", ", left)} }}";
    }

    private static string KeyOf(string entry)
    {
        var inside = PostfixMap.Inside(entry);
        return inside[..Math.Max(0, inside.IndexOf('=', StringComparison.Ordinal))].Trim();
    }

    // The table's name is replaced where it stands, be it within a unionmap.
    private static string Set(PostfixSetup postfix, PostfixTable table, string replacement)
    {
        var value = postfix.Main(table.Parameter);
        foreach (var name in (string[])["proxy:" + table.Map.Text, table.Map.Text])
        {
            value = value.Replace(name, replacement, StringComparison.Ordinal);
        }

        return $"postconf -e {Quoted($"{table.Parameter} = {Tidy(value)}")}";
    }

    private static string Tidy(string value) => string.Join(", ", PostfixMap.Split(value).Select(word =>
        !word.StartsWith("unionmap:", StringComparison.Ordinal) ? word
        : PostfixMap.Split(PostfixMap.Inside(word["unionmap:".Length..])).ToArray() is { Length: > 0 } members ? $"unionmap:{{{string.Join(", ", members)}}}" : "").Where(word => word.Length > 0));
}
