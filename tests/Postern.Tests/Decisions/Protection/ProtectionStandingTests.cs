using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Tests.Decisions.Protection;

/// <summary>Each protection of a client, and what takes it away.</summary>
public sealed class ProtectionStandingTests
{
    private static readonly DateOnly s_today = new(2026, 11, 25);

    [Fact]
    public void Of_a_stranger_none_holds()
    {
        var all = ProtectionStanding.Of(new ProtectionFacts(), s_today).ToList();
        all.Select(state => state.Reason).ShouldBe(["allowed", "own-address", "mynetworks", "private-network", "logged-in", "proven-sender", "genuine-by-checks"]);
        all.ShouldAllBe(state => !state.Holds);
        State(new ProtectionFacts(), "genuine-by-checks").But.ShouldBe("no-answer");
    }

    [Fact]
    public void Lists_of_the_operator_and_of_Postfix_hold()
    {
        var facts = new ProtectionFacts { AllowedBy = "mx.example.org", MyNetwork = "192.0.2.0/24", IsOwnAddress = true };
        ProtectionStanding.Of(facts, s_today).Take(3).Select(state => (state.Holds, state.Entry)).ShouldBe([(true, "mx.example.org"), (true, null), (true, "192.0.2.0/24")]);
    }

    [Fact]
    public void A_login_holds_for_a_week_unless_others_use_the_account()
    {
        State(new ProtectionFacts { LastLogin = s_today.AddDays(-ProtectionRules.LoginDays) }, "logged-in").Holds.ShouldBeTrue();
        State(new ProtectionFacts { LastLogin = s_today.AddDays(-ProtectionRules.LoginDays - 1) }, "logged-in").Holds.ShouldBeFalse();
        var stolen = State(new ProtectionFacts { LastLogin = s_today, IsAccountStolen = true }, "logged-in");
        (stolen.Holds, stolen.But).ShouldBe((false, "account-takeover"));
    }

    [Fact]
    public void A_proven_sender_has_three_days_none_hostile_and_no_listing()
    {
        var proven = new ProtectionFacts { DeliveredDays = 3 };
        State(proven, "proven-sender").Holds.ShouldBeTrue();
        State(new ProtectionFacts { DeliveredDays = 2 }, "proven-sender").Holds.ShouldBeFalse();
        State(proven with { HostileBefore = true }, "proven-sender").But.ShouldBe("hostile-day");
        State(proven with { Lists = ListAnswer.Listed }, "proven-sender").But.ShouldBe("dnsbl-listed");
    }

    [Theory]
    [InlineData(Legitimacy.Genuine, ListAnswer.NotListed, true, null)]
    [InlineData(Legitimacy.Genuine, ListAnswer.Listed, false, "dnsbl-listed")]
    [InlineData(Legitimacy.Unproven, ListAnswer.NotListed, false, null)]
    public void The_checks_hold_for_a_genuine_sender_that_no_list_names(Legitimacy legitimacy, ListAnswer lists, bool holds, string? but)
    {
        var verdict = new SenderVerdict { Tests = [], Points = 0, Legitimacy = legitimacy, Advice = Advice.Accept, MayBounce = false, Deciding = ["fcrdns"], Troubled = [] };
        var state = State(new ProtectionFacts { Verdict = verdict, Lists = lists }, "genuine-by-checks");
        (state.Holds, state.But, state.Entry).ShouldBe((holds, but, "fcrdns"));
    }

    private static ProtectionState State(ProtectionFacts facts, string reason) => ProtectionStanding.Of(facts, s_today).Single(state => string.Equals(state.Reason, reason, StringComparison.Ordinal));
}
