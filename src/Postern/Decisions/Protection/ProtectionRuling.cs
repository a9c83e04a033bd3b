using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>What becomes of a ban that a jail would make.</summary>
public enum ProtectionAnswer : byte
{
    /// <summary>It is made.</summary>
    NotProtected,
    /// <summary>It is not made.</summary>
    Suppress,
    /// <summary>It depends on DNS: ask <c>Checks</c> once, with a short deadline, and judge again with what they say.</summary>
    AskChecks,
}

/// <summary>The answer, and why.</summary>
/// <param name="Answer">What becomes of the ban.</param>
/// <param name="Reason">Why it is not made; says nothing where it is.</param>
/// <param name="Detail">Why, in a sentence for the operator; for a ban, why what speaks for the client does not protect it, or empty.</param>
/// <param name="Until">Until when it holds without asking again; now where the next failure is judged anew.</param>
public readonly record struct ProtectionRuling(ProtectionAnswer Answer, ProtectionReason Reason, string Detail, DateTimeOffset Until)
{
    /// <summary>The ban that was not made, for the ledger.</summary>
    public SuppressedBan ToSuppressed(ClientAddress client, string jail, DateTimeOffset at) => new(client, jail, at, Reason, Detail, Until);
}
