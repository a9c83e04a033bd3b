using System.Text;
using FsCheck.Xunit;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Tests.Reports;

/// <summary>Times of the report for programs are written digit by digit, as the framework writes them.</summary>
public sealed class MomentsTests
{
    [Property(MaxTest = 2000)]
    public void A_time_is_written_as_the_framework_writes_it(ulong ticks, short minutes, bool isWhole, bool isMilliseconds)
    {
        var utc = (long)(ticks % (ulong)(DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay)) + TimeSpan.TicksPerDay;
        utc -= isWhole ? utc % TimeSpan.TicksPerSecond : isMilliseconds ? utc % TimeSpan.TicksPerMillisecond : 0;
        ShouldBeSame(new LogTime(utc, (short)(minutes % 841)));
    }

    [Fact]
    public void The_ends_of_the_calendar_are_written_too()
    {
        ShouldBeSame(new LogTime(1, 0));
        ShouldBeSame(new LogTime(1, -60));
        ShouldBeSame(new LogTime(DateTime.MaxValue.Ticks, 60));
        ShouldBeSame(new LogTime(DateTime.MaxValue.Ticks, 0));
    }

    private static void ShouldBeSame(LogTime time)
    {
        Span<byte> text = stackalloc byte[Moments.IsoLength];
        Encoding.ASCII.GetString(text[..Moments.Iso(time, text)]).ShouldBe(Moments.Iso(time));
    }
}
