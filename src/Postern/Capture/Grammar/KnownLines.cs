using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// The lines of the daemons that talk to clients, and of their helpers, that say nothing of a session and become no event:
/// statistics, notes on tables and settings, what an operator's own rules did with a message, TLS details of higher log levels,
/// and the debugging of <c>-v</c> and debug_peer_list. Only what is neither an event nor one of these is an unknown form.
/// </summary>
internal static class KnownLines
{
    // dict_cache.c, dict.c, compat_level.c, msg_logger.c, tls_server.c, tls_misc.c, tls_verify.c, tlsproxy.c, postscreen.c …
    private static readonly PrefixSet s_information = new(
        "statistics: ", "table ", "cache ", "using backwards-compatible ", "idle ", "connect to subsystem ", "send attr ", "input attribute ",
        "rewrite stream ", "name_mask", "initializing the ", "setting up TLS connection ", "TLS SNI ", "TLSRPT: ", "SASL authentication ",
        "certificate ", "Client certificate ", "Server certificate ", "subject=", "issuer=", "SSL_", "SSL3 ", "SSL ", "save session ", "put ", "lookup ", "delete ",
        "read ", "write ", "open ", "close ", "discarding EHLO ", "mapping DSN ", "Relaying allowed ", "relay_clientcerts: ", "skipping address ",
        "proxy-accept: ", ">>> ", "> ", "< ", "CONNECT from ", "CONNECT to ", "DISCONNECT ", "entering STRESS ", "leaving STRESS ", "skip ",
        "flags ", "flags for ", "TLS support is not compiled in", "enter ", "leave ", "masquerade: ", "initial envelope ", "extracted envelope ",
        "errs = ", "cleanup flags ", "client flags ", "server flags ", "ignoring ", "closing ", "--- ", "client socket not found ", "wildcard_", "`",
        "reloading", "reload ", "watchdog", "private/", "public/", "looking for session ", "reloaded session ", "remove session ", "Read ", "Write ",
        "EGD ", "event: ", "export ", "import_", "myhostname=", "running: ", "client certificate ", "server certificate ", "select ",
        // Cyrus SASL logs in the name of its program.
        "sql_select option missing", "sql auxprop plugin ", "auxpropfunc error ", "canonuserfunc error ", "DIGEST-MD5 ", "GSSAPI ", "OTP ", "SRP ", "NTLM ", "unable to open Berkeley db ");

    // Behind "warning: ". Those that cost a client its mail are TroubleGrammar's.
    private static readonly PrefixSet s_warnings = new(
        "numeric ", "malformed ", "misplaced ", "no MX host ", "Unable to look up ", "SASL authentication ", "hostname ", "host ", "don't know ",
        "do not ", "use DUNNO ", "this is not allowed ", "define a restriction ", "support for restriction ", "haproxy read", "postmaster notify",
        "getpeername", "getsockname", "cannot ", "can't ", "Can't ", "database ", "dict", "TLS ", "tls", "ciphertext read/write ", "deadlock on ", "fork",
        "setsid", "write ", "address ", "unsupported ", "Both ", "Need a ", "Ignoring ", "ignoring ", "using ", "See earlier ", "missing ", "bad ", "unexpected ",
        "unrecognized ", "XFORWARD ", "remove ", "seek ", "truncate ", "proxy speed-adjust ", "smtpd_proxy ", "to avoid this ", "request from tlsproxy ",
        "received ", "unreasonable ", "regexp map ", "pcre map ", "cidr map ", "file ", "closing ", "symlink ", "not owned by ", "group or other ", "non-owner ",
        "overriding ", "/", "No ", "no ", "parameter ", "SSL", "process ", "record ", "problem ", "timeout ", "unknown macro ", "unknown address ", "milter_",
        "the milter_", "unable to ", "unix_", "inet_", "The ", "Invalid ", "ignored", "digest ", "error ", "failed ", "duplicate ", "undefined ", "mail_", "large ",
        "permit_", "reject_", "queue_", "smtpd_", "resolve_", "rewrite_", "expect", "transport_", "internal protocol ", "close ", "logging ",
        "ambiguous ", "attribute ", "backward ", "forward ", "child: ", "parent: ", "corrupted ", "could ", "Could ", "disabling ", "empty ", "fchmod ",
        "incorrect ", "invalid ", "ioctl ", "key ", "loading ", "lookup ", "map ", "multiple ", "ni_open ", "none of ", "open ", "pausing ", "per-session ",
        "possible ", "read ", "read() ", "redirecting ", "refusing ", "regexp file ", "removing ", "request ", "run-time ", "sending ", "sent: ", "set ",
        "setsockopt ", "socketpair", "string ", "stripping ", "table ", "this program ", "truncated ", "unknown ", "write() ", "write/read ", "Digest ",
        "ECDSA ", "Failed ", "ICU ", "PREPEND ", "REPLACE ", "Postfix ", "Reserved ", "resetting file time stamps ");

