using System.Globalization;
using System.Text;
using Postern.Capture.Grammar;
using Postern.Facts;

namespace Postern.Tests.Capture.Grammar;

/// <summary>The hour that comes twice, in Berlin's zone: 25 October 2026, 03:00 CEST is 02:00 CET.</summary>
public sealed class LocalClockTests
{
    [Fact]
    public void The_order_of_lines_tells_which_pass_of_the_hour_it_is() =>
        Read(0, false, "01:59:59", "02:00:01", "02:30:00", "02:59:58", "02:59:57", "02:00:00", "02:30:00", "02:59:59", "03:00:00")
            .ShouldBe(["23:59:59", "00:00:01", "00:30:00", "00:59:58", "00:59:57", "01:00:00", "01:30:00", "01:59:59", "02:00:00"]);

    [Fact]
    public void Without_a_step_back_it_is_the_first_and_behind_the_hour_the_second()
    {
        Read(0, false, "02:30:00", "02:40:00").ShouldBe(["00:30:00", "00:40:00"]);
        Read(0, false, "03:00:01", "02:59:59").ShouldBe(["02:00:01", "01:59:59"]);
    }

    [Fact]
    public void A_line_that_was_just_written_is_of_now()
    {
        Read(Utc("00:30:01"), true, "02:30:00", "02:30:01").ShouldBe(["00:30:00", "00:30:01"]);
        Read(Utc("01:30:01"), true, "02:30:00", "02:30:01").ShouldBe(["01:30:00", "01:30:01"]);
    }

    [Fact]
    public void Lines_that_a_restart_in_the_second_pass_reads_go_by_their_order() =>
        Read(Utc("01:40:00"), false, "02:10:00", "02:50:00", "02:05:00", "02:39:59").ShouldBe(["00:10:00", "00:50:00", "01:05:00", "01:39:59"]);

    [Fact]
    public void No_line_is_later_than_its_reading() =>
        Read(Utc("01:10:00"), false, "02:10:00", "02:05:00", "02:50:00").ShouldBe(["00:10:00", "01:05:00", "00:50:00"]);

    [Fact]
    public void In_springs_gap_the_offset_before_it_counts()
    {
        var grammar = New();
        Time(grammar, "Mar 29 02:30:00").ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero));
    }

    private static List<string> Read(long readAt, bool isLive, params string[] times)
    {
        var grammar = New();
        grammar.ReadAt(readAt, isLive);
        return [.. times.Select(time => Time(grammar, "Oct 25 " + time).UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture))];
    }

    private static long Utc(string time) => DateTimeOffset.Parse($"2026-10-25T{time}Z", CultureInfo.InvariantCulture).UtcTicks;

    private static LineGrammar New()
    {
        var grammar = new LineGrammar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        grammar.StartAt(2026, 0);
        return grammar;
    }

    private static DateTimeOffset Time(LineGrammar grammar, string stamp)
    {
        SmtpEvent e = default;
        grammar.Read(Encoding.ASCII.GetBytes(stamp + " mx postfix/smtpd[1]: connect from unknown[192.0.2.1]"), ref e).ShouldBe(LineClass.Event);
        return e.Time.ToDateTimeOffset();
    }
}
