using System.Text;

namespace Postern.Fail2Ban.Expressions;

/// <summary>
/// Replaces fail2ban's tags (<c>&lt;HOST&gt;</c>, <c>&lt;F-USER&gt;…&lt;/F-USER&gt;</c>, <c>&lt;SKIPLINES&gt;</c>, …) by what they
/// stand for in an expression. Tags that it does not know stay as they are.
/// </summary>
internal static class TagExpansion
{
    private const string Ip4 = @"(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})";
    private const string Ip6 = @"(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))";
    private const string Dns = @"(?P<dns>[\w\-.^_]*\w)";
    private const string Cidr = @"(?P<cidr>\d+)";
    private const string Address = @"\[?(?:" + Ip4 + "|" + Ip6 + @")\]?";

    /// <summary>What <c>&lt;HOST&gt;</c> stands for, host names included.</summary>
    public const string Host = "(?:" + Address + "|" + Dns + ")";

    /// <summary>Expands the tags; <paramref name="withNames"/> tells whether <c>&lt;HOST&gt;</c> takes host names (usedns other than <c>no</c>).</summary>
    public static string Expand(string text, bool withNames)
    {
        var result = new StringBuilder(text.Length * 2);
        var opened = new HashSet<string>(StringComparer.Ordinal);
        var skips = 0;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '<' && TagEnd(text, at) is var end && end > 0)
            {
                result.Append(Replace(text[at..end], text[(at + 1)..(end - 1)], withNames, opened, ref skips));
                at = end;
                continue;
            }

            result.Append(text[at++]);
        }

        return LocalFlags(result.ToString());
    }

    // </?[\w-]+/?>
    private static int TagEnd(string text, int start)
    {
        var at = start + 1;
        if (at < text.Length && text[at] == '/')
        {
            at++;
        }

        var name = at;
        while (at < text.Length && (text[at] == '-' || PythonCharacters.IsWord(text[at])))
        {
            at++;
        }

        if (at == name)
        {
            return 0;
        }

        if (at < text.Length && text[at] == '/')
        {
            at++;
        }

        return at < text.Length && text[at] == '>' ? at + 1 : 0;
    }

    private static string Replace(string tag, string name, bool withNames, HashSet<string> opened, ref int skips)
    {
        switch (name)
        {
            case "HOST":
                return withNames ? Host : Address;
            case "SKIPLINES":
                return $@"\n(?P<skiplines{skips++}>(?:(?:.*\n)*?))";
            case "IP4" or "F-IP4/":
                return Ip4;
            case "IP6" or "F-IP6/":
                return Ip6;
            case "ADDR" or "F-ADDR/":
                return Address;
            case "CIDR" or "F-CIDR/":
                return Cidr;
            case "SUBNET" or "F-SUBNET/":
                return @"\[?(?:" + Ip4 + "|" + Ip6 + ")(?:/" + Cidr + @")?\]?";
            case "DNS" or "F-DNS/":
                return Dns;
            case "F-ID/":
                return @"(?P<fid>\S+)";
            case "F-PORT/":
                return @"(?P<fport>\w+)";
        }

        var isEnd = name.StartsWith('/');
        var own = isEnd ? name[1..] : name;
        if (!own.StartsWith("F-", StringComparison.Ordinal) || own.Length == 2
            || !own.AsSpan(2).ToString().All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
        {
            return tag;
        }

        own = own[2..];
        if (isEnd)
        {
            return opened.Contains(own) ? ")" : tag;
        }

        opened.Add(own);
        return $"(?P<{GroupName(own)}>";
    }

    /// <summary>The group of a tag's name: lower case, and <c>fid</c> and <c>fport</c> for <c>ID</c> and <c>PORT</c>.</summary>
    public static string GroupName(string tag) => tag.ToLowerInvariant() switch
    {
        "id" => "fid",
        "port" => "fport",
        var other => other,
    };

    // ((?i)…) and (?:(?i)…) become (?i:…): a flag in mid-expression would concern all of it.
    private static string LocalFlags(string text)
    {
        if (!text.Contains("((?", StringComparison.Ordinal) && !text.Contains("(?:(?", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '(' && (at == 0 || text[at - 1] != '\\'))
            {
                var inner = text.AsSpan(at + 1).StartsWith("?:", StringComparison.Ordinal) ? at + 3 : at + 1;
                var end = FlagsEnd(text, inner);
                if (end > 0)
                {
                    result.Append(text, inner, end - inner).Append(':');
                    at = end + 1;
                    continue;
                }
            }

            result.Append(text[at++]);
        }

        return result.ToString();
    }

    // Where "(?letters" ends before its parenthesis; 0 for anything else.
    private static int FlagsEnd(string text, int start)
    {
        if (!text.AsSpan(Math.Min(start, text.Length)).StartsWith("(?", StringComparison.Ordinal))
        {
            return 0;
        }

        var at = start + 2;
        while (at < text.Length && char.IsAsciiLetterLower(text[at]))
        {
            at++;
        }

        return at > start + 2 && at < text.Length && text[at] == ')' ? at : 0;
    }
}
