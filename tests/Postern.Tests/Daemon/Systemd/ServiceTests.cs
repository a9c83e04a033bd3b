using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.Systemd;

namespace Postern.Tests.Daemon.Systemd;

/// <summary>One daemon a state folder, and a log of one line a word.</summary>
public sealed class ServiceTests
{
    [Fact]
    public void A_state_folder_has_one_daemon_until_that_ends()
    {
        var folder = Path.Combine(Directory.CreateTempSubdirectory("postern-").FullName, "state");
        var (first, failure) = InstanceLock.Take(folder);
        failure.ShouldBeNull();
        var (second, taken) = InstanceLock.Take(folder);
        second.ShouldBeNull();
        taken.ShouldBe($"postern already runs with the state folder {folder}");
        first!.Dispose();
        var (third, free) = InstanceLock.Take(folder);
        free.ShouldBeNull();
        third!.Dispose();
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public void A_state_folder_that_cannot_be_is_told() =>
        InstanceLock.Take("/proc/postern").Failure.ShouldNotBeNull().ShouldStartWith("the state folder /proc/postern cannot be made: ");

    [Fact]
    public void The_journal_gets_priorities_and_one_line_a_word_whatever_a_client_wrote()
    {
        using var output = new StringWriter();
        using var log = new ServiceLog(output, isJournal: true, LogLevel.Information, new FakeTimeProvider());
        var logger = log.CreateLogger("any");
        Say(logger, LogLevel.Debug, "not said");
        Say(logger, LogLevel.Information, "one\n<0>two\u001b[2J");
        Say(logger, LogLevel.Warning, "three");
        log.Least = LogLevel.Debug;
        Say(logger, LogLevel.Debug, "four");
        output.ToString().ShouldBe("<6>one\\n<0>two\\x1B[2J\n<4>three\n<7>four\n");
    }

    [Fact]
    public void Anybody_else_gets_the_time_and_the_level_in_words()
    {
        using var output = new StringWriter();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 1, 2, 3, TimeSpan.Zero));
        using var log = new ServiceLog(output, isJournal: false, LogLevel.Information, time);
        Say(log.CreateLogger("any"), LogLevel.Error, "broken");
        output.ToString().ShouldBe("2026-11-25 01:02:03.000 +00:00 error broken\n");
    }

    private static void Say(ILogger logger, LogLevel level, string text) => logger.Log(level, default, text, null, static (state, _) => state);
}
