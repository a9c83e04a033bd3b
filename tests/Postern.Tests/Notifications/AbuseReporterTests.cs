using System.Runtime.Versioning;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.AbuseReports;
using Postern.Cli.Notifications.Mail;
using Postern.Cli.Notifications.Telling;
using Postern.Cli.Storage;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Notifications;

/// <summary>An abuse report goes to the right one, in our own words, once; and not at all about a ban that was taken back.</summary>
[SupportedOSPlatform("linux")]
public sealed class AbuseReporterTests : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-reports-");
    private readonly FakeTimeProvider _clock = new(Happenings.Now);
    private readonly List<string?> _said = [];
    private readonly AbuseReportSettings _settings = new()
    {
        Enabled = true,
        MailFrom = "abuse@example.org",
        Contacts = [Contact("203.0.113.0/24", "abuse@isp.example"), Contact("203.0.113.128/25", ""), Contact("198.51.100.0/24", "noc@other.example")],
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_report_says_what_was_seen_and_nothing_else()
    {
        await RunAsync(_settings, [Happenings.Ban()], reports: 1);
        using var message = Mails().ShouldHaveSingleItem();
        message.From.Mailboxes.Single().Address.ShouldBe("abuse@example.org");
        message.To.Mailboxes.Select(to => to.Address).ShouldBe(["abuse@isp.example"]);
        message.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        message.Subject!.ShouldBe("Abuse report: password guessing from 203.0.113.9");
        message.Body!.ContentType.MimeType.ShouldBe("multipart/mixed");
        message.TextBody!.ShouldContain("203.0.113.9: 12 between 2026-11-25T05:50:00Z and 2026-11-25T06:00:00Z");

        var attachment = message.Attachments.OfType<MimePart>().ShouldHaveSingleItem();
        (attachment.ContentType.MimeType, attachment.FileName).ShouldBe(("application/json", "xarf.json"));
        using var content = new MemoryStream();
        attachment.Content!.DecodeTo(content, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(content.ToArray());
        var root = document.RootElement;
        string Text(string name) => root.GetProperty(name).GetString()!;
        (Text("xarf_version"), Text("category"), Text("type"), Text("protocol")).ShouldBe(("4.0.0", "connection", "login_attack", "tcp"));
        (Text("source_identifier"), Text("timestamp"), Text("first_seen"), Text("last_seen")).ShouldBe(("203.0.113.9", "2026-11-25T06:00:00Z", "2026-11-25T05:50:00Z", "2026-11-25T06:00:00Z"));
        Guid.TryParse(Text("report_id"), out _).ShouldBeTrue();
        foreach (var role in (string[])["reporter", "sender"])
        {
            var who = root.GetProperty(role);
            (who.GetProperty("org").GetString(), who.GetProperty("contact").GetString(), who.GetProperty("domain").GetString()).ShouldBe(("example.org", "abuse@example.org", "example.org"));
        }

        Text("description").Length.ShouldBeLessThan(1000);
        root.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["service:smtp", "behaviour:blank-line", "behaviour:auth-brute-force"]);
        root.TryGetProperty("evidence", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task None_is_sent_twice_whatever_happens_in_between()
    {
        await RunAsync(_settings, [Happenings.Ban(), Happenings.Ban()], reports: 1);
        // After a restart, and with a program that fails when it has taken the mail.
        await RunAsync(_settings, [Happenings.Ban(at: _clock.GetUtcNow())], reports: 1);
        await RunAsync(_settings, [Happenings.Ban("198.51.100.7", _clock.GetUtcNow())], reports: 2, exit: 75);
        _said.ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("ended with 75");
        await RunAsync(_settings, [Happenings.Ban("198.51.100.7", _clock.GetUtcNow())], reports: 2);
        _clock.Advance(TimeSpan.FromDays(8));
        await RunAsync(_settings, [Happenings.Ban(at: _clock.GetUtcNow())], reports: 3);
    }

    public static TheoryData<string> Spared => ["lifted", "dry run", "first ban", "operator", "fail2ban", "subnet", "private", "old", "nobody's", "unwanted", "no evidence"];

    [Theory]
    [MemberData(nameof(Spared))]
    public async Task Who_must_not_be_reported_is_not(string how)
    {
        var ban = Happenings.Ban();
        Happening[] all = how switch
        {
            "lifted" => [ban, ban with { Kind = HappeningKind.Unban }],
            "dry run" => [ban with { IsDryRun = true }],
            "first ban" => [ban with { Repetition = 1 }],
            "operator" => [ban with { Jail = Ban.OperatorJail }],
            "fail2ban" => [ban with { Jail = "fail2ban/sshd" }],
            "subnet" => [ban with { Network = ClientNetwork.Of(ban.Client, 24) }],
            "private" => [Happenings.Ban("10.0.0.7")],
            "old" => [ban with { From = ban.At.AddHours(-1) }],
            "nobody's" => [Happenings.Ban("192.0.2.9")],
            "unwanted" => [Happenings.Ban("203.0.113.200")],
            _ => [Happenings.Ban("198.51.100.254")],
        };
        // The one behind them comes last, and shows that they were passed over.
        await RunAsync(_settings, [.. all, Happenings.Ban("198.51.100.8")], reports: 1);
        using var message = Mails().ShouldHaveSingleItem();
        message.Subject!.ShouldEndWith("198.51.100.8");
    }

    [Fact]
    public async Task No_more_than_so_many_a_day_are_sent()
    {
        var settings = _settings with { MaxPerDay = 3 };
        await RunAsync(settings, [.. Enumerable.Range(1, 20).Select(i => Happenings.Ban($"198.51.100.{i}"))], reports: 3);
        Mails().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Contacts_come_from_the_table_the_program_or_the_zone()
    {
        var script = Script("contact", "echo \"abuse-of-$1@program.example\"");
        var zone = new FakeZone("""
            9.113.0.203.contacts.example TXT hm@zone.example, second@zone.example
            8.113.0.203.contacts.example TXT not an address
            """);
        async Task<string?> FindAsync(AbuseReportSettings settings, string client) =>
            (await new ContactFinder(settings, zone, TimeProvider.System).FindAsync(Happenings.Client(client), TestContext.Current.CancellationToken)).Contact;
        var byZone = new AbuseReportSettings { ContactZone = "contacts.example" };
        (await FindAsync(byZone, "203.0.113.9")).ShouldBe("hm@zone.example");
        (await FindAsync(byZone, "203.0.113.8")).ShouldBeNull();
        (await FindAsync(byZone, "203.0.113.7")).ShouldBeNull();
        var byProgram = byZone with { ContactCommand = [script, "{address}"] };
        (await FindAsync(byProgram, "203.0.113.9")).ShouldBe("abuse-of-203.0.113.9@program.example");
        (await FindAsync(byProgram with { Contacts = _settings.Contacts }, "203.0.113.9")).ShouldBe("abuse@isp.example");
        (await FindAsync(byProgram with { Contacts = _settings.Contacts }, "203.0.113.200")).ShouldBeNull();
    }

    [Fact]
    public async Task A_test_goes_to_ourselves_and_says_so()
    {
        (await Reporter(_settings, 0).TestAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
        using var message = Mails().ShouldHaveSingleItem();
        message.To.Mailboxes.Select(to => to.Address).ShouldBe(["abuse@example.org"]);
        message.Subject!.ShouldStartWith("[test] ");
    }

    private static AbuseContact Contact(string network, string address) => new(ClientNetwork.TryParse(network, out var parsed) ? parsed : throw new FormatException(network), address);

    private async Task RunAsync(AbuseReportSettings settings, Happening[] all, int reports, int exit = 0)
    {
        using var stop = new CancellationTokenSource();
        var reporter = Reporter(settings, exit);
        var work = reporter.RunAsync(stop.Token);
        foreach (var one in all)
        {
            reporter.Take(one);
        }

        // A program that fails is told when it has ended, which is after the mail is there.
        await _clock.UntilAsync(() => reporter.IsIdle && Mails().Count >= reports && (exit == 0 || _said.Count > 0), s_step);
        Mails().Count.ShouldBe(reports);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(work);
    }

    private AbuseReporter Reporter(AbuseReportSettings settings, int exit)
    {
        var sendmail = Script("sendmail", $"cat >\"$(mktemp {_folder.FullName}/XXXXXX.part)\"; for i in {_folder.FullName}/*.part; do mv \"$i\" \"${{i%.part}}.eml\"; done; exit {exit}");
        return new AbuseReporter(
            settings, new MailProgram(sendmail, settings.MailFrom!, TimeProvider.System), new MailWriter(settings.MailFrom!, "mx.example.org"), new ContactFinder(settings, null, TimeProvider.System),
            ban => ban.Client.ToString() is "198.51.100.254" ? null
                : new ReportedAbuse(ban.Client, ban.At, ban.At.AddMinutes(-10), ban.At, 12, BehaviourSet.Of(Behaviour.AuthBruteForce, Behaviour.BlankLine)),
            new NotificationStore(Path.Combine(_folder.FullName, NotificationStore.FileName)), _said.Add, _clock);
    }

    private List<MimeMessage> Mails() => [.. _folder.GetFiles("*.eml").Select(file => MimeMessage.Load(file.FullName))];

    private string Script(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        // One that runs cannot be written to.
        File.Delete(path);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
