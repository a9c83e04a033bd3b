using System.Text;
using Postern.Facts;

namespace Postern.Classification.Behaviours;

/// <summary>
/// Which replies and warnings are the server's own trouble, so that they never count against a client (smtpd.c, smtpd_check.c,
/// smtpd_sasl_glue.c, postscreen_smtpd.c, milter8.c). Of a reply only Postfix's own words are looked at, never the address.
/// </summary>
internal static class TroubleReader
{
    // What lists answer, in the text that Postfix quotes, to a server that they do not serve. None says anything of the client.
    private static readonly string[] s_listErrors =
    [
        "open resolver", "public resolver", "public/open", "public dns", "127.255.255.", "spamhaus.org/returnc/", "query limit", "queries limit",
        "excessive number of queries", "too many queries", "query volume", "rate limit", "query refused", "queries refused", "not authorized",
        "not authorised", "access denied", "quota exceeded", "over quota", "typing error", "has been shut down", "is shut down",
        "was shut down", "no longer in service", "decommissioned", "list is dead", "blocked.  see", "admin notice: the query was blocked",
    ];

    private static readonly (string Words, TroubleKind Kind)[] s_warnings =
    [
        ("RBL lookup error", TroubleKind.Resolver), ("dnsblog", TroubleKind.Resolver), ("name resolution", TroubleKind.Resolver), ("Name service error", TroubleKind.Resolver),
        ("lookup error", TroubleKind.LookupFailure), ("lookup problem", TroubleKind.LookupFailure), ("lookup failure", TroubleKind.LookupFailure),
        ("restriction", TroubleKind.Configuration), ("configuration", TroubleKind.Configuration), ("private/smtpd", TroubleKind.PortsBusy),
        ("Milter", TroubleKind.Milter), ("milter", TroubleKind.Milter), ("content filter", TroubleKind.Milter), ("proxy ", TroubleKind.Milter),
        ("SASL", TroubleKind.LoginService), ("sasl", TroubleKind.LoginService), ("private/auth", TroubleKind.LoginService),
        ("policy", TroubleKind.PolicyServer), ("problem talking to server", TroubleKind.PolicyServer),
        ("TLS", TroubleKind.Tls), ("certificate", TroubleKind.Tls), ("private key", TroubleKind.Tls),
        ("No space left", TroubleKind.DiskFull), ("not enough free space", TroubleKind.DiskFull),
        ("mysql", TroubleKind.LookupFailure), ("pgsql", TroubleKind.LookupFailure), ("ldap", TroubleKind.LookupFailure), ("is unavailable", TroubleKind.LookupFailure),
        ("open database", TroubleKind.LookupFailure), ("access table", TroubleKind.LookupFailure),
    ];

    /// <summary>The trouble that a reply tells of; null where it is about the client.</summary>
    /// <param name="reply">Code and words, without any address.</param>
    public static TroubleKind? OfReply(in Reply reply)
    {
        var words = reply.Words;
        if (Has(words, "blocked using "))
        {
            return IsListError(words) ? TroubleKind.DnsList : null;
        }

        if (Has(words, "Server configuration "))
        {
            return TroubleKind.Configuration;
        }

        return reply.Code is >= 400 and < 500 ? OfTemporary(reply) : null;
    }

    /// <summary>The trouble that a warning tells of which names no client.</summary>
    public static TroubleKind OfWarning(ReadOnlySpan<byte> text)
    {
        // What is quoted may be a client's.
        var quote = text.IndexOfAny((byte)'"', (byte)'<');
        var own = quote < 0 ? text : text[..quote];
        foreach (var (words, kind) in s_warnings)
        {
            if (Has(own, words))
            {
                return kind;
            }
        }

        return TroubleKind.Other;
    }

    /// <summary>True where a failed login is the login service's fault (xsasl_dovecot_server.c; RFC 4954's 454), not the client's.</summary>
    public static bool IsLoginService(ReadOnlySpan<byte> text)
    {
        // The user's name behind the reason is the client's, and so is the mechanism before it, in which no blank can be.
        var start = text.IndexOf(" authentication failed: "u8);
        var reason = start < 0 ? text : text[(start + 24)..];
        var end = reason.IndexOf(", sasl_username="u8);
        return IsServiceReason(end < 0 ? reason : reason[..end]);
    }

    private static bool IsServiceReason(ReadOnlySpan<byte> text) =>
        Has(text, "Connection lost to authentication server") || Has(text, "emporary authentication failure")
        || Has(text, "no mechanism available") || Has(text, "generic failure");

    /// <summary>True where a DNS list's text or code is an error.</summary>
    public static bool IsListError(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[Math.Min(text.Length, 512)];
        Ascii.ToLower(text[..lower.Length], lower, out var length);
        foreach (var words in s_listErrors)
        {
            if (Has(lower[..length], words))
            {
                return true;
            }
        }

        return false;
    }

    private static TroubleKind? OfTemporary(in Reply reply)
    {
        var words = reply.Words;
        return Has(words, "emporary lookup failure") ? TroubleKind.LookupFailure
            : Has(words, "Service unavailable - try again later") ? TroubleKind.Milter
            : Has(words, "TLS not available") ? TroubleKind.Tls
            : Has(words, "nsufficient system storage") || reply.IsEnhanced("4.3.1"u8) ? TroubleKind.DiskFull
            : Has(words, "emporary authentication failure") ? TroubleKind.LoginService
            : Has(words, "ports busy") ? TroubleKind.PortsBusy
            : Has(words, "too many connections") || Has(words, "too much mail") || Has(words, "too many new TLS") || Has(words, "too many recipients from")
                || Has(words, "too many AUTH commands") ? TroubleKind.RateLimit
            : Has(words, "too many errors") || Has(words, "timeout exceeded") ? null
            : reply.Code == 421 || reply.IsEnhanced("4.3."u8) ? TroubleKind.Other
            : null;
    }

    private static bool Has(ReadOnlySpan<byte> text, string words)
    {
        Span<byte> sought = stackalloc byte[words.Length];
        Ascii.FromUtf16(words, sought, out _);
        return text.IndexOf(sought) >= 0;
    }
}
