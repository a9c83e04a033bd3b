namespace Postern.Cli.Postfix.Doctor;

/// <summary>A table as a parameter of Postfix names it: <c>hash:/etc/aliases</c>, <c>inline:{ a=b }</c>, <c>unionmap:{ … }</c> (DATABASE_README).</summary>
/// <param name="Text">The whole name, without <c>proxy:</c>.</param>
/// <param name="Type">What stands before the first colon.</param>
/// <param name="Name">What stands behind it: a file, or what is within braces.</param>
internal sealed record PostfixMap(string Text, string Type, string Name)
{
    /// <summary>True where Postfix can list its rows.</summary>
    public bool CanBeListed => Type is "hash" or "btree" or "lmdb" or "cdb" or "dbm" or "sdbm" or "texthash" or "inline";

    /// <summary>True where it is built out of a text by postmap or postalias.</summary>
    public bool IsIndexed => Type is "hash" or "btree" or "lmdb" or "cdb" or "dbm" or "sdbm";

    /// <summary>True for tables of patterns.</summary>
    public bool HasPatterns => Type is "regexp" or "pcre";

    /// <summary>The tables that a parameter names, those within <c>unionmap:{ … }</c> one by one.</summary>
    public static IEnumerable<PostfixMap> Of(string value)
    {
        foreach (var word in Split(value))
        {
            var text = word.StartsWith("proxy:", StringComparison.Ordinal) ? word[6..] : word;
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var map = new PostfixMap(text, text[..colon], text[(colon + 1)..].Trim());
            if (map.Type is not "unionmap")
            {
                yield return map;
            }
            else
            {
                foreach (var member in Of(Inside(map.Name)))
                {
                    yield return member;
                }
            }
        }
    }

    /// <summary>Splits a list at blanks and commas, but not within braces.</summary>
    public static IEnumerable<string> Split(string value)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= value.Length; i++)
        {
            var c = i < value.Length ? value[i] : ',';
            depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            if (i < value.Length && (depth > 0 || c is not (' ' or '\t' or '\n' or ',')))
            {
                continue;
            }

            if (i > start)
            {
                yield return value[start..i];
            }

            start = i + 1;
        }
    }

    /// <summary>What stands within braces.</summary>
    public static string Inside(string text) => text.Trim() is ['{', .., '}'] braced ? braced[1..^1].Trim() : text.Trim();
}
