using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The bans of an installed fail2ban, started privately with an action that does nothing, go over to Postern.</summary>
public sealed class ImportTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-import-").FullName;

    private string Config => Path.Combine(_folder, "etc");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_folder, "socket")))
        {
            await AskAsync("stop");
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Bans_go_over_with_their_end_without_a_daemon_and_to_a_running_one()
    {
        await StartAsync();
        var first = await BanAsync("postfix", "203.0.113.5");
        await BanAsync("sshd", "203.0.113.6");
        var ct = TestContext.Current.CancellationToken;
        await using var postern = await RunningPostern.PrepareAsync(Path.Combine(_folder, "other.log"), null, "", "", ct);
        await File.WriteAllTextAsync(postern.Config, "mode = \"dry-run\"\n" + await File.ReadAllTextAsync(postern.Config, ct), ct);

        var shown = await ImportAsync(postern, "--dry-run");
        shown.GetProperty("active").GetInt32().ShouldBe(1);
        Directory.GetFiles(postern.State).ShouldBeEmpty();
        shown.GetProperty("settings").GetString()!.ShouldContain("allow = [\"203.0.113.200\"]");
        shown.GetProperty("left").EnumerateArray().Select(left => left.GetString()!).ShouldContain(left => left.Contains("jail sshd", StringComparison.Ordinal));

        (await ImportAsync(postern)).GetProperty("target").GetString().ShouldBe("database");
        await postern.StartAgainAsync(ct);
        var row = (await RowsAsync(postern)).ShouldHaveSingleItem();
        (row.Network, row.Jail, row.Reason).ShouldBe(("203.0.113.5/32", "postfix", "imported from fail2ban jail postfix"));
        // fail2ban-client and fail2ban's database round the same moment in their own ways.
        row.Until.ShouldBe(first, TimeSpan.FromSeconds(1));

        var second = await BanAsync("postfix", "203.0.113.7");
        var taken = await ImportAsync(postern);
        (taken.GetProperty("target").GetString(), taken.GetProperty("active").GetInt32(), taken.GetProperty("known").GetInt32()).ShouldBe(("daemon", 1, 1));
        var rows = (await RowsAsync(postern)).OrderBy(one => one.Network, StringComparer.Ordinal).ToList();
        rows.Select(one => one.Network).ShouldBe(["203.0.113.5/32", "203.0.113.7/32"]);
        rows[0].Until.ShouldBe(first, TimeSpan.FromSeconds(1));
        rows[1].Until.ShouldBe(second, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_doctor_tells_while_both_run_the_same_jails()
    {
        await StartAsync();
        var config = Path.Combine(_folder, "postern.toml");
        await File.WriteAllTextAsync(config, $"[fail2ban]\nconfig = \"{Config}\"\n", TestContext.Current.CancellationToken);
        (await DoctorAsync(config)).Contains("fail2ban-twice", StringComparer.Ordinal).ShouldBeTrue();
        await AskAsync("stop");
        (await DoctorAsync(config)).Contains("fail2ban-twice", StringComparer.Ordinal).ShouldBeFalse();
    }

    private static async Task<string[]> DoctorAsync(string config)
    {
        using var report = JsonDocument.Parse((await PosternProgram.RunAsync(["doctor", "--offline", "--format", "json", "--config", config])).Output);
        return [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()!)];
    }

    private async Task<JsonElement> ImportAsync(RunningPostern postern, params string[] more)
    {
        using var report = JsonDocument.Parse((await postern.AskAsync(["import", "fail2ban", "--fail2ban", Config, "--format", "json", .. more])).OrThrow("import").Output);
        return report.RootElement.Clone();
    }

    private static async Task<IReadOnlyList<(string Network, string Jail, DateTimeOffset Until, string Reason)>> RowsAsync(RunningPostern postern)
    {
        using var reply = JsonDocument.Parse((await postern.AskAsync("bans", "--format", "json")).OrThrow("bans").Output);
        return [.. reply.RootElement.GetProperty("bans").EnumerateArray().Select(ban =>
            (ban.GetProperty("network").GetString()!, ban.GetProperty("jail").GetString()!, ban.GetProperty("until").GetDateTimeOffset(), ban.GetProperty("reason").GetString()!))];
    }

    private async Task StartAsync()
    {
        if (!File.Exists("/usr/bin/fail2ban-server"))
        {
            Assert.Skip("needs the Debian package fail2ban");
        }

        (await Command.RunAsync(["cp", "-rL", "/etc/fail2ban", Config], s_patience)).OrThrow("cp");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Config, "jail.d")))
        {
            File.Delete(file);
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "mail.log"), "");
        await File.WriteAllTextAsync(Path.Combine(_folder, "other.log"), "");
        await File.WriteAllTextAsync(Path.Combine(Config, "action.d", "nothing.conf"), "[Definition]\nactionban = true\nactionunban = true\n");
        await File.WriteAllTextAsync(Path.Combine(Config, "jail.local"), $"""
            [DEFAULT]
            backend = polling
            action = nothing
            bantime = 1h
            ignoreip = 127.0.0.1/8 203.0.113.200
            [postfix]
            enabled = true
            logpath = {_folder}/mail.log
            [sshd]
            enabled = true
            backend = polling
            logpath = {_folder}/mail.log
            """);
        await File.WriteAllTextAsync(Path.Combine(Config, "fail2ban.local"), $"""
            [Definition]
            logtarget = {_folder}/fail2ban.log
            socket = {_folder}/socket
            pidfile = {_folder}/pid
            dbfile = {_folder}/fail2ban.sqlite3
            """);
        (await AskAsync("start")).OrThrow("fail2ban-client start");
    }

    // Bans, and gives the end that fail2ban itself tells once it has done so.
    private async Task<DateTimeOffset> BanAsync(string jail, string address)
    {
        (await AskAsync("set", jail, "banip", address)).OrThrow("banip");
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var told = (await AskAsync("get", jail, "banip", "--with-time")).OrThrow("get banip").Output;
            if (told.Split('\n').FirstOrDefault(line => line.StartsWith(address, StringComparison.Ordinal)) is { } row)
            {
                return DateTimeOffset.ParseExact(row.Split('=')[1].Trim(), "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeLocal);
            }

            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue(told);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    private Task<CommandResult> AskAsync(params string[] words) =>
        Command.RunAsync(["fail2ban-client", "-c", Config, "-s", $"{_folder}/socket", "-p", $"{_folder}/pid", .. words], s_patience);
}
