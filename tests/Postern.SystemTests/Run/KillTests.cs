using System.Globalization;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>
/// Killed at any moment of a busy run, the daemon loses no ban, invents none and counts no session twice; after each start its database
/// and the kernel hold the same.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int Banned = 750;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kills_at_random_moments_change_nothing_of_what_is_counted()
    {
        Machine.RequireLaboratory();
        await using var network = await Network.CreateAsync([], latePort: 0, Stop);
        using var log = new AbuseLog();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var postern = await RunningPostern.StartAsync(log.Path, network.Server, "[jail]\nsubnet_threshold = 0\nfindtime = \"1h\"", Stop);

        // Clients of 9 sessions must not be banned, clients of 10 must; their sessions are woven together.
        var sessions = Enumerable.Range(0, 2 * Banned).SelectMany(client => Enumerable.Repeat(client, IsBanned(client) ? 10 : 9)).ToArray();
        random.Shuffle(sessions);
        var parts = Enumerable.Range(0, Kills).Select(_ => random.Next(sessions.Length)).Order().Append(sessions.Length).ToArray();
        var counts = new int[2 * Banned];
        var from = 0;
        HashSet<string> stood = [];
        foreach (var to in parts)
        {
            await File.AppendAllTextAsync(log.Path, string.Concat(sessions[from..to].Select(Session)), Stop);
            foreach (var client in sessions.AsSpan(from..to))
            {
                counts[client]++;
            }

            from = to;
            if (to == sessions.Length)
            {
                break;
            }

            await Task.Delay(random.Next(30), Stop);
            await postern.Kill();
            // Between the kill and the start the kernel goes on alone.
            var left = await KernelBans.ReadAsync(network.Server);
            await postern.StartAgainAsync(Stop);
            var bans = await AgreeAsync(postern, network.Server, seed);
            bans.IsSupersetOf(stood).ShouldBeTrue($"seed {seed}: lost {string.Join(", ", stood.Except(bans, StringComparer.Ordinal))}");
            bans.IsSupersetOf(left).ShouldBeTrue($"seed {seed}: was in the kernel only: {string.Join(", ", left.Except(bans, StringComparer.Ordinal))}");
            bans.IsSubsetOf(Enumerable.Range(0, 2 * Banned).Where(client => counts[client] == 10).Select(Network32)).ShouldBeTrue($"seed {seed}: invented");
            stood = bans;
        }

        await postern.UntilAsync(bans => bans.Count >= Banned, Stop);
        (await AgreeAsync(postern, network.Server, seed)).Order(StringComparer.Ordinal).ToArray().ShouldBe(
            Enumerable.Range(0, 2 * Banned).Where(IsBanned).Select(Network32).Order(StringComparer.Ordinal).ToArray(), $"seed {seed}");
        foreach (var client in (int[])[1, 57, 199])
        {
            using var explained = JsonDocument.Parse((await postern.AskAsync("explain", Address(client), "--format", "json")).OrThrow("explain").Output);
            explained.RootElement.GetProperty("failures").GetArrayLength().ShouldBe(9, $"seed {seed}");
        }

        output.WriteLine($"{Banned} bans of {sessions.Length} sessions over {Kills} kills, none lost and none invented; database and kernel compared after each");
        await postern.StopAsync();
    }

    private static bool IsBanned(int client) => client % 2 == 0;

    private static string Address(int client) => string.Create(CultureInfo.InvariantCulture, $"198.18.{client / 250}.{(client % 250) + 1}");

    private static string Network32(int client) => $"{Address(client)}/32";

    // The bans, once the kernel holds exactly these: while the log is read on, both grow.
    private static async Task<HashSet<string>> AgreeAsync(RunningPostern postern, string server, int seed)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            HashSet<string> bans = [.. await postern.BansAsync()];
            var kernel = await KernelBans.ReadAsync(server);
            if (bans.SetEquals(kernel))
            {
                return bans;
            }

            (TimeProvider.System.GetElapsedTime(began) < s_patience).ShouldBeTrue(
                $"seed {seed}: only in the database: {string.Join(", ", bans.Except(kernel, StringComparer.Ordinal))}; only in the kernel: {string.Join(", ", kernel.Except(bans, StringComparer.Ordinal))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), Stop);
        }
    }

    private static string Session(int client)
    {
        var stamp = TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        string Line(string text) => $"{stamp} mx postfix/smtpd[{client % 7}]: {text}\n";
        var from = $"unknown[{Address(client)}]";
        return Line($"connect from {from}") + Line($"warning: non-SMTP command from {from}: .") + Line($"disconnect from {from} unknown=0/1 commands=0/1");
    }
}
