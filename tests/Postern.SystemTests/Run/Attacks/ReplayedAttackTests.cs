using System.Diagnostics;
using System.Globalization;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>
/// A long attack in the log while the database is locked, unlocked, full, corrupt and restored: at the end of each part exactly those are
/// banned who did enough, in the daemon's words and in the kernel. 30,000 lines here; <c>tests/attacks</c> replays 2,000,000.
/// </summary>
public sealed class ReplayedAttackTests(ITestOutputHelper output)
{
    private const int LinesASession = 3;

    // Half of the clients do this often what is enough, half once less.
    private const int Enough = 10;
    private const int Parts = 10;
    private const int DiskMegabytes = 1024;
    private static readonly int s_lines = Environment.GetEnvironmentVariable("POSTERN_ATTACKS") is "all" ? 2_000_000 : 30_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(s_lines > 1_000_000 ? 6 : 2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replayed_attack_loses_no_ban_and_invents_none_whatever_becomes_of_the_database()
    {
        Machine.RequireLaboratory();
        await using var network = await Network.CreateAsync([], latePort: 0, Stop);
        using var log = new AbuseLog();
        await using var postern = await RunningPostern.PrepareAsync(log.Path, network.Server, "[jail]\nsubnet_threshold = 0\nfindtime = \"6h\"\nbantime = \"24h\"", "", Stop);
        await using var disk = await SmallDisk.MountAsync(postern.State, DiskMegabytes);
        await postern.StartAgainAsync(Stop);
        var attack = new Attack(log.Path, s_lines);
        var backup = Path.Combine(postern.Folder, "backup");

        async Task PlayAsync(string state)
        {
            var began = Stopwatch.GetTimestamp();
            var expected = await attack.AppendAsync(Stop);
            await AgreeAsync(postern, network.Server, expected, $"{state}, seed {attack.Seed}");
            output.WriteLine($"{state}: {expected.Count} bans after {attack.Lines} lines, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        }

        await PlayAsync("in order");
        await using (await HoldAsync(postern.State))
        {
            await PlayAsync("locked");
        }

        await PlayAsync("unlocked");
        disk.Fill();
        await PlayAsync("full");
        disk.Free();
        await PlayAsync("room again");

        // Broken while it is used.
        await BreakAsync(postern.State);
        await PlayAsync("corrupt");
        await RestartAsync(postern);
        await PlayAsync("after a kill");

        // Broken while nobody runs; the one of a moment ago is put back later.
        await postern.Kill();
        Directory.CreateDirectory(backup);
        foreach (var file in Directory.GetFiles(postern.State, "postern.sqlite*").Where(name => !name.Contains(".corrupt-", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(backup, Path.GetFileName(file)));
        }

        await BreakAsync(postern.State);
        await postern.StartAgainAsync(Stop);
        await PlayAsync("corrupt at the start");

        await postern.StopAsync();
        foreach (var file in Directory.GetFiles(postern.State, "postern.sqlite*"))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(backup))
        {
            File.Copy(file, Path.Combine(postern.State, Path.GetFileName(file)));
        }

        await postern.StartAgainAsync(Stop);
        await PlayAsync("restored");
        await RestartAsync(postern);
        await PlayAsync("at the end");
        postern.Words.ShouldNotContain("   at ");
        foreach (var line in postern.Words.Split('\n').Where(line => line.Contains("database", StringComparison.Ordinal) && !line.Contains("ready:", StringComparison.Ordinal)))
        {
            output.WriteLine(line);
        }

        output.WriteLine($"{attack.Lines} lines of {attack.Lines / LinesASession} sessions; none lost and none invented; the daemon took {Daemon.PeakMegabytes(postern.Pid)} MB at most");
        await postern.StopAsync();
    }

    private static async Task RestartAsync(RunningPostern postern)
    {
        await postern.Kill();
        await postern.StartAgainAsync(Stop);
    }

    // Another program that has the database to itself until it is let go.
    private static async Task<Holder> HoldAsync(string state)
    {
        var start = new ProcessStartInfo("python3", ["-c", "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],isolation_level=None,timeout=60)\nc.execute('BEGIN IMMEDIATE')\nprint('held',flush=True)\nsys.stdin.read()", Path.Combine(state, "postern.sqlite")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        (await process.StandardOutput.ReadLineAsync(Stop)).ShouldBe("held");
        return new Holder(process);
    }

    private static async Task BreakAsync(string state)
    {
        foreach (var file in Directory.GetFiles(state, "postern.sqlite*").Where(name => !name.EndsWith("-shm", StringComparison.Ordinal) && !name.Contains(".corrupt-", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            var garbage = new byte[Math.Min(stream.Length, 1 << 20)];
            Array.Fill(garbage, (byte)0x5A);
            await stream.WriteAsync(garbage, Stop);
        }
    }

    private static async Task AgreeAsync(RunningPostern postern, string server, HashSet<string> expected, string when)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            HashSet<string> bans = [.. await postern.BansAsync()];
            bans.IsSubsetOf(expected).ShouldBeTrue($"{when}: invented {string.Join(", ", bans.Except(expected, StringComparer.Ordinal).Take(20))}");
            if (bans.Count == expected.Count && (await KernelBans.ReadAsync(server)).SetEquals(expected))
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue(
                $"{when}: {expected.Count - bans.Count} of {expected.Count} not banned, such as {string.Join(", ", expected.Except(bans, StringComparer.Ordinal).Take(20))}\n{postern.Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        }
    }

    private sealed class Holder(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(Stop);
            process.Dispose();
        }
    }

    /// <summary>The log: sessions of one client lie within a tenth of the whole, so that most attacks go on while something happens.</summary>
    private sealed class Attack
    {
        private readonly string _path;
        private readonly int[] _sessions;
        private readonly int[] _counts;
        private int _part;
        private int _next;

        public Attack(string path, int lines)
        {
            _path = path;
            var clients = lines / LinesASession * 2 / ((2 * Enough) - 1);
            var random = new Random(Seed);
            _counts = new int[clients];
            var rows = new List<(double At, int Client)>();
            for (var client = 0; client < clients; client++)
            {
                var start = random.NextDouble();
                for (var i = 0; i < (client % 2 == 0 ? Enough : Enough - 1); i++)
                {
                    rows.Add((start + (random.NextDouble() / Parts), client));
                }
            }

            rows.Sort();
            _sessions = [.. rows.Select(row => row.Client)];
        }

        public int Seed { get; } = Environment.TickCount;

        public int Lines => _next * LinesASession;

        /// <summary>Writes the next part, and tells who is to be banned by then.</summary>
        public async Task<HashSet<string>> AppendAsync(CancellationToken stop)
        {
            var end = ++_part >= Parts ? _sessions.Length : (int)((long)_sessions.Length * _part / Parts);
            var text = new StringBuilder();
            var stamp = TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
            for (; _next < end; _next++)
            {
                var client = _sessions[_next];
                _counts[client]++;
                var (process, from) = (_next % 97, $"unknown[{Address(client)}]");
                text.Append(CultureInfo.InvariantCulture, $"{stamp} mx postfix/smtpd[{process}]: connect from {from}\n{stamp} mx postfix/smtpd[{process}]: warning: non-SMTP command from {from}: .\n")
                    .Append(CultureInfo.InvariantCulture, $"{stamp} mx postfix/smtpd[{process}]: disconnect from {from} unknown=0/1 commands=0/1\n");
            }

            await File.AppendAllTextAsync(_path, text.ToString(), stop);
            return [.. Enumerable.Range(0, _counts.Length).Where(client => _counts[client] >= Enough).Select(client => $"{Address(client)}/32")];
        }

        private static string Address(int client) => string.Create(CultureInfo.InvariantCulture, $"198.{18 + (client / 62_500)}.{client / 250 % 250}.{(client % 250) + 1}");
    }
}
