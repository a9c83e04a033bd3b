using System.Runtime.Versioning;
using System.Text.Json;
using Postern.SystemTests.Support;
using Postern.Tests.Notifications;

namespace Postern.SystemTests.Run;

/// <summary>The daemon tells people: by a real Postfix's sendmail, by HTTP, into a file; and goes on where it cannot.</summary>
[SupportedOSPlatform("linux")]
public sealed class NotificationTests : IAsyncDisposable
{
    private const string Abuser = "198.51.100.66";
    private readonly AbuseLog _log = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-notify-");
    private readonly HttpReceiver _receiver = HttpReceiver.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Events => Path.Combine(_folder.FullName, "log", "events.jsonl");

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Events_are_written_and_sent_and_a_restart_goes_on_behind_them()
    {
        await using var postern = await RunningPostern.StartAsync(_log.Path, null, Settings(), Stop);
        _log.Abuse(Abuser, 12);
        await postern.UntilAsync(bans => bans is [$"{Abuser}/32"], Stop);
        await UntilAsync(() => Bodies().Any(body => body.Contains(Abuser, StringComparison.Ordinal)));
        using (var body = JsonDocument.Parse(Bodies()[0]))
        {
            body.RootElement.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("would be banned: 198.51.100.66/32");
        }

        (await postern.AskAsync("unban", Abuser)).ExitCode.ShouldBe(0);
        await postern.StopAsync();
        Actions().ShouldBe(["start", "ban", "unban", "stop"]);
        await postern.StartAgainAsync(Stop);
        await postern.StopAsync();
        Actions().ShouldBe(["start", "ban", "unban", "stop", "start", "stop"]);
    }

    [Fact]
    public async Task The_test_says_of_each_way_whether_it_works_and_a_reload_changes_them()
    {
        await using var postern = await RunningPostern.StartAsync(_log.Path, null, "", Stop);
        var none = await postern.AskAsync("notify", "test");
        (none.ExitCode, none.Error.Trim()).ShouldBe((1, "postern: nobody is told of anything: set [events], [notify] or [[webhook]] in postern.toml"));

        await postern.ConfigureAsync(_log.Path, "127.0.0.1:9", Settings(), Stop);
        (await postern.AskAsync("reload")).ExitCode.ShouldBe(0);
        var both = await postern.AskAsync("notify", "test");
        both.ExitCode.ShouldBe(0, both.Error);
        both.Output.ShouldContain($"{Events}: works\n");
        both.Output.ShouldContain("webhook 127.0.0.1: works\n");
        Bodies().Count.ShouldBe(1);
        Actions().ShouldBe(["test"]);

        _receiver.Status = 403;
        var one = await postern.AskAsync("notify", "test", "--format", "json");
        one.ExitCode.ShouldBe(1);
        using var reply = JsonDocument.Parse(one.Output);
        reply.RootElement.GetProperty("schema").GetString().ShouldBe("postern.answer/1");
        reply.RootElement.GetProperty("results").EnumerateArray().Select(result => (result.GetProperty("subject").GetString(), result.GetProperty("outcome").GetString())).ShouldBe(
            [(Events, "Done"), ("webhook 127.0.0.1", "No")]);
        await postern.StopAsync();
    }

    [Fact]
    public async Task On_a_full_disk_it_is_said_once_and_bans_go_on()
    {
        Machine.RequireLaboratory();
        Directory.CreateDirectory(Path.GetDirectoryName(Events)!);
        await using var disk = await SmallDisk.MountAsync(Path.GetDirectoryName(Events)!, megabytes: 1);
        await using var postern = await RunningPostern.StartAsync(_log.Path, null, Settings(), Stop);
        await UntilAsync(() => File.Exists(Events) && Actions() is ["start"]);
        disk.Fill();
        for (var i = 1; i <= 20; i++)
        {
            (await postern.AskAsync("ban", $"203.0.113.{i}")).ExitCode.ShouldBe(0);
        }

        await postern.SaysAsync($"notifications, events: {Events} cannot be written", Stop);
        (await postern.StatusAsync()).GetProperty("troubles").EnumerateArray().Select(trouble => trouble.GetString()!).ShouldContain(trouble => trouble.Contains("cannot be written", StringComparison.Ordinal));
        _log.Abuse(Abuser, 12);
        await postern.UntilAsync(bans => bans.Contains($"{Abuser}/32", StringComparer.Ordinal), Stop);

        disk.Free();
        (await postern.AskAsync("unban", Abuser)).ExitCode.ShouldBe(0);
        await postern.SaysAsync("notifications, events: works again", Stop);
        postern.Said("cannot be written").ShouldBe(1, postern.Words);
        await postern.StopAsync();
        var actions = Actions();
        actions[0].ShouldBe("start");
        actions.ShouldContain("events-lost", StringComparer.Ordinal);
        actions[^2..].ShouldBe(["unban", "stop"]);
    }

    [Fact]
    public async Task Mail_goes_through_a_real_Postfix_and_is_no_evidence()
    {
        Machine.RequireLaboratory();
        // Postfix's own users must reach its folder.
        File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await using var network = await Network.CreateAsync([], latePort: 0, Stop);
        await using var postfix = await PrivatePostfix.StartAsync(network.Server, Path.Combine(_folder.FullName, "postfix"), PostfixSettings.Current, Stop);
        // The daemon of the tests is told of another main.cf, by the environment.
        var sendmail = Path.Combine(_folder.FullName, "sendmail");
        await File.WriteAllTextAsync(sendmail, "#!/bin/sh\nunset MAIL_CONFIG\nexec /usr/sbin/sendmail \"$@\"\n", Stop);
        File.SetUnixFileMode(sendmail, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var postern = await RunningPostern.StartAsync(_log.Path, network.Server, $"""
            [[logs]]
            notices = "{postfix.Notices}"
            [notify]
            mail_to = "postmaster"
            sendmail = "{sendmail}"
            digest = "off"
            language = "ja"
            """, Stop);
        var test = await postern.AskAsync("notify", "test");
        test.ExitCode.ShouldBe(0, test.Error);
        var mailbox = await postfix.FirstNoticeAsync(Stop);
        mailbox.ShouldContain("\nAuto-Submitted: auto-generated\n");
        mailbox.ShouldContain("\nSubject: =?utf-8?");
        mailbox.ShouldContain("(Postfix, from userid 0)");
        mailbox.ShouldNotContain("MAILER-DAEMON");
        (await postern.StatusAsync()).GetProperty("clients").GetInt32().ShouldBe(0);
        await postern.StopAsync();
    }

    private string Settings() => $"""
        [events]
        file = "{Events}"
        [[webhook]]
        url = "{_receiver.Address}hook"
        min_interval = "1s"
        events = ["ban", "brake"]
        """;

    private List<string> Bodies() => [.. _receiver.Requests.Select(static request => request.Body)];

    private List<string> Actions() => [.. File.ReadLines(Events).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("event").GetProperty("action").GetString()!;
    })];

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }
}
