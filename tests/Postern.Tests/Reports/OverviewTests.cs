using Postern.Facts;
using Postern.Reports.Content;
using Postern.Tests.Support;

namespace Postern.Tests.Reports;

public sealed class OverviewTests
{
    [Fact]
    public void Clients_that_only_delivered_are_not_among_those_that_knock()
    {
        var explanation = SampleExplanation.Empty() with
        {
            Sessions = 12,
            Clients =
            [
                SampleExplanation.Client("192.0.2.1", 9, Cause.GenuineSender, 1, Verdict.Protect, [(Behaviour.Delivered, 9)]),
                SampleExplanation.Client("192.0.2.2", 3, Cause.FaultySender, 0.9, Verdict.Protect, [(Behaviour.Delivered, 2), (Behaviour.OutOfStep, 1)]),
            ],
        };
        var overview = new Overview(explanation);
        (overview.Clients, overview.Sessions).ShouldBe((1, 3L));
        overview.Behaviours.ShouldBe([new BehaviourTotal(Behaviour.OutOfStep, 1, 1)]);
    }

    [Fact]
    public void A_cause_of_too_little_confidence_counts_as_one_that_cannot_be_told()
    {
        var explanation = SampleExplanation.Empty() with
        {
            Clients =
            [
                SampleExplanation.Client("192.0.2.1", 5, Cause.ScriptedBot, 0.39, Verdict.Watch, [(Behaviour.LoneDot, 5)]),
                SampleExplanation.Client("192.0.2.2", 2, Cause.ScriptedBot, 0.4, Verdict.Watch, [(Behaviour.LoneDot, 2)]),
                SampleExplanation.Client("192.0.2.3", 1, Cause.ScriptedBot, 0.85, Verdict.Watch, [(Behaviour.LoneDot, 1)]),
                SampleExplanation.Client("192.0.2.4", 1, Cause.SpamBot, double.NaN, Verdict.Watch, [(Behaviour.RejectedMail, 1)]),
            ],
        };
        new Overview(explanation).Causes.ShouldBe(
        [
            new CauseTotal(Cause.ScriptedBot, Certainty.Perhaps, 2, 1),
            new CauseTotal(Cause.ScriptedBot, Certainty.AlmostCertain, 1, 1),
            new CauseTotal(Cause.Unclear, Certainty.CannotTell, 6, 2),
        ]);
    }

    [Theory]
    [InlineData(0.999, 99)]
    [InlineData(1, 100)]
    [InlineData(0.0001, 1)]
    [InlineData(0, 0)]
    [InlineData(7, 100)]
    public void Rounding_claims_nothing(double share, int perCent) => Certainties.PerCent(share).ShouldBe(perCent);
}
