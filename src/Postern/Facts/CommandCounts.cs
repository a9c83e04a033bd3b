using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Postern.Facts;

/// <summary>The commands that Postfix counts at the end of a session (<c>disconnect from … ehlo=1 rcpt=0/2</c>, since 3.0).</summary>
public enum SmtpVerb : byte
{
    /// <summary>HELO.</summary>
    Helo,
    /// <summary>EHLO.</summary>
    Ehlo,
    /// <summary>STARTTLS.</summary>
    StartTls,
    /// <summary>AUTH.</summary>
    Auth,
    /// <summary>MAIL.</summary>
    Mail,
    /// <summary>RCPT.</summary>
    Rcpt,
    /// <summary>DATA.</summary>
    Data,
    /// <summary>BDAT.</summary>
    Bdat,
    /// <summary>RSET.</summary>
    Rset,
    /// <summary>NOOP.</summary>
    Noop,
    /// <summary>VRFY.</summary>
    Vrfy,
    /// <summary>ETRN.</summary>
    Etrn,
    /// <summary>QUIT.</summary>
    Quit,
    /// <summary>XCLIENT and XFORWARD.</summary>
    Proxy,
    /// <summary>Commands that Postfix does not know, and blank lines where it counts them.</summary>
    Unknown,
    /// <summary>The sum that Postfix gives (<c>commands=</c>).</summary>
    All,
}

/// <summary>
/// How often each command was accepted, and how often tried. A count stops at 255, which is far above
/// Postfix's own limit of errors a session (smtpd_hard_error_limit, 20).
/// </summary>
public struct CommandCounts : IEquatable<CommandCounts>
{
    private Row _accepted;
    private Row _tried;

    /// <summary>True where the log told any count; false for sessions cut off and for Postfix before 3.0.</summary>
    public bool IsKnown { readonly get; set; }

    /// <summary>Times that the command was accepted, 0 to 255.</summary>
    public readonly int Accepted(SmtpVerb verb) => _accepted[(int)verb];

    /// <summary>Times that the command was tried, 0 to 255.</summary>
    public readonly int Tried(SmtpVerb verb) => _tried[(int)verb];

    /// <summary>Times that the command was refused, 0 to 255.</summary>
    public readonly int Refused(SmtpVerb verb) => Math.Max(0, Tried(verb) - Accepted(verb));

    /// <summary>True where no command at all was refused.</summary>
    public readonly bool NoneRefused => Same(_accepted, _tried);

    /// <summary>Adds to the counts of one command; both stop at 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(SmtpVerb verb, int accepted, int tried)
    {
        ref var ok = ref _accepted[(int)verb];
        ok = (byte)Math.Min(255, ok + Math.Max(0, accepted));
        ref var all = ref _tried[(int)verb];
        all = (byte)Math.Min(255, all + Math.Max(0, tried));
        IsKnown = true;
    }

    /// <inheritdoc/>
    public readonly bool Equals(CommandCounts other) =>
        Same(_accepted, other._accepted) && Same(_tried, other._tried) && IsKnown == other.IsKnown;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is CommandCounts other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(MemoryMarshal.Read<UInt128>(_accepted), MemoryMarshal.Read<UInt128>(_tried));

    /// <summary>Equal counts.</summary>
    public static bool operator ==(CommandCounts left, CommandCounts right) => left.Equals(right);

    /// <summary>Different counts.</summary>
    public static bool operator !=(CommandCounts left, CommandCounts right) => !left.Equals(right);

    private static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.SequenceEqual(right);

    // A byte for each verb.
    [InlineArray((int)SmtpVerb.All + 1)]
    private struct Row
    {
        private byte _first;
    }
}