    // Behind a queue id: what the operator's tables and milters did, and what became of the message.
    private static readonly PrefixSet s_actions = new(
        "message-id=", "resent-message-id=", "warn: ", "warning: ", "info: ", "filter: ", "hold: ", "delay: ", "redirect: ", "bcc: ", "prepend: ",
        "replace: ", "strip: ", "pass: ", "permit: ", "reject_warning: ", "milter-hold: ", "milter-quarantine: ", "milter-header-", "milter-body-",
        "proxy-accept: ", "removed", "uid=", "ignoring ", "message rejected: ", "record type ", "read timeout ", "spurious ", "multi-valued ",
        "unreasonable ", "bounce message failure", "trace logfile ", "verify service ", "removed spurious ", "Milter ", "Bad ", "milter ");

    // Behind "HOST[IP]: " or "[IP]:port: ".
    private static readonly PrefixSet s_ofClient = new(
        "replacing command ", "discarding EHLO ", "looking up session ", "reloaded session ", "remove session ", "save session ",
        "Issuing session ", "Decrypting session ", "Reusing old session", "re-using session ", "subject_CN=", "TLS cipher list ", "depth=",
        "verify=", "certificate ", "raw public key ", "Trusted", "Untrusted", "Verified", "Anonymous", "Matched ", "matched ", "SSL ", "SNI hostname", "Invalid TLS ",
        "error ", "invalid ", "ignoring ", "all ", "could not ");

    /// <summary>True where the form of a message is known.</summary>
    public static bool Contains(PostfixDaemon daemon, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        var behindId = QueueGrammar.ReadQueueId(text, out _);
        if (behindId > 0 && s_actions.Matches(text[behindId..]))
        {
            return true;
        }

        if (text.StartsWith("warning: "u8))
        {
            text = text[9..];
            behindId = QueueGrammar.ReadQueueId(text, out _);
            return s_warnings.Matches(text) || TableNames.Leads(text) || (behindId > 0 && s_actions.Matches(text[behindId..]))
                || IsFunction(text) || IsOfClient(text);
        }

        return s_information.Matches(text) || IsOfClient(text) || IsFunction(text) || TableNames.Leads(text)
            || (daemon == PostfixDaemon.Tlsproxy && IsOutboundTls(text));
    }

    // "match_list_match: …": debugging, and the warnings of libraries, begin with the name of a function or a parameter.
    private static bool IsFunction(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, 48)].IndexOf(": "u8);
        if (end < 3)
        {
            return false;
        }

        // Some say at which line of the source: "dict_ldap_lookup[700]: …".
        var name = text[..end];
        var line = name.IndexOf((byte)'[');
        name = line > 0 && name[^1] == ']' ? name[..line] : name;
        var underscore = false;
        foreach (var c in name)
        {
            underscore |= c == '_';
            if (c != '_' && !char.IsAsciiLetterLower((char)c) && !char.IsAsciiDigit((char)c))
            {
                return false;
            }
        }

        return underscore;
    }

    private static bool IsOfClient(ReadOnlySpan<byte> text)
    {
        var length = ClientField.Read(text, out _, out _, out _);
        if (length == 0)
        {
            return false;
        }

        // postscreen leaves the colon out of "[IP]:port: discarding EHLO keywords", and so logs "[IP]41506: discarding …".
        var rest = text[length..];
        _ = Digits.Leading(rest, out var port);
        return rest[port..].StartsWith(": "u8) && s_ofClient.Matches(rest[(port + 2)..]);
    }

    // smtp(8) may use tlsproxy for its own connections, too.
    private static bool IsOutboundTls(ReadOnlySpan<byte> text)
    {
        var at = text[..Math.Min(text.Length, 24)].IndexOf(" TLS connection "u8);
        return at > 0 && text[(at + 16)..].StartsWith("established to "u8);
    }
}
