using System.Text;
using FsCheck.Xunit;
using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

public sealed class LogBlockReaderTests
{
    private const string Abuse = "Nov 25 01:51:40 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]";

    [Property(MaxTest = 12)]
    public void The_events_are_the_same_however_the_stream_is_cut(int seed)
    {
        var random = new Random(seed);
        var log = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 4_000).Select(LogSupport.Line)));
        using var whole = new MemoryStream(log);
        using var pieces = new ChunkedStream(log, () => random.Next(1, 5_000));
        LogSupport.Events(pieces).ShouldBe(LogSupport.Events(whole));
    }

    [Fact]
    public void A_line_at_the_border_of_a_block_is_read_whatever_its_offset()
    {
        for (var shift = 0; shift <= Abuse.Length + 2; shift++)
        {
            var filler = new string('f', LogBlock.Size - 1 - shift);
            Count(filler + "\n" + Abuse + "\n" + Abuse + "\n").ShouldBe((2, 0), $"shift {shift}");
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("\n\n\n", 0)]
    [InlineData(Abuse, 1)]
    [InlineData(Abuse + "\r\n" + Abuse + "\r\n", 2)]
    [InlineData("\0\0\0\0" + Abuse + "\n" + Abuse + "\n", 1)]
    [InlineData(Abuse + "\n\0\0\0\0\0\0\0\0\0\n" + Abuse, 2)]
    public void Odd_ends_and_empty_lines_lose_nothing(string log, int events) => Count(log).ShouldBe((events, 0));

    [Fact]
    public void A_line_of_ten_megabytes_is_cut_off_and_the_next_one_read()
    {
        var giant = Abuse[..^1] + new string('9', 10_000_000);
        Count(Abuse + "\n" + giant + "\n" + Abuse + "\n").ShouldBe((2, 1));
        Count(giant).ShouldBe((0, 1));
        Count(Abuse + "]: x " + giant + "\n" + giant + "\n" + Abuse).ShouldBe((2, 2));
    }

    [Fact]
    public void The_rest_of_a_long_line_is_never_a_line_of_its_own()
    {
        var forged = "Nov 25 01:51:40 mx postfix/smtpd[1]: warning: non-SMTP command from unknown[192.0.2.1]: ";
        for (var shift = -2; shift <= 2; shift++)
        {
            var line = (forged + new string('x', LogBlock.Size + shift - forged.Length)) + Abuse;
            using var stream = new MemoryStream(Encoding.ASCII.GetBytes(line + "\n"));
            LogSupport.Events(stream).ShouldHaveSingleItem().ShouldContain("NonSmtpCommand");
        }
    }

    [Fact]
    public void Lines_are_counted_by_what_they_are()
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(
            Abuse + "\nNov 25 01:51:40 mx sshd[1]: x\nrubbish\nNov 25 01:51:40 mx postfix/qmgr[1]: 76180D22E2: removed\n\n"
            + "Nox 25 01:51:40 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n"));
        var counts = (0, 0, 0);
        LogSupport.Read(new LogBlockReader(stream, 2026), block => counts = (block.Lines, block.PostfixLines, block.UnparsedLines));
        counts.ShouldBe((6, 2, 1));
    }

    [Fact]
    public void The_year_is_followed_from_block_to_block()
    {
        var log = new StringBuilder();
        for (var day = new DateTime(2025, 1, 1); day < new DateTime(2027, 1, 1); day = day.AddHours(3))
        {
            log.Append(System.Globalization.CultureInfo.InvariantCulture, $"{day:MMM} {day.Day,2} {day:HH}:00:00 mx postfix/smtpd[1]: connect from unknown[192.0.2.1]:1{new string(' ', 80)}\n");
        }

        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(log.ToString()));
        var events = LogSupport.Events(stream, 2025);
        events.Count.ShouldBe(730 * 8);
        events.ShouldBe(events.Order(StringComparer.Ordinal));
        events[^1].ShouldStartWith("2026-12-31");
    }

    private static (int Events, int LongLines) Count(string log)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(log));
        var reader = new LogBlockReader(stream, 2026);
        var events = 0;
        LogSupport.Read(reader, block => events += block.EventCount);
        return (events, reader.LongLines);
    }
}
