using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Postern.SystemTests.Run;

/// <summary>The daemon counts every failure once while its log is rotated under load, and when it was rotated while it was down.</summary>
public sealed class RotationTests : IDisposable
{
    private const string JournalRemote = "/lib/systemd/systemd-journal-remote";
    private const int Clients = 20;
    private const int Rounds = 12;
    private const int SessionsARound = 10;
    private const int AllOfAClient = Rounds * SessionsARound;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-rotation-");
    private int _sessions;

    private string Log => Path.Combine(_folder.FullName, "mail.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("rename")]
    [InlineData("rename, and the writer goes on with the old file for a while")]
    [InlineData("copy and truncate")]
    [InlineData("rename and compress")]
    public async Task Every_failure_counts_once_through_rotations(string kind)
    {
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Log, "", ct);
        await using var postern = await RunningPostern.StartAsync(Log, null, Jail, ct);
        for (var round = 0; round < Rounds; round++)
        {
            await AppendAsync(Log, SessionsARound - 4, ct);
            // A daemon that was killed before it kept anything begins with the log as it is then.
            if (round == 0)
            {
                await UntilAsync(postern, Clients, SessionsARound - 4, ct);
            }

            var old = Rotate(kind);
            if (kind.Contains("goes on", StringComparison.Ordinal))
            {
                await AppendAsync(old, 2, ct);
            }

            await AppendAsync(Log, kind.Contains("goes on", StringComparison.Ordinal) ? 2 : 4, ct);
            if (round % 4 == 2)
            {
                await postern.Kill();
            }
            else if (round % 4 == 3)
            {
                await postern.StartAgainAsync(ct);
            }
        }

        await UntilAllAreCountedAsync(postern, ct);
    }

    [Fact]
    public async Task A_log_that_comes_later_and_one_that_is_made_anew_are_counted()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var postern = await RunningPostern.StartAsync(Log, null, Jail, ct);
        for (var round = 0; round < Rounds; round++)
        {
            await AppendAsync(Log, SessionsARound, ct);
            await UntilAsync(postern, Clients, (round + 1) * SessionsARound, ct);
            File.Delete(Log);
        }

        await UntilAllAreCountedAsync(postern, ct);
    }

    [Fact]
    public async Task Every_failure_counts_once_through_the_journals_rotation()
    {
        if (!File.Exists(JournalRemote))
        {
            Assert.Skip("The test needs systemd-journal-remote (tests/Postern.SystemTests/packages-run.txt).");
        }

        var ct = TestContext.Current.CancellationToken;
        var journal = Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal")).FullName;
        await using var postern = await RunningPostern.StartAsync(Log, null, $"{Jail}\n[[logs]]\njournal = true\ndirectory = \"{journal}\"", ct);
        for (var round = 0; round < Rounds; round++)
        {
            var file = Path.Combine(journal, "remote.journal");
            await WriteJournalAsync(file, SessionsARound / 2, ct);
            await WriteJournalAsync(file, SessionsARound / 2, ct);
            // As journald archives a file: under another name in the same directory.
            File.Move(file, Path.Combine(journal, $"remote@{round:x32}-{round:x16}-{round:x16}.journal"));
            if (round % 4 == 2)
            {
                await postern.Kill();
            }
            else if (round % 4 == 3)
            {
                await postern.StartAgainAsync(ct);
            }
        }

        await UntilAllAreCountedAsync(postern, ct);
    }

    private const string Jail = "[jail]\nsubnet_threshold = 0\nfindtime = \"1h\"\nmaxretry = 100000";

    private static async Task UntilAllAreCountedAsync(RunningPostern postern, CancellationToken ct)
    {
        await UntilAsync(postern, Clients, AllOfAClient, ct);
        for (var client = 1; client <= Clients; client++)
        {
            (await FailuresAsync(postern, client)).ShouldBe(AllOfAClient, Address(client));
        }

        await postern.StopAsync();
    }

    // The sessions of the last client come last.
    private static async Task UntilAsync(RunningPostern postern, int client, int failures, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await FailuresAsync(postern, client) is var counted && counted < failures)
        {
            (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(90)).ShouldBeTrue($"{Address(client)} has {counted} of {failures} failures\n{postern.Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    private static async Task<int> FailuresAsync(RunningPostern postern, int client)
    {
        using var explained = JsonDocument.Parse((await postern.AskAsync("explain", Address(client), "--format", "json")).OrThrow("explain").Output);
        return explained.RootElement.GetProperty("failures").GetArrayLength();
    }

    // Sessions of all clients in turn, so that any of them may be torn by a rotation.
    private Task AppendAsync(string path, int sessionsOfEach, CancellationToken ct) =>
        File.AppendAllTextAsync(path, string.Concat(Sessions(sessionsOfEach).Select(line => $"{TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} mx postfix/smtpd[{line.Process}]: {line.Text}\n")), ct);

    private IEnumerable<(int Process, string Text)> Sessions(int sessionsOfEach)
    {
        for (var i = 0; i < sessionsOfEach * Clients; i++)
        {
            var (process, from) = (++_sessions, $"unknown[{Address((i % Clients) + 1)}]");
            yield return (process, $"connect from {from}");
            yield return (process, $"warning: non-SMTP command from {from}: .");
            yield return (process, $"disconnect from {from} unknown=0/1 commands=0/1");
        }
    }

    private string Rotate(string kind)
    {
        for (var generation = Rounds; generation > 0; generation--)
        {
            foreach (var end in (string[])["", ".gz"])
            {
                if (File.Exists($"{Log}.{generation}{end}"))
                {
                    File.Move($"{Log}.{generation}{end}", $"{Log}.{generation + 1}{end}", overwrite: true);
                }
            }
        }

        var old = Log + ".1";
        if (kind is "copy and truncate")
        {
            File.Copy(Log, old);
            using var file = new FileStream(Log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(0);
            return old;
        }

        File.Move(Log, old);
        if (kind is "rename and compress")
        {
            using (var packed = new GZipStream(File.Create(old + ".gz"), CompressionLevel.Fastest))
            {
                packed.Write(File.ReadAllBytes(old));
            }

            File.Delete(old);
        }

        return old;
    }

    private async Task WriteJournalAsync(string file, int sessionsOfEach, CancellationToken ct)
    {
        var entries = new StringBuilder();
        foreach (var (process, text) in Sessions(sessionsOfEach))
        {
            var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            entries.Append(CultureInfo.InvariantCulture, $"""
                __REALTIME_TIMESTAMP={now}
                __MONOTONIC_TIMESTAMP={now}
                _BOOT_ID=8e4f8bd1b1c24a0c8e5a8e5a8e5a8e5a
                _MACHINE_ID=8e4f8bd1b1c24a0c8e5a8e5a8e5a8e5b
                _HOSTNAME=mx
                SYSLOG_FACILITY=2
                SYSLOG_IDENTIFIER=postfix/smtpd
                SYSLOG_PID={process}
                MESSAGE={text}


                """);
        }

        using var remote = Process.Start(new ProcessStartInfo(JournalRemote, ["--output=" + file, "-"]) { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var words = remote.StandardError.ReadToEndAsync(ct);
        await remote.StandardInput.WriteAsync(entries.ToString().AsMemory(), ct);
        remote.StandardInput.Close();
        await remote.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromSeconds(60), ct);
        remote.ExitCode.ShouldBe(0, await words);
    }

    private static string Address(int client) => $"198.51.100.{client}";
}
