using System.Text;

namespace Postern.Checks.Arc;

/// <summary>What a sealer says in its ARC-Authentication-Results of the message that it received (RFC 8617, 4.1.1; RFC 8601).</summary>
internal static class ArcResults
{
    /// <summary>
    /// True where DMARC passed for it; without a word on DMARC, where a domain of the author's owner passed SPF or DKIM, or where it
    /// tells of no test at all: the operator trusts it.
    /// </summary>
    /// <param name="field">The value of the field.</param>
    /// <param name="isAuthors">Whether a domain is of the author's owner.</param>
    public static bool Vouches(byte[] field, Func<string, bool> isAuthors)
    {
        var isSilent = true;
        foreach (var part in WithoutComments(Encoding.UTF8.GetString(field)).Split(';').Skip(2))
        {
            var (method, result, domains) = ReadMethod(part);
            if (method is "dmarc" && result is ("pass" or "fail" or "permerror"))
            {
                return result is "pass";
            }

            if (method is "spf" or "dkim")
            {
                if (result is "pass" && domains.Any(isAuthors))
                {
                    return true;
                }

                isSilent = false;
            }
        }

        return isSilent;
    }

    /// <summary>A method with its result (<c>dkim=pass</c>), and the domains that it is about.</summary>
    private static (string Method, string Result, string[] Domains) ReadMethod(string part)
    {
        // Blanks may stand around the equals sign (RFC 8601, 2.2).
        var words = string.Join('=', part.Split('=', StringSplitOptions.TrimEntries)).Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var first = words.Length == 0 ? [] : words[0].ToLowerInvariant().Split('=');
        string[] domains =
        [
            .. words.Skip(1).Select(w => w.Split('=', 2)).Where(p => p is [var name, _] && name.ToLowerInvariant() is ("header.d" or "header.i" or "smtp.mailfrom"))
                .Select(p => p[1].Trim('"')).Select(v => v[(v.LastIndexOf('@') + 1)..].TrimEnd('.')).Where(d => d.Length > 0),
        ];
        return first is [var method, var result] ? (method, result, domains) : ("", "", []);
    }

    private static string WithoutComments(string text)
    {
        var plain = new StringBuilder(text.Length);
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            depth += c == '(' ? 1 : 0;
            if (depth == 0)
            {
                plain.Append(c);
            }

            i += c == '\\' ? 1 : 0;
            depth -= c == ')' && depth > 0 ? 1 : 0;
        }

        return plain.ToString();
    }
}
