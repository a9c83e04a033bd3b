using System.Buffers;
using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Capture.Owners;

/// <summary>
/// The client of a message of smtpd(8) or of the daemons before it, where Postfix itself put it: in the first brackets, with
/// nothing before them that a client could have written (smtpd.c, smtpd_check.c, postscreen.c, tlsproxy.c, anvil.c).
/// </summary>
internal static class PostfixOwner
{
    private const int LongestWords = 64;

    // No word of Postfix's before a client has one of these.
    private static readonly SearchValues<byte> s_ofClients = SearchValues.Create("\"\\=@{}'"u8);

    // What may stand before the client in a warning: other warnings quote what clients and their DNS say.
    private static ReadOnlySpan<byte> LimitExceeded => " limit exceeded: "u8;

    /// <summary>The client of a message of smtpd's, without the queue id.</summary>
    public static LineOwner OfSmtpd(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("warning: "u8))
        {
            return OfWarning(text[9..]);
        }

        if (text.StartsWith("client="u8))
        {
            return Field(text[7..]);
        }
        // A reply that is passed on may hold anything.
        return text.StartsWith("proxy-reject: "u8) ? LineOwner.Nobody : FirstField(text);
    }

    /// <summary>The client of a message of postscreen's, tlsproxy's, anvil's or dnsblog's.</summary>
    public static LineOwner OfScreening(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("warning: "u8))
        {
            return LineOwner.Nobody;
        }

        if (text.StartsWith("addr "u8))
        {
            return Word(text[5..], " "u8);
        }

        if (text.StartsWith("statistics: max "u8))
        {
            var open = text.IndexOf((byte)'(');
            var service = open < 0 ? -1 : text[open..].IndexOf((byte)':');
            return service < 0 ? LineOwner.Nobody : Word(text[(open + service + 1)..], ")"u8);
        }

        return FirstField(text);
    }

    private static LineOwner OfWarning(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("hostname "u8) && text.IndexOf(" does not resolve to address "u8) is > 0 and var resolves && text[9..resolves].IndexOf((byte)' ') < 0)
        {
            return Word(text[(resolves + 29)..], ": "u8);
        }

        if (text.StartsWith("non-SMTP command from "u8))
        {
            return Field(text[22..]);
        }

        if (text.StartsWith("Illegal address syntax from "u8))
        {
            return Field(text[28..]);
        }

        if (text.StartsWith("improper command pipelining after "u8) || text.StartsWith("bare <LF> received after "u8))
        {
            return FirstField(text);
        }

        var limit = text[..Math.Min(text.Length, LongestWords)].IndexOf(LimitExceeded);
        if (limit > 0 && text[..limit].IndexOfAny("[:<\""u8) < 0)
        {
            return FirstField(text[(limit + LimitExceeded.Length)..]);
        }

        var own = Field(text);
        return own.Kind == LineOwnerKind.Certain ? own : Word(text, ": "u8);
    }

    // The client in the first brackets; what stands before is a stage or an action, which never has quotes or addresses.
    private static LineOwner FirstField(ReadOnlySpan<byte> text)
    {
        var open = text.IndexOf((byte)'[');
        if (open < 0)
        {
            return LineOwner.Nobody;
        }

        var start = text[..open].LastIndexOf((byte)' ') + 1;
        var before = text[..start];
        if (before.Length > 2 * LongestWords || before.ContainsAny(s_ofClients) || (before.Contains((byte)'<') && before.IndexOf("bare <LF> "u8) < 0))
        {
            return LineOwner.Nobody;
        }

        return Field(text[start..]);
    }

    private static LineOwner Field(ReadOnlySpan<byte> text) =>
        ClientField.Read(text, out var client, out _, out _) > 0 ? LineOwner.Of(client) : LineOwner.Nobody;

    private static LineOwner Word(ReadOnlySpan<byte> text, ReadOnlySpan<byte> end)
    {
        var at = text.IndexOf(end);
        return ClientAddress.TryParse(at < 0 ? text : text[..at], out var client) ? LineOwner.Of(client) : LineOwner.Nobody;
    }
}
