using Postern.Cli.Sharing;

namespace Postern.Tests.Sharing;

public sealed class ServerClockTests
{
    [Fact]
    public void A_clock_that_somebody_sets_moves_no_end()
    {
        var time = new TwoClocks();
        var clock = new ServerClock(time);
        clock.Set(5_000_000, time.GetTimestamp());
        time.Elapsed += TimeSpan.FromSeconds(1);
        time.Wall = time.Wall.AddDays(1);
        clock.Now.ShouldBe(5_001_000);
        clock.ToLocal(5_061_000).ShouldBe(time.Wall.AddMinutes(1));
        clock.ToServer(time.Wall.AddMinutes(1)).ShouldBe(5_061_000);
    }

    [Fact]
    public void The_server_is_asked_in_the_middle_of_the_question()
    {
        var time = new TwoClocks();
        var clock = new ServerClock(time);
        var asked = time.GetTimestamp();
        time.Elapsed += TimeSpan.FromMilliseconds(200);
        clock.Set(1000, asked);
        clock.Now.ShouldBe(1100);
    }

    [Fact]
    public void Until_the_server_has_been_asked_this_hosts_clock_counts()
    {
        var time = new TwoClocks();
        var clock = new ServerClock(time);
        clock.IsKnown.ShouldBeFalse();
        clock.Now.ShouldBe(time.Wall.ToUnixTimeMilliseconds());
        clock.ToLocal(long.MaxValue).ShouldBe(DateTimeOffset.MaxValue);
    }

    /// <summary>A wall clock that anybody sets, and one that only counts.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
