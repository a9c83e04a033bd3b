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

    [Theory]
    [InlineData(9, new[] { 4 })]
    [InlineData(12, new[] { 2, 7 })]
    public void A_late_session_does_not_hide_it(int sessions, int[] late) =>
        Of(Enumerable.Range(0, sessions).Select(i => (i * 5.0) + (late.Contains(i) ? 3 : 0))).ShouldBe(TimeSpan.FromSeconds(5));

    [Fact]
    public void Every_second_session_late_is_no_steady_interval() =>
        Of(Enumerable.Range(0, 20).Select(i => (i * 60.0) + (i % 2 == 0 ? 0 : 25))).ShouldBeNull();

    [Fact]
    public void One_pause_of_the_mean_among_short_and_long_by_turns_makes_no_steady_interval() =>
        Of(Enumerable.Range(0, 14).Select(i => (i * 60.0) + (i is 1 or 3 or 5 or 8 or 10 or 12 ? 25 : 0))).ShouldBeNull();

    [Fact]
    public void Pauses_at_random_are_not_steady()
    {
        var random = new Random(1);
        var found = Enumerable.Range(0, 1_000).Count(_ =>
        {
            var second = 0.0;
            return Of([.. Enumerable.Range(0, 20).Select(_ => second -= 60 * Math.Log(1 - random.NextDouble()))]) is not null;
        });
        found.ShouldBe(0);
    }

    [Fact]
    public void Three_sessions_are_too_few() => SteadyInterval.Of(Marks.Many(3, 60, Behaviour.Hangup)).ShouldBeNull();

    [Fact]
    public void A_burst_has_no_rhythm() => SteadyInterval.Of(Marks.Many(100, 1, Behaviour.Hangup)).ShouldBeNull();

    [Fact]
    public void The_pauses_of_a_queue_that_grow_are_not_steady() =>
        Of([0, 300, 900, 2_100, 4_500, 8_500, 12_500, 20_000]).ShouldBeNull();

    [Theory]
    [InlineData(60, new[] { 0.0, 13.0 })]
    [InlineData(300, new[] { 0.0, 0.0, 1.0 })]
    [InlineData(60, new[] { 0.0, 7.0, 31.0, 44.0 })]
    public void Several_checks_each_time_are_rounds(int seconds, double[] offsets)
    {
        var checks = Enumerable.Range(0, 12).SelectMany(i => offsets.Select(offset => (i * seconds) + offset + (i * 7 % 3 * 0.5))).ToList();
        Rounds(checks).ShouldNotBeNull().TotalSeconds.ShouldBe(seconds, 2);
        Rounds(checks.Take((offsets.Length * 5) - 1)).ShouldBeNull();
    }

    [Fact]
    public void Visits_at_random_are_no_rounds()
    {
        var random = new Random(1);
        Enumerable.Range(0, 1_000).Count(_ =>
        {
            var second = 0.0;
            return Rounds([.. Enumerable.Range(0, 40).Select(_ => second -= 60 * Math.Log(1 - random.NextDouble()))]) is not null;
        }).ShouldBe(0);
    }

    [Fact]
    public void A_burst_has_no_rounds() => SteadyInterval.OfRounds(Marks.Many(100, 3, Behaviour.Hangup)).ShouldBeNull();

    private static TimeSpan? Rounds(IEnumerable<double> seconds) =>
        SteadyInterval.OfRounds([.. seconds.Select(second => Marks.Of(second, Behaviour.ProbeAndQuit))]);

    private static TimeSpan? Of(IEnumerable<double> seconds) =>
        SteadyInterval.Of([.. seconds.Select(second => Marks.Of(second, Behaviour.ProbeAndQuit))]);
}
