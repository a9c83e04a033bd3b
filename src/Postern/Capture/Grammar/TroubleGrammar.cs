using System.Buffers;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// What a daemon says of something that the server needs and does not have: <c>fatal: </c>, <c>panic: </c> and <c>error: </c>, and
/// the warnings of smtpd, postscreen, cleanup, trivial-rewrite and their libraries that cost a client its mail (milter8.c,
/// smtpd_proxy.c, xsasl_dovecot_server.c, attr_clnt.c, maps.c, tls_server.c …). No client is taken from such a line.
/// </summary>
internal static class TroubleGrammar
{
    private static readonly SearchValues<byte> s_quotes = SearchValues.Create("\"<'"u8);

    private static readonly PrefixSet s_warnings = new(
        "connect to ", "problem talking to ", "problem receiving ", "problem sending ", "timeout on ", "timeout receiving ",
        "timeout sending ", "timeout talking to ", "premature end-of-input ", "unexpected end-of-input ", "unexpected EOF ",
        "lost connection with proxy ", "received garbage from proxy ", "proxy ", "milter ", "unable to talk to ", "unable to connect ",
        "unable to get ", "SASL: ", "SASL per-", "SASL library ", "unsupported SASL server ", "xsasl_",
        "not enough free space ", "write queue file", "No server certs available", "cannot get ", "cannot load ", "cannot connect to ",
        "cannot pass connection ", "sending file handle ", "error sending ", "error receiving ", "error initializing ", "error loading ", "TLS has been selected",
        "TLS server role is disabled", "TLS client initialization failed", "OpenSSL ",
        "SMTP reply code configuration ", "DSN detail code configuration ", "rbl response code configuration ",
        "unknown smtpd restriction", "access table ", "restriction ", "specify one of ", "dnsblog reply timeout ", "dnsblog_query: lookup error ",
        "psc_dnsbl_request: ", "mysql query failed", "pgsql query failed", "dict_ldap_", "dict_mysql_", "dict_pgsql_", "dict_sqlite_",
        "dict_proxy_", "open database ", "malformed UTF-8 in policy server ");

    /// <summary>Reads one message of any of the daemons; false where it tells of no trouble.</summary>
    public static bool Read(ReadOnlyMemory<byte> message, ref SmtpEvent e)
    {
        var text = message.Span;
        if (text.StartsWith("fatal: "u8) || text.StartsWith("panic: "u8) || text.StartsWith("error: "u8))
        {
            e.Kind = SmtpEventKind.ServerTrouble;
            e.Text = message[7..];
            return true;
        }

        if (!text.StartsWith("warning: "u8) || !IsTrouble(text[9..], out var id))
        {
            return false;
        }

        e.Kind = SmtpEventKind.ServerTrouble;
        e.QueueId = id;
        e.Text = message[9..];
        return true;
    }

    private static bool IsTrouble(ReadOnlySpan<byte> text, out ulong id)
    {
        var length = QueueGrammar.ReadQueueId(text, out id);
        if (length > 0)
        {
            text = text[length..];
        }

        if (s_warnings.Matches(text))
        {
            return true;
        }

        // Some begin with a name; what is quoted in them may be a client's, and is not looked at.
        var quote = text.IndexOfAny(s_quotes);
        var words = quote < 0 ? text : text[..quote];
        return words.IndexOf(" lookup error"u8) >= 0 || words.IndexOf(" lookup failure"u8) >= 0 || words.IndexOf(" lookup problem"u8) >= 0
            || words.IndexOf(" lookup failed "u8) >= 0
            || words.IndexOf(" service failure"u8) >= 0 || words.IndexOf(" is unavailable. "u8) >= 0 || words.IndexOf("disabling TLS support"u8) >= 0
            || (length > 0 && words.EndsWith("message not accepted, try again later"u8));
    }
}
