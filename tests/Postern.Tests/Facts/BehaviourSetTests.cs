using Postern.Facts;

namespace Postern.Tests.Facts;

public sealed class BehaviourSetTests
{
    [Fact]
    public void Every_behaviour_has_an_id_that_leads_back()
    {
        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            BehaviourNames.TryParse(behaviour.Id(), out var read).ShouldBeTrue();
            read.ShouldBe(behaviour);
        }

        Enum.GetValues<Behaviour>().Length.ShouldBe(BehaviourSet.Known);
        BehaviourNames.TryParse("lone dot", out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_cause_has_an_id_of_its_own() => Enum.GetValues<Cause>().Select(cause => cause.Id()).ShouldBeUnique(StringComparer.Ordinal);

    [Fact]
    public void A_set_holds_what_was_put_in_and_in_the_order_of_the_catalogue()
    {
        var set = BehaviourSet.Of(Behaviour.Delivered, Behaviour.LoneDot).With(Behaviour.Hangup);
        set.ShouldBe([Behaviour.LoneDot, Behaviour.Hangup, Behaviour.Delivered]);
        set.Count.ShouldBe(3);
        set.Without(Behaviour.Hangup).Has(Behaviour.Hangup).ShouldBeFalse();
        set.Except(BehaviourSet.Of(Behaviour.LoneDot, Behaviour.Delivered)).ShouldBe([Behaviour.Hangup]);
        BehaviourSet.None.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Counts_stop_at_255_and_know_what_was_refused()
    {
        var counts = default(CommandCounts);
        counts.IsKnown.ShouldBeFalse();
        counts.Add(SmtpVerb.Rcpt, 2, 300);
        counts.Tried(SmtpVerb.Rcpt).ShouldBe(255);
        counts.Refused(SmtpVerb.Rcpt).ShouldBe(253);
        counts.NoneRefused.ShouldBeFalse();
        counts.Tried(SmtpVerb.Mail).ShouldBe(0);
    }
}
