using System.Buffers;
using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>What tools write before a whole line of a log: container engines, <c>kubectl</c>, <c>grep</c>, mail programs that quote.</summary>
internal static class OuterLayers
{
    private const int LongestName = 160;
    private const int MostWords = 3;
    private const int LongestNumber = 8;
    private static readonly SearchValues<byte> s_labelBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>
    /// Skips blanks, a byte order mark, the number of a line (<c>cat -n</c>) or of its bytes (RFC 6587 3.4.1), and marks of quoting: a
    /// mail program's, the bar of <c>fail2ban-regex</c>.
    /// </summary>
    public static int SkipMargin(ReadOnlySpan<byte> line, int at)
    {
        while (at < line.Length)
        {
            if (line[at] is (byte)' ' or (byte)'\t' or (byte)'>' or (byte)'|')
            {
                at++;
            }
            else if (line[at..].StartsWith("\uFEFF"u8))
            {
                at += 3;
            }
            else if (NumberLength(line[at..]) is > 0 and var length)
            {
                at += length;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    // "12<TAB>" and "87 <": nothing of a stamp goes on like this.
    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var digits = text[..Math.Min(text.Length, LongestNumber)].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && (text[digits] == '\t' || text[digits..].StartsWith(" <"u8)) ? digits + 1 : 0;
    }

    /// <summary>Skips one layer at an offset: <c>service  | </c>, <c>[pod/name/container] </c>, <c>FILE:</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Where the layer may start.</param>
    /// <param name="name">Who wrote the line, as the layer names it; empty where it does not.</param>
    /// <returns>Where the line inside starts; 0 where there is no such layer.</returns>
    public static int Skip(ReadOnlySpan<byte> line, int at, out ReadOnlySpan<byte> name)
    {
        var text = line[at..];
        name = default;
        if (text.StartsWith("[pod/"u8))
        {
            var end = text[..Math.Min(text.Length, LongestName * 2)].IndexOf("] "u8);
            name = end < 0 ? default : text[1..end];
            return end < 0 ? 0 : at + end + 2;
        }

        var bar = text[..Math.Min(text.Length, LongestName)].IndexOf((byte)'|');
        if (bar > 1 && text[bar - 1] is (byte)' ' or (byte)'\t' && IsName(text[..bar], out name))
        {
            return Math.Min(at + bar + 2, line.Length);
        }

        var behind = SkipFileName(line, at);
        return behind > 0 ? behind : SkipWords(line, at, out name);
    }

    // "mail-0 postfix " of stern and its like: a pod and a container before a line that has a stamp or begins with Postfix's own name.
    private static int SkipWords(ReadOnlySpan<byte> line, int at, out ReadOnlySpan<byte> name)
    {
        name = default;
        var start = at;
        for (var words = 0; words < 2; words++)
        {
            var token = line.Slice(at, LooseStampReader.TokenLength(line[at..]));
            if (!IsKubernetesName(token))
            {
                return 0;
            }

            at = LooseStampReader.SkipBlanks(line, at + token.Length);
            name = words == 0 ? token : name;
        }

        return at > start && at < line.Length && (line[at..].StartsWith("postfix/"u8) || LooseStampReader.Read(line, at, out _) > 0) ? at : 0;
    }

    // A label of DNS (RFC 1123): lower case letters, digits and hyphens, a letter first.
    private static bool IsKubernetesName(ReadOnlySpan<byte> token) =>
        token is [>= (byte)'a' and <= (byte)'z', ..] && token.Length <= 63 && token[^1] != '-' && token.IndexOfAnyExcept(s_labelBytes) < 0;

    // "mail  |", "postfix stdout |".
    private static bool IsName(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name)
    {
        text = text.TrimEnd(" \t"u8);
        name = text[..LooseStampReader.TokenLength(text)];
        var words = 0;
        foreach (var b in text)
        {
            words += b is (byte)' ' or (byte)'\t' ? 1 : 0;
            if (b is (byte)':' or (byte)'=' or (byte)'<' or (byte)'>')
            {
                return false;
            }
        }

        return words < MostWords && !name.IsEmpty;
    }

    // "/var/log/mail.log:", "mail.log-", "mail.log:12:", "12:" as grep writes before a line.
    private static int SkipFileName(ReadOnlySpan<byte> line, int at)
    {
        var token = line.Slice(at, LooseStampReader.TokenLength(line[at..]));
        for (var from = 0; token[from..].IndexOfAny((byte)':', (byte)'-') is var mark and >= 0;)
        {
            from += mark + 1;
            if (LooseStampReader.Read(line, at + from, out _) > 0)
            {
                return at + from;
            }
        }

        return 0;
    }
}
