using System.Globalization;
using System.Text;
using MimeKit.Utils;

namespace Postern.Gate.Milter;

/// <summary>
/// Tells whether an Authentication-Results header claims to be of this server (RFC 8601, 2.2 and 5): by the name that it begins
/// with, however it is dressed in comments, quotes, folds and letters. What nobody can read is taken for ours where our name
/// stands in it: a lenient reader behind us might find it.
/// </summary>
/// <param name="authservId">This server's authserv-id.</param>
internal sealed class ResultsOwner(string authservId)
{
    private readonly string _id = Plain(authservId);

    /// <summary>True where the header's value claims to be ours.</summary>
    public bool Claims(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value);
        return Name(text) is { Length: > 0 } name
            ? string.Equals(Plain(name), _id, StringComparison.Ordinal)
            : text.Contains(authservId, StringComparison.OrdinalIgnoreCase) || Rfc2047.DecodeText(value.ToArray()).Contains(authservId, StringComparison.OrdinalIgnoreCase);
    }

    // Null where it cannot be read.
    private static string? Name(string text)
    {
        var at = 0;
        if (!SkipComments(text, ref at) || at >= text.Length)
        {
            return null;
        }

        if (text[at] != '"')
        {
            var end = at;
            while (end < text.Length && text[end] > ' ' && text[end] != '\x7f' && !"()<>@,;:\\\"/[]?=".Contains(text[end], StringComparison.Ordinal))
            {
                end++;
            }

            return text[at..end];
        }

        var name = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }
            // Folds within a quoted text are no part of it.
            if (text[at] is not ('\r' or '\n'))
            {
                name.Append(text[at]);
            }
        }

        return at < text.Length ? name.ToString().Trim() : null;
    }

    private static bool SkipComments(string text, ref int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (depth > 0 && c == '\\')
            {
                at++;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (c == ')' && depth > 0)
            {
                depth--;
            }
            else if (depth == 0 && c is not (' ' or '\t' or '\r' or '\n'))
            {
                return true;
            }
        }

        return depth == 0;
    }

    private static string Plain(string name)
    {
        name = name.TrimEnd('.');
        if (!Ascii.IsValid(name))
        {
            try
            {
                name = new IdnMapping().GetAscii(name);
            }
            catch (ArgumentException)
            {
                // No name of a host, and so not ours.
            }
        }

        return name.ToLowerInvariant();
    }
}
