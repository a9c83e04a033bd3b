using System.Globalization;
using System.Text.Json;

namespace Postern.SystemTests.Run;

/// <summary>Killed at any moment of a busy run, the daemon loses no ban, invents none and counts no session twice.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 50;

    [Fact]
    public async Task Kills_at_random_moments_change_nothing_of_what_is_counted()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("postern-kill-");
        var log = Path.Combine(folder.FullName, "mail.log");
        await File.WriteAllTextAsync(log, "", ct);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var postern = await RunningPostern.StartAsync(log, null, "[jail]\nsubnet_threshold = 0\nfindtime = \"1h\"", ct);
        try
        {
            // Clients of 9 sessions must not be banned, clients of 10 must; their sessions are woven together.
            var sessions = Enumerable.Range(1, 200).SelectMany(client => Enumerable.Repeat(client, client % 2 == 0 ? 10 : 9)).ToArray();
            random.Shuffle(sessions);
            var parts = Enumerable.Range(0, Kills + 1).Select(_ => random.Next(sessions.Length)).Order().Append(sessions.Length).ToArray();
            var from = 0;
            foreach (var to in parts)
            {
                await File.AppendAllTextAsync(log, string.Concat(sessions[from..to].Select(Session)), ct);
                from = to;
                if (to == sessions.Length)
                    break;
                await Task.Delay(random.Next(30), ct);
                await postern.Kill();
                await postern.StartAgainAsync(ct);
            }

            await postern.UntilAsync(bans => bans.Count >= 100, ct);
            (await postern.BansAsync()).ToArray().ShouldBe(
                Enumerable.Range(1, 200).Where(client => client % 2 == 0).Select(client => $"{Address(client)}/32").Order(StringComparer.Ordinal).ToArray(), $"seed {seed}");
            foreach (var client in (int[])[1, 57, 199])
            {
                using var explained = JsonDocument.Parse((await postern.AskAsync("explain", Address(client), "--format", "json")).OrThrow("explain").Output);
                explained.RootElement.GetProperty("failures").GetArrayLength().ShouldBe(9, $"seed {seed}");
            }

            output.WriteLine($"100 bans of {sessions.Length} sessions over {Kills} kills, none lost and none invented");
            await postern.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Address(int client) => $"198.51.{100 + (client / 250)}.{client % 250}";

    private static string Session(int client)
    {
        var stamp = TimeProvider.System.GetLocalNow().ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        string Line(string text) => $"{stamp} mx postfix/smtpd[{client % 7}]: {text}\n";
        var from = $"unknown[{Address(client)}]";
        return Line($"connect from {from}") + Line($"warning: non-SMTP command from {from}: .") + Line($"disconnect from {from} unknown=0/1 commands=0/1");
    }
}
