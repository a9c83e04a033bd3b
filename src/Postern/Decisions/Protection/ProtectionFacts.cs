using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>What DNS lists say of a client.</summary>
public enum ListAnswer : byte
{
    /// <summary>They have not been asked.</summary>
    NotAsked,
    /// <summary>No list names it.</summary>
    NotListed,
    /// <summary>A list names it.</summary>
    Listed,
    /// <summary>No answer came, or no list is configured: no evidence either way.</summary>
    NoAnswer,
}

/// <summary>What is known of a client that would be banned.</summary>
public sealed record ProtectionFacts
{
    /// <summary>The entry of the allow-list that names it, as the operator wrote it; null where none does.</summary>
    public string? AllowedBy { get; init; }

    /// <summary>True where the address is this host's own.</summary>
    public bool IsOwnAddress { get; init; }

    /// <summary>The network of Postfix's mynetworks that it is in; null where there is none.</summary>
    public string? MyNetwork { get; init; }

    /// <summary>True for an address of a private network: of a machine of the operator's, or of a gateway (of Docker, of a proxy) that hides all clients.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The last day on which it logged in; null where it never did.</summary>
    public DateOnly? LastLogin { get; init; }

    /// <summary>Sessions with a login that succeeded, as many as are remembered; at least the days with a login.</summary>
    public int Logins { get; init; }

    /// <summary>Different user names that logins failed for of late, as far as the log names any.</summary>
    public int UserNames { get; init; }

    /// <summary>True where it logged in to an account that others than its owner use.</summary>
    public bool IsAccountStolen { get; init; }

    /// <summary>True where the long window would ban it, not the jail's own.</summary>
    public bool IsLongWindow { get; init; }

    /// <summary>Days within <see cref="ProtectionRules.HistoryDays"/> on which it delivered mail.</summary>
    public int DeliveredDays { get; init; }

    /// <summary>True where it was hostile on any of the days within <see cref="ProtectionRules.HistoryDays"/> before the present burst.</summary>
    public bool HostileBefore { get; init; }

    /// <summary>The domain that own users wrote to and that the client is tied to; null where there is none.</summary>
    public string? Correspondent { get; init; }

    /// <summary>True where SPF may yet tie it to one.</summary>
    public bool MayCorrespond { get; init; }

    /// <summary>What DNS lists say.</summary>
    public ListAnswer Lists { get; init; }

    /// <summary>True where <c>Checks</c> have been asked, whatever came of it: they are asked once.</summary>
    public bool IsChecked { get; init; }

    /// <summary>What <c>Checks</c> say; null where they were not asked, or could not tell in time.</summary>
    public SenderVerdict? Verdict { get; init; }

    /// <summary>The word of another host that spares it; null where none does.</summary>
    public ForeignVeto? Veto { get; init; }

    /// <summary>The protection by <c>Checks</c> that was granted last; null where there is none.</summary>
    public SuppressedBan? Held { get; init; }

    /// <summary>The same with the answer of <c>Checks</c>; null for no answer in time.</summary>
    public ProtectionFacts With(SenderVerdict? verdict)
    {
        var lists = verdict?.Tests.Where(static test => test.Name is "dnsbl").Select(static test => test.Result).ToList() ?? [];
        return this with
        {
            IsChecked = true,
            Verdict = verdict,
            Lists = lists.Contains(TestResult.Fail) ? ListAnswer.Listed : lists.Contains(TestResult.Pass) ? ListAnswer.NotListed : ListAnswer.NoAnswer,
        };
    }
}
