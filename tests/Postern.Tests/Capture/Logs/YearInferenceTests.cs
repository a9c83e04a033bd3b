using System.Globalization;
using System.Text;
using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

public sealed class YearInferenceTests
{
    [Theory]
    // Within a year, over New Year, and a log of last year.
    [InlineData("Nov 20", "Nov 25", "2026-11-25", 2026)]
    [InlineData("Dec 28", "Jan  3", "2026-01-03", 2025)]
    [InlineData("Dec 28", "Dec 31", "2026-01-03", 2025)]
    [InlineData("Jan  1", "Jan  3", "2026-01-03", 2026)]
    [InlineData("Nov 26", "Nov 25", "2026-11-25", 2025)]
    // A clock a day ahead is no log of last year, two days are.
    [InlineData("Nov 26", "Nov 26", "2026-11-25", 2026)]
    [InlineData("Nov 27", "Nov 27", "2026-11-25", 2025)]
    [InlineData("Jan  1", "Jan  1", "2025-12-31", 2026)]
    // 29 February, only where there is one.
    [InlineData("Feb 29", "Feb 29", "2026-11-25", 2024)]
    [InlineData("Feb 29", "Feb 29", "2024-03-01", 2024)]
    [InlineData("Feb 29", "Feb 29", "2024-02-01", 2020)]
    // The end cannot be looked at.
    [InlineData("Dec 28", "", "2026-01-03", 2025)]
    [InlineData("Jan  3", "", "2026-01-03", 2026)]
    // No stamps without year.
    [InlineData("", "", "2026-01-03", 2026)]
    public void The_year_is_the_latest_that_is_not_in_the_future(string first, string last, string written, int year) =>
        YearInference.FirstYear(Lines(first), Lines(last), DateTimeOffset.Parse(written + "T12:00:00Z", CultureInfo.InvariantCulture)).ShouldBe(year);

    [Fact]
    public void Lines_without_stamp_and_cut_lines_are_passed_over() =>
        YearInference.FirstYear(
            Encoding.ASCII.GetBytes("rubbish\n\nNov 25 01:02:03 mx a[1]: x\n"), Encoding.ASCII.GetBytes("cut line\nJan  2 01:02:03 mx a[1]: x\nrubbish\n\n"),
            new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero)).ShouldBe(2025);

    private static byte[] Lines(string day) => day.Length == 0 ? [] : Encoding.ASCII.GetBytes(day + " 12:00:00 mx postfix/smtpd[1]: x\n");
}
