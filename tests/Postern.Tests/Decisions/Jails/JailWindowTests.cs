using FsCheck.Xunit;
using Postern.Decisions;
using Postern.Decisions.Jails;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions.Jails;

public sealed class JailWindowTests
{
    private static readonly JailOptions s_jail = new();
    private static readonly DateTimeOffset s_now = Marks.At(10_000).ToDateTimeOffset();

    [Fact]
    public void Ten_knocks_of_the_last_ten_minutes_are_a_ban()
    {
        Reaches(Marks.Many(10, 60, Behaviour.LoneDot), at: 600).ShouldBeTrue();
        Reaches(Marks.Many(10, 60, Behaviour.LoneDot), at: 601).ShouldBeFalse();
        Reaches(Marks.Many(9, 1, Behaviour.LoneDot), at: 10).ShouldBeFalse();
    }

    [Fact]
    public void Old_lines_that_are_read_again_ban_nobody() =>
        Reaches(Marks.Many(1_000, 0.1, Behaviour.LoneDot), at: 86_400).ShouldBeFalse();

    [Fact]
    public void A_log_whose_clock_is_a_little_ahead_counts_and_one_far_ahead_does_not()
    {
        Reaches(Marks.Many(10, 1, Behaviour.LoneDot), at: -200).ShouldBeTrue();
        Reaches(Marks.Many(10, 1, Behaviour.LoneDot), at: -400).ShouldBeFalse();
    }

    [Fact]
    public void A_single_line_from_the_future_does_not_hide_the_rest() =>
        Reaches([.. Marks.Many(10, 1, Behaviour.LoneDot), Marks.Of(1_000_000, Behaviour.LoneDot)], at: 10).ShouldBeTrue();

    [Fact]
    public void What_led_to_a_ban_leads_to_no_second_one()
    {
        var marks = Marks.Many(12, 10, Behaviour.LoneDot);
        JailWindow.Reaches(marks, s_jail, Time(120), Time(90)).ShouldBeFalse();
        JailWindow.Live(marks, s_jail, Time(120), Time(90)).Weight.ShouldBe(2);
        JailWindow.Reaches([.. marks, .. Enumerable.Range(0, 8).Select(i => Marks.Of(121 + i, Behaviour.LoneDot))], s_jail, Time(130), Time(90)).ShouldBeTrue();
    }

    [Fact]
    public void A_session_without_a_time_counts_for_nothing() =>
        JailWindow.Live([new SessionMark(default, BehaviourSet.Of(Behaviour.LoneDot), SessionTraits.None)], s_jail, s_now, null).Sessions.ShouldBe(0);

    [Fact]
    public void Monitors_deliverers_and_senders_out_of_step_reach_nothing_whatever_the_volume()
    {
        SessionMark[] marks =
        [
            .. Marks.Many(20_000, 0.01, Behaviour.ProbeAndQuit), .. Marks.Many(20_000, 0.01, Behaviour.Hangup),
            .. Marks.Many(20_000, 0.01, Behaviour.Delivered, Behaviour.RejectedMail), .. Marks.Many(20_000, 0.01, Behaviour.OutOfStep, Behaviour.RejectedMail),
        ];
        JailWindow.Live(marks, s_jail with { MaxRetry = 0.01 }, Time(200), null).ShouldBe(default);
    }

    [Fact]
    public void A_jail_with_nothing_to_count_bans_nobody_even_with_no_limit() =>
        JailWindow.Reaches(Marks.Many(10, 1, Behaviour.Hangup), s_jail with { MaxRetry = 0 }, Time(10), null).ShouldBeFalse();

    [Fact]
    public void A_jail_counts_only_the_behaviours_that_it_names()
    {
        var jail = s_jail with { Behaviours = BehaviourSet.Of(Behaviour.LoneDot) };
        var sum = JailWindow.Live([.. Marks.Many(10, 1, Behaviour.HttpRequest), .. Marks.Many(3, 1, Behaviour.LoneDot, Behaviour.BlankLine)], jail, Time(10), null);
        sum.ShouldBe(new WindowSum(3, 3, BehaviourSet.Of(Behaviour.LoneDot)));
    }

