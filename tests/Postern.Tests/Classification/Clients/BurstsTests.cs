using Postern.Classification.Clients;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Clients;

public sealed class BurstsTests
{
    [Fact]
    public void Five_minutes_hold_a_burst_together_and_more_end_it()
    {
        Bursts.Of(Marks.Many(3, 300, Behaviour.LoneDot)).ShouldBe([new Burst(Marks.At(0), Marks.At(600), 3)]);
        Bursts.Of(Marks.Many(3, 301, Behaviour.LoneDot)).Select(burst => burst.Sessions).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void Sessions_without_time_belong_to_no_burst() =>
        Bursts.Of([default, Marks.Of(1, Behaviour.LoneDot)]).Single().Sessions.ShouldBe(1);

    [FsCheck.Xunit.Property]
    public void Bursts_hold_every_session_once_and_stand_apart(ushort[] seconds)
    {
        var marks = seconds.Order().Select(second => Marks.Of(second, Behaviour.Hangup)).ToArray();
        var bursts = Bursts.Of(marks);
        bursts.Sum(burst => burst.Sessions).ShouldBe(marks.Length);
        for (var i = 1; i < bursts.Count; i++)
        {
            (bursts[i].From.UtcTicks - bursts[i - 1].To.UtcTicks).ShouldBeGreaterThan(Bursts.Gap.Ticks);
        }
    }

    [FsCheck.Xunit.Property]
    public void The_largest_is_the_first_of_those_with_most_sessions(ushort[] seconds)
    {
        var marks = seconds.Order().Select(second => Marks.Of(second, Behaviour.Hangup)).ToArray();
        Bursts.Largest(marks).ShouldBe(Bursts.Of(marks).DefaultIfEmpty().MaxBy(static burst => burst.Sessions));
    }
}
