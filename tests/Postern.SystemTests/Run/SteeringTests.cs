using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>What an operator tells the running daemon holds, is kept, and is shown as it is.</summary>
public sealed class SteeringTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-steer-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bans_by_command_keep_their_reason_and_are_lifted_together()
    {
        await using var postern = await StartAsync("");
        (await postern.AskAsync("ban", "192.0.2.71", "192.0.2.72", "--reason", "seen by hand", "--for", "2h")).ExitCode.ShouldBe(0);
        (await postern.AskAsync("ban", "192.0.2.71", "--for", "3h")).ExitCode.ShouldBe(0);
        var read = await PosternProgram.RunAsync(["ban", "-", "--config", postern.Config], "# theirs\n198.51.100.0/24 ; SBL1\nnobody\n203.0.113.9\n");
        (read.ExitCode, read.Error.Trim()).ShouldBe((1, "postern: line 3: 'nobody' is not an address or network"));

        var bans = (await JsonAsync(postern, "bans")).GetProperty("bans").EnumerateArray().ToDictionary(ban => ban.GetProperty("network").GetString()!, StringComparer.Ordinal);
        bans.Keys.Order(StringComparer.Ordinal).ShouldBe(["192.0.2.71/32", "192.0.2.72/32", "198.51.100.0/24", "203.0.113.9/32"]);
        bans["192.0.2.71/32"].GetProperty("reason").GetString().ShouldBe("seen by hand");
        (bans["192.0.2.71/32"].GetProperty("until").GetDateTimeOffset() > bans["192.0.2.72/32"].GetProperty("until").GetDateTimeOffset()).ShouldBeTrue();
        bans["192.0.2.71/32"].GetProperty("host").GetString().ShouldBe(Environment.MachineName);
        (await JsonAsync(postern, "bans", "198.51.100.7")).GetProperty("bans").EnumerateArray().Single().GetProperty("network").GetString().ShouldBe("198.51.100.0/24");
        (await postern.AskAsync("bans", "192.0.2.77")).ExitCode.ShouldBe(1);

        (await postern.AskAsync("unban", "--all")).Output.ShouldBe("would be lifted: 4 bans\n");
        (await postern.AskAsync("unban", "--all")).ExitCode.ShouldBe(1);
        await postern.StopAsync();
    }

    [Fact]
    public async Task Who_is_allowed_for_a_time_stays_so_after_a_restart_and_ends_by_itself()
    {
        await using var postern = await StartAsync("");
        (await postern.AskAsync("allow", "192.0.2.7", "--for", "7d")).ExitCode.ShouldBe(0);
        (await postern.AskAsync("allow", "192.0.2.8", "192.0.2.9")).ExitCode.ShouldBe(0);
        var unresolved = await postern.AskAsync("allow", "mx.postern-test.invalid");
        (unresolved.ExitCode, unresolved.Error.Trim()).ShouldBe((1, "postern: mx.postern-test.invalid does not resolve to an address: it was not added to the allow list"));
        (await postern.AskAsync("ban", "192.0.2.7")).ExitCode.ShouldBe(1);
        (await postern.AskAsync("allow", "192.0.2.10", "--for", "1s")).ExitCode.ShouldBe(0);
        (await postern.AskAsync("allow", "remove", "192.0.2.9")).ExitCode.ShouldBe(0);
        await postern.StopAsync();
        await postern.StartAgainAsync(Stop);

        async Task<Dictionary<string, JsonElement>> AllowedAsync() =>
            (await JsonAsync(postern, "allow", "list")).GetProperty("allowed").EnumerateArray().ToDictionary(row => row.GetProperty("entry").GetString()!, StringComparer.Ordinal);
        var began = TimeProvider.System.GetTimestamp();
        var allowed = await AllowedAsync();
        while (allowed.ContainsKey("192.0.2.10") && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Stop);
            allowed = await AllowedAsync();
        }

        allowed.Keys.Order(StringComparer.Ordinal).ShouldBe(["192.0.2.7", "192.0.2.8"]);
        (allowed["192.0.2.7"].GetProperty("until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays.ShouldBe(7, 0.1);
        // The daemon looks at the ends of exceptions once a second.
        int exitCode;
        while ((exitCode = (await postern.AskAsync("ban", "192.0.2.10")).ExitCode) != 0 && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Stop);
        }

        exitCode.ShouldBe(0);
        (await postern.AskAsync("ban", "192.0.2.8")).ExitCode.ShouldBe(1);
        await postern.StopAsync();
    }

    [Fact]
    public async Task A_reload_names_what_changed_and_status_forgets_what_is_configured_no_more()
    {
        await using var postern = await StartAsync("""
            [policy]
            listen = "unix:POLICY"
            """.Replace("POLICY", Path.Combine(_folder.FullName, "policy.sock"), StringComparison.Ordinal));
        var status = await JsonAsync(postern, "status");
        status.GetProperty("mode").GetString().ShouldBe("dry-run");
        status.GetProperty("sharing").GetProperty("state").GetString().ShouldBe("off");
        status.GetProperty("listeners").EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("policy");

        var config = await File.ReadAllTextAsync(postern.Config, Stop);
        var other = Path.Combine(_folder.FullName, "other.log");
        await File.WriteAllTextAsync(postern.Config, config.Replace(Log, other, StringComparison.Ordinal) + "\n[jail]\nmaxretry = 7\n[nftables]\ntable = \"ours\"\n", Stop);
        var reload = await postern.AskAsync("reload");
        reload.Output.ShouldBe("configuration reloaded\nin effect: jail.maxretry, logs\nneeds a restart of postern: nftables.table\n");
        await postern.SaysAsync("the change of nftables.table needs a restart of postern", Stop);
        (await JsonAsync(postern, "status")).GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("path").GetString()).ShouldBe([other]);
        (await PosternProgram.RunAsync(["config", "check", "--config", postern.Config])).Output.ShouldBe($"{postern.Config}: no mistakes\n");

        // The other log does not exist: that is told, and its end is not told as a recovery.
        await postern.SaysAsync(other, Stop);
        await postern.StopAsync();
        postern.Words.TrimEnd().ShouldEndWith("stopped");
        postern.Said("readable again").ShouldBe(0, postern.Words);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Log => Path.Combine(_folder.FullName, "mail.log");

    private async Task<RunningPostern> StartAsync(string more)
    {
        await File.WriteAllTextAsync(Log, "", Stop);
        return await RunningPostern.StartAsync(Log, null, more, Stop);
    }

    private static async Task<JsonElement> JsonAsync(RunningPostern postern, params string[] command)
    {
        var asked = await postern.AskAsync([.. command, "--format", "json"]);
        return JsonDocument.Parse(asked.OrThrow(string.Join(' ', command)).Output).RootElement;
    }
}
