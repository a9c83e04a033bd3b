namespace Postern.Tests.Day;

/// <summary>What a release of Postfix writes otherwise than the others; each as on the Debian that ships it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="EndsAtBogus">It logs a command that begins with no letter, and hangs up (3.7 and later); before, such a command is only counted.</param>
/// <param name="CountsBlankLines">It counts a blank line as an unknown command (3.7.17, 3.8.12, 3.9.6, 3.10.5 and later).</param>
/// <param name="NamesUsers">A failed login's line has the user's name (3.9 and later).</param>
/// <param name="NamesQueue">NOQUEUE or a queue id stands before a lost connection (3.10 and later).</param>
/// <param name="TlsReasonPlace">What stands between the code and the reason of a TLS error: a function with OpenSSL 1.x, nothing with 3.x.</param>
internal sealed record Release(string Name, bool EndsAtBogus, bool CountsBlankLines, bool NamesUsers, bool NamesQueue, string TlsReasonPlace)
{
    /// <summary>Debian 11.</summary>
    public static Release Debian11 { get; } = new("3.5", false, false, false, false, "ssl3_read_bytes");

    /// <summary>Debian 12.</summary>
    public static Release Debian12 { get; } = new("3.7", true, false, false, false, "");

    /// <summary>Debian 13.</summary>
    public static Release Debian13 { get; } = new("3.10", true, true, true, true, "");

    /// <summary>The release of that name.</summary>
    public static Release Of(string name) => new[] { Debian11, Debian12, Debian13 }.Single(release => string.Equals(release.Name, name, StringComparison.Ordinal));

    /// <summary>The tail of a failed login's line: Dovecot says no reason before 3.9, and 'Password:' in base 64 stands in its place.</summary>
    public string LoginTail(string mechanism, string user) => NamesUsers ? $": (reason unavailable), sasl_username={user}"
        : mechanism is "LOGIN" ? ": UGFzc3dvcmQ6" : ":";
}
