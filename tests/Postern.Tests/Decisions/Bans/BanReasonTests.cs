using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Decisions.Bans;

public sealed class BanReasonTests
{
    [Fact]
    public void The_heaviest_comes_first_and_what_weighs_nothing_not_at_all() =>
        Of([.. Marks.Many(3, 1, Behaviour.BlankLine), .. Marks.Many(12, 1, Behaviour.LoneDot), .. Marks.Many(50, 1, Behaviour.Hangup), .. Marks.Many(8, 1, Behaviour.AuthFailure)])
            .ShouldBe("12 lone-dot, 3 blank-line, 8 auth-failure within 10m");

    [Fact]
    public void Only_what_counted_is_named() =>
        JailOf([.. Marks.Many(5, 1, Behaviour.BlankLine), .. Enumerable.Range(0, 3).Select(i => Marks.Of(900 + i, Behaviour.LoneDot)), Marks.Of(9_000, Behaviour.HttpRequest)], new JailOptions(), 910)
            .ShouldBe("3 lone-dot within 10m");

    [Fact]
    public void Refusals_are_told_one_by_one() =>
        Of([Marks.Of(0, Behaviour.RelayProbe) with { Failures = 20 }]).ShouldBe("20 relay-probe within 10m");

    [Fact]
    public void Of_many_kinds_four_are_named() =>
        Of([Marks.Of(0, Behaviour.LoneDot), Marks.Of(1, Behaviour.BlankLine), Marks.Of(2, Behaviour.GarbageCommand), Marks.Of(3, Behaviour.HttpRequest), Marks.Of(4, Behaviour.OtherProtocol)])
            .ShouldBe("1 lone-dot, 1 blank-line, 1 garbage-command, 1 http-request and others within 10m");

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(45, "45s")]
    [InlineData(600, "10m")]
    [InlineData(5_400, "1h30m")]
    [InlineData(604_800, "7d")]
    [InlineData(90_061, "1d1h")]
    public void Spans_are_written_as_in_the_configuration(int seconds, string text) => BanReason.Span(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    private static string Of(SessionMark[] marks) => JailOf(marks, new JailOptions(), 100);

    private static string JailOf(SessionMark[] marks, JailOptions jail, double at) => BanReason.Of(marks, jail, Marks.At(at).ToDateTimeOffset(), null);
}
