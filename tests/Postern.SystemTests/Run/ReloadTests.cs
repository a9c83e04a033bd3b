using System.Globalization;
using System.Text.Json;

namespace Postern.SystemTests.Run;

/// <summary>What an operator changes while the daemon runs takes effect, and is kept; what he writes wrongly does not.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Another_log_and_another_count_hold_from_the_reload_on_and_mistakes_change_nothing()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("postern-reload-");
        try
        {
            var (first, second) = (Path.Combine(folder.FullName, "first.log"), Path.Combine(folder.FullName, "second.log"));
            await File.WriteAllTextAsync(first, "", ct);
            await using var postern = await RunningPostern.StartAsync(first, null, "", ct);
            (await Logs(postern)).ShouldBe([(first, 0)]);

            var config = await File.ReadAllTextAsync(postern.Config, ct);
            await File.WriteAllTextAsync(postern.Config, $"{config}\n[[logs]]\npath = \"{second}\"\n[jail]\nmaxretry = 2\n", ct);
            (await postern.AskAsync("reload")).ExitCode.ShouldBe(0);
            (await Logs(postern)).ShouldBe([(first, 0), (second, 0)]);
            await File.WriteAllTextAsync(second, Knocks("192.0.2.7", 2), ct);
            await postern.UntilAsync(bans => bans is ["192.0.2.7/32"], ct);

            await File.WriteAllTextAsync(postern.Config, $"{config}\n[jail]\nmaxretri = 1\n", ct);
            var refused = await postern.AskAsync("reload");
            refused.ExitCode.ShouldNotBe(0);
            (refused.Output + refused.Error).ShouldContain("maxretry");
            await File.AppendAllTextAsync(second, Knocks("192.0.2.8", 2), ct);
            await postern.UntilAsync(bans => bans is ["192.0.2.7/32", "192.0.2.8/32"], ct);
            await postern.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Who_was_allowed_by_command_stays_allowed_after_a_restart()
    {
        var ct = TestContext.Current.CancellationToken;
        var log = Path.GetTempFileName();
        try
        {
            await using var postern = await RunningPostern.StartAsync(log, null, "", ct);
            (await postern.AskAsync("allow", "192.0.2.7")).ExitCode.ShouldBe(0);
            await postern.StopAsync();
            await File.AppendAllTextAsync(log, Knocks("192.0.2.7", 40), ct);
            await postern.StartAgainAsync(ct);
            await File.AppendAllTextAsync(log, Knocks("192.0.2.7", 40) + Knocks("192.0.2.9", 10), ct);
            await postern.UntilAsync(bans => bans is ["192.0.2.9/32"], ct);
            (await postern.AskAsync("explain", "192.0.2.7")).Output.ShouldContain("allow");
            await postern.StopAsync();
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static async Task<IReadOnlyList<(string, long)>> Logs(RunningPostern postern)
    {
        using var document = JsonDocument.Parse((await postern.AskAsync("status", "--format", "json")).OrThrow("status").Output);
        return [.. document.RootElement.GetProperty("logs").EnumerateArray().Select(log => (log.GetProperty("path").GetString()!, log.GetProperty("lines").GetInt64()))];
    }

    private static string Knocks(string client, int times)
    {
        var now = TimeProvider.System.GetLocalNow();
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss}");
        return string.Concat(Enumerable.Range(0, times).Select(i =>
            $"{stamp} mx postfix/smtpd[{100 + i}]: connect from unknown[{client}]\n{stamp} mx postfix/smtpd[{100 + i}]: warning: non-SMTP command from unknown[{client}]: .\n"
            + $"{stamp} mx postfix/smtpd[{100 + i}]: disconnect from unknown[{client}] unknown=0/1 commands=0/1\n"));
    }
}
