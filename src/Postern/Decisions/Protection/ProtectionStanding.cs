using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>Each protection of docs/jails.md for one client at this moment, whether a jail would ban it or not.</summary>
internal static class ProtectionStanding
{
    /// <summary>The protections, in the order in which they are asked.</summary>
    /// <param name="facts">What is known of the client.</param>
    /// <param name="today">The day, UTC.</param>
    public static IEnumerable<ProtectionState> Of(ProtectionFacts facts, DateOnly today)
    {
        yield return new ProtectionState("allowed", facts.AllowedBy is not null) { Entry = facts.AllowedBy };
        yield return new ProtectionState("own-address", facts.IsOwnAddress);
        yield return new ProtectionState("mynetworks", facts.MyNetwork is not null) { Entry = facts.MyNetwork };
        yield return new ProtectionState("private-network", facts.IsPrivate);
        var isRecent = facts.LastLogin is { } last && last >= today.AddDays(-ProtectionRules.LoginDays);
        yield return new ProtectionState("logged-in", isRecent && !facts.IsAccountStolen) { Last = facts.LastLogin, But = isRecent && facts.IsAccountStolen ? "account-takeover" : null };
        var isListed = facts.Lists == ListAnswer.Listed;
        var isProven = facts.DeliveredDays >= ProtectionRules.ProvenDays;
        yield return new ProtectionState("proven-sender", isProven && !facts.HostileBefore && !isListed)
        {
            Days = facts.DeliveredDays,
            But = !isProven ? null : facts.HostileBefore ? "hostile-day" : isListed ? "dnsbl-listed" : null,
        };
        yield return new ProtectionState("genuine-by-checks", facts.Verdict is { Legitimacy: Legitimacy.Genuine } && !isListed)
        {
            Entry = facts.Verdict is null ? null : string.Join(", ", facts.Verdict.Deciding),
            But = facts.Verdict is null ? "no-answer" : isListed ? "dnsbl-listed" : null,
        };
    }
}
