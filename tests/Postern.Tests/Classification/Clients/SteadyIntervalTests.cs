using Postern.Classification.Clients;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Clients;

public sealed class SteadyIntervalTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(86_400)]
    public void The_same_pause_again_and_again_is_steady(int seconds) =>
        SteadyInterval.Of(Marks.Many(10, seconds, Behaviour.ProbeAndQuit)).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Stamps_of_whole_seconds_do_not_hide_it() =>
        Of(Enumerable.Range(0, 40).Select(i => Math.Floor(i * 4.7))).ShouldNotBeNull();

    [Fact]
    public void A_little_jitter_does_not_hide_it() =>
        Of(Enumerable.Range(0, 40).Select(i => (i * 60) + ((i * 7 % 5) - 2.0))).ShouldNotBeNull().TotalSeconds.ShouldBe(60, 5);

    [Fact]
    public void A_missed_beat_does_not_hide_it() =>
        Of(Enumerable.Range(0, 20).Where(i => i != 7).Select(i => i * 300.0)).ShouldBe(TimeSpan.FromSeconds(300));

    [Fact]
    public void Three_sessions_are_too_few() => SteadyInterval.Of(Marks.Many(3, 60, Behaviour.Hangup)).ShouldBeNull();

    [Fact]
    public void A_burst_has_no_rhythm() => SteadyInterval.Of(Marks.Many(100, 1, Behaviour.Hangup)).ShouldBeNull();

    [Fact]
    public void The_pauses_of_a_queue_that_grow_are_not_steady() =>
        Of([0, 300, 900, 2_100, 4_500, 8_500, 12_500, 20_000]).ShouldBeNull();

    private static TimeSpan? Of(IEnumerable<double> seconds) =>
        SteadyInterval.Of([.. seconds.Select(second => Marks.Of(second, Behaviour.ProbeAndQuit))]);
}