    [Fact]
    public void An_operators_weight_replaces_ours_and_touches_no_other()
    {
        var jail = s_jail with { Weights = new Dictionary<Behaviour, double> { [Behaviour.LoneDot] = 5, [Behaviour.BlankLine] = 0 } };
        Reaches(Marks.Many(2, 1, Behaviour.LoneDot), at: 2, jail).ShouldBeTrue();
        Reaches(Marks.Many(50, 1, Behaviour.BlankLine), at: 50, jail).ShouldBeFalse();
        Reaches(Marks.Many(10, 1, Behaviour.HttpRequest), at: 10, jail).ShouldBeTrue();
        new JailScorer(jail, new Postern.Decisions.Persistence.PersistenceOptions()).Judge(Marks.Many(2, 1, Behaviour.LoneDot), 0, 0, Cause.Unclear, isKnown: true).ShouldBe(Verdict.Ban);
    }

    [Fact]
    public void Refusals_count_one_by_one_with_an_operators_weight_too()
    {
        var jail = s_jail with { Weights = new Dictionary<Behaviour, double> { [Behaviour.AuthFailure] = 2 } };
        Reaches([Marks.Of(0, Behaviour.AuthFailure) with { Failures = 5 }], at: 1, jail).ShouldBeTrue();
        Reaches([Marks.Of(0, Behaviour.AuthFailure) with { Failures = 4 }], at: 1, jail).ShouldBeFalse();
    }

    [Property(MaxTest = 300)]
    public void The_sum_is_that_of_a_naive_count(int[] seconds, byte[] shown, ushort findtime, short nowAt, short? cutoffAt)
    {
        var marks = seconds.Zip(shown, (s, b) => Marks.Of(s % 2_000, (Behaviour)(b % BehaviourSet.Known)) with { Failures = (byte)Math.Max(1, b / 8) }).ToArray();
        var jail = s_jail with { FindTime = TimeSpan.FromSeconds(findtime % 1_500) };
        DateTimeOffset now = Time(nowAt % 2_000);
        DateTimeOffset? cutoff = cutoffAt is { } c ? Time(c % 2_000) : null;

        var possible = marks.Where(mark => mark.Time.ToDateTimeOffset() <= now.AddMinutes(5)).ToList();
        var newest = possible.Count == 0 ? now : possible.Max(mark => mark.Time.ToDateTimeOffset());
        var counted = possible.Where(mark => mark.Time.ToDateTimeOffset() is var time
            && newest - time <= jail.FindTime && now - time <= jail.FindTime && (cutoff is null || time > cutoff)).Where(mark => JailWeights.Of(mark) > 0).ToList();

        var sum = JailWindow.Live(marks, jail, now, cutoff);
        sum.Weight.ShouldBe(counted.Sum(JailWeights.Of), 1e-9);
        sum.Sessions.ShouldBe(counted.Count);
        JailWindow.Live([.. marks.Reverse()], jail, now, cutoff).Sessions.ShouldBe(sum.Sessions);
    }

    [Property(MaxTest = 300)]
    public void A_history_reaches_where_any_of_its_windows_does(byte[] pauses, byte[] shown)
    {
        var at = 0;
        var marks = pauses.Zip(shown, (p, b) => Marks.Of(at += p, (Behaviour)(b % BehaviourSet.Known))).ToArray();
        var jail = s_jail with { MaxRetry = 3, FindTime = TimeSpan.FromSeconds(200) };
        JailWindow.ReachesEver(marks, jail).ShouldBe(marks.Any(mark => JailWindow.Reaches(JailWindow.Sum(marks, jail, mark.Time), jail)));
    }

    private static DateTimeOffset Time(double seconds) => Marks.At(seconds).ToDateTimeOffset();

    private static bool Reaches(SessionMark[] marks, double at, JailOptions? jail = null) => JailWindow.Reaches(marks, jail ?? s_jail, Time(at), null);
}
