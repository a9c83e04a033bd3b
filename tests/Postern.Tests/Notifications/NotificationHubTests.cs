using System.Runtime.Versioning;
using System.Text.Json;
using MimeKit;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications;
using Postern.Cli.Notifications.Telling;
using Postern.Engine.Supervision;

namespace Postern.Tests.Notifications;

/// <summary>Whatever is added reaches whoever wants it, at the latest at the end, and whoever adds it never waits.</summary>
[SupportedOSPlatform("linux")]
public sealed class NotificationHubTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-hub-");
    private readonly List<(string What, string? Why)> _said = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Events => Path.Combine(_folder.FullName, "events.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Where_nothing_is_configured_there_is_none() => NotificationHub.Open(new PosternOptions(), Surroundings()).ShouldBeNull();

    [Fact]
    public async Task The_end_tells_what_is_left()
    {
        await using (var hub = NotificationHub.Open(Options("exit 0"), Surroundings())!)
        {
            hub.Add(Happenings.Ban());
            hub.Add(Happenings.Takeover());
            hub.Add(new Happening(HappeningKind.Stop, Happenings.Now));
        }

        Actions().ShouldBe(["ban", "account-takeover", "stop"]);
        // The ban is no alert.
        using var mail = Mails().ShouldHaveSingleItem();
        mail.Subject.ShouldBe("Postern on mx.example.org: account takeover");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_names_each_way_and_whether_it_works()
    {
        var options = Options("echo 'postdrop: cannot write' >&2; exit 75") with { Webhooks = [new WebhookSettings { Url = "http://127.0.0.1:9/SECRET" }] };
        await using var hub = NotificationHub.Open(options, Surroundings())!;
        var ways = await hub.TestAsync(Stop);
        ways.Select(way => way.Way).ShouldBe([Events, "mail to ann@example.org", "webhook 127.0.0.1"]);
        ways[0].Failure.ShouldBeNull();
        ways[1].Failure.ShouldNotBeNull().ShouldEndWith("ended with 75: postdrop: cannot write");
        ways[2].Failure.ShouldNotBeNull().ShouldNotContain("SECRET");
        Actions().ShouldBe(["test"]);
    }

    [Fact]
    public async Task A_flood_is_counted_and_nobody_waits_for_it()
    {
        const int Many = 100_000;
        await using (var hub = NotificationHub.Open(Options("exit 0") with { Events = new EventFileSettings { File = Events, MaxSize = 2_000_000_000 } }, Surroundings())!)
        {
            for (var i = 0; i < Many; i++)
            {
                hub.Add(Happenings.Ban());
            }
        }

        var lines = File.ReadLines(Events).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var action = root.GetProperty("event").GetProperty("action").GetString()!;
            return (Action: action, Count: action is "events-lost" ? root.GetProperty("postern").GetProperty("count").GetInt64() : 1);
        }).ToList();
        lines.Count(line => line.Action is "ban-wave").ShouldBe(1);
        lines.Where(line => line.Action is "ban" or "events-lost").Sum(line => line.Count).ShouldBe(Many);
    }

    private PosternOptions Options(string sendmail)
    {
        var script = Path.Combine(_folder.FullName, "sendmail");
        File.WriteAllText(script, $"#!/bin/sh\ncat >\"$(mktemp {_folder.FullName}/XXXXXX)\".eml\n{sendmail}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new PosternOptions
        {
            State = _folder.FullName,
            Events = new EventFileSettings { File = Events },
            Notify = new NotifySettings { MailTo = ["ann@example.org"], Sendmail = script },
        };
    }

    private NotificationSurroundings Surroundings() => new()
    {
        IsDryRun = false,
        Say = (what, why) => _said.Add((what, why)),
        State = () => (0, []),
        Progress = _ => Task.FromResult<IReadOnlyList<(string, long)>>([]),
        Evidence = _ => null,
        Start = new Supervisor(TimeProvider.System, fault => Assert.Fail(fault.Exception.ToString())).Start,
        Host = "mx.example.org",
        Time = TimeProvider.System,
    };

    private List<MimeMessage> Mails() => [.. _folder.GetFiles("*.eml").Select(file => MimeMessage.Load(file.FullName))];

    private List<string> Actions() => [.. File.ReadLines(Events).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("event").GetProperty("action").GetString()!;
    })];
}
