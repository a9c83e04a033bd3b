using Microsoft.Extensions.Time.Testing;
using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

/// <summary>Traditional stamps bear no year.</summary>
public sealed class YearOfBatchTests
{
    [Fact]
    public void A_batch_that_begins_after_New_Year_is_of_the_new_year_however_long_the_log_was_silent()
    {
        using var log = new RotatedLog();
        using var file = new FollowedFile(log.Path, null, new FakeTimeProvider(new DateTimeOffset(2027, 9, 1, 0, 0, 0, TimeSpan.Zero)));
        Year(log, file, "Dec 31 23:59:59", new DateTime(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc)).ShouldBe(2026);
        Year(log, file, "Jan  1 00:00:01", new DateTime(2027, 1, 1, 0, 0, 1, DateTimeKind.Utc)).ShouldBe(2027);
        Year(log, file, "Dec 31 23:59:58", new DateTime(2027, 1, 1, 0, 0, 2, DateTimeKind.Utc)).ShouldBe(2026);
        Year(log, file, "Jan  9 00:00:01", new DateTime(2027, 1, 9, 0, 0, 1, DateTimeKind.Utc)).ShouldBe(2027);
        Year(log, file, "Aug 30 00:00:01", new DateTime(2027, 8, 30, 0, 0, 1, DateTimeKind.Utc)).ShouldBe(2027);
    }

    private static int Year(RotatedLog log, FollowedFile file, string stamp, DateTime written)
    {
        File.AppendAllText(log.Path, stamp + " mx postfix/smtpd[1]: connect from unknown[192.0.2.1]\n");
        File.SetLastWriteTimeUtc(log.Path, written);
        var batch = file.Next(new byte[LogBlock.Size]).ShouldNotBeNull();
        return batch.Year;
    }
}
