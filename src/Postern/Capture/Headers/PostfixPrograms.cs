using System.Collections.Frozen;

namespace Postern.Capture.Headers;

/// <summary>The programs of Postfix that log, by master(5)'s default configuration and the command-line tools.</summary>
internal static class PostfixPrograms
{
    private static readonly FrozenSet<string> s_names = FrozenSet.ToFrozenSet(
    [
        "anvil", "bounce", "cleanup", "discard", "dnsblog", "error", "flush", "lmtp", "local", "master", "nqmgr", "oqmgr",
        "pickup", "pipe", "postalias", "postdrop", "postfix-script", "postlog", "postlogd", "postmap", "postqueue",
        "postscreen", "postsuper", "proxymap", "proxywrite", "qmgr", "qmqpd", "relay", "retry", "rewrite", "scache",
        "sendmail", "showq", "smtp", "smtpd", "spawn", "tlsmgr", "tlsproxy", "trivial-rewrite", "trace", "verify", "virtual",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for the name of a daemon or tool, without any path.</summary>
    public static bool Contains(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[16];
        if (name.Length > text.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            text[i] = (char)name[i];
        }

        return s_lookup.Contains(text[..name.Length]);
    }
}
