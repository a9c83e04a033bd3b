using Postern.Cli.Notifications;
using Postern.Cli.Notifications.Telling;
using Postern.Facts;

namespace Postern.Tests.Notifications;

/// <summary>What is found by looking at many: ban waves, and logs that fell silent.</summary>
public sealed class DetectorTests
{
    [Fact]
    public void Many_bans_within_ten_minutes_are_a_wave_that_is_told_once()
    {
        var waves = new WaveDetector(20);
        Enumerable.Range(0, 60).Select(i => waves.Take(Happenings.Ban(at: Happenings.Now.AddSeconds(10 * i)))).OfType<Happening>().ToList().ShouldHaveSingleItem().Count.ShouldBe(20);
        // An hour later there is another one.
        Enumerable.Range(0, 60).Select(i => waves.Take(Happenings.Ban(at: Happenings.Now.AddHours(1).AddSeconds(i)))).OfType<Happening>().ToList().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_quiet_day_an_operators_list_and_bans_from_elsewhere_are_no_wave()
    {
        var waves = new WaveDetector(20);
        Enumerable.Range(0, 500).Select(i => waves.Take(Happenings.Ban(at: Happenings.Now.AddMinutes(i)))).OfType<Happening>().ToList().ShouldBeEmpty();
        Enumerable.Range(0, 500).Select(_ => waves.Take(Happenings.Ban(jail: Ban.OperatorJail))).OfType<Happening>().ToList().ShouldBeEmpty();
        Enumerable.Range(0, 500).Select(_ => waves.Take(Happenings.Ban() with { From = Happenings.Now.AddDays(-1) })).OfType<Happening>().ToList().ShouldBeEmpty();
    }

    [Fact]
    public void A_log_without_lines_is_told_once_and_once_more_when_it_has_some()
    {
        var detector = new SilenceDetector(TimeSpan.FromHours(6));
        List<Happening> Look(int hours, params (string, long)[] logs) => [.. detector.Look(logs, Happenings.Now.AddHours(hours))];
        Look(0, ("/var/log/mail.log", 7), ("journal", 0)).ShouldBeEmpty();
        Look(5, ("/var/log/mail.log", 8), ("journal", 0)).ShouldBeEmpty();
        Look(6, ("/var/log/mail.log", 8), ("journal", 0)).Select(one => (one.Kind, one.Subject)).ShouldBe([(HappeningKind.SourceSilent, "journal")]);
        Look(10, ("/var/log/mail.log", 8), ("journal", 0)).ShouldBeEmpty();
        Look(11, ("/var/log/mail.log", 8), ("journal", 3)).Select(one => (one.Kind, one.Subject)).ShouldBe(
            [(HappeningKind.SourceSilent, "/var/log/mail.log"), (HappeningKind.SourceRecovered, "journal")]);
        // What is followed no more is forgotten.
        Look(12, ("journal", 3)).ShouldBeEmpty();
        Look(13, ("/var/log/mail.log", 8), ("journal", 4)).ShouldBeEmpty();
    }
}
