using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Engine.Fail2Ban;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Tests.Engine.Fail2Ban;

/// <summary>Jails see the lines of their logs, and what they find is reported with the place up to which it counts.</summary>
public sealed class Fail2BanRunnerTests : IAsyncDisposable
{
    private const string Log = "/var/log/app.log";
    private const string OwnLog = "/var/log/fail2ban.log";
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-jails-").FullName;
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly CancellationTokenSource _stop = new();
    private readonly System.Threading.Channels.Channel<Fail2BanReport> _reports = System.Threading.Channels.Channel.CreateUnbounded<Fail2BanReport>();
    private readonly System.Collections.Concurrent.ConcurrentQueue<Fail2BanRefusal> _refused = new();
    private readonly Fail2BanRunner _watch;
    private Task _run = Task.CompletedTask;
    private long _offset;

    public Fail2BanRunnerTests()
    {
        _time.SetLocalTimeZone(TimeZoneInfo.Utc);
        _watch = new Fail2BanRunner((_, _) => 0, (report, stop) => _reports.Writer.WriteAsync(report, stop), _time, (jail, named, sender, line) => _refused.Enqueue(new Fail2BanRefusal(jail, named, sender, line)));
        Directory.CreateDirectory(Path.Combine(_folder, "filter.d"));
        File.WriteAllText(Path.Combine(_folder, "filter.d", "app.conf"), "[Definition]\nfailregex = ^ ?bad login from <HOST>$\n");
        File.WriteAllText(Path.Combine(_folder, "filter.d", "recidive.conf"), "[Definition]\nfailregex = NOTICE\\s+\\[(?!recidive\\])[^]]+\\] Ban <HOST>\\s*$\n");
        File.WriteAllText(Path.Combine(_folder, "jail.conf"), $"""
            [app]
            enabled = true
            filter = app
            logpath = {Log}
            maxretry = 2
            [recidive]
            enabled = true
            filter = recidive
            logpath = {OwnLog}
            maxretry = 2
            """);
        var (jails, errors) = Fail2BanJailReader.Read(_folder, 2026);
        errors.ShouldBeEmpty();
        _watch.Use(new Fail2BanJailSet(jails, [OwnLog], _ => []));
    }

    [Fact]
    public async Task Failures_are_found_and_the_last_one_makes_the_ban()
    {
        Start();
        var report = await ReadAsync(Line(0), "nothing\n", Line(0));
        report.Failures.Select(failure => (failure.Finding.Jail, failure.Finding.Id.Text, failure.Finding.Ban?.Failures)).ShouldBe([("app", "192.0.2.7", null), ("app", "192.0.2.7", 2)]);
        report.Failures[0].Kept!.Source.ShouldBe(Log);
        Encoding.UTF8.GetString(report.Failures[0].Kept!.Lines.Span).ShouldBe(Line(0));
        report.Failures.Select(failure => failure.Kept!.Id).Distinct().Count().ShouldBe(2);
        report.End!.Source.ShouldBe(Fail2BanSource.NameOf(Log, Log));
        report.End.CountedOffset.ShouldBe(_offset);
    }

    [Fact]
    public async Task A_match_that_names_another_than_the_lines_own_client_is_refused_told_once_and_counted()
    {
        File.WriteAllText(Path.Combine(_folder, "filter.d", "open.conf"), "[Definition]\nfailregex = \\[<HOST>\\]: SASL LOGIN authentication failed\n");
        File.WriteAllText(Path.Combine(_folder, "jail.conf"), $"[open]\nenabled = true\nfilter = open\nlogpath = {Log}\nmaxretry = 1\n");
        _watch.Use(new Fail2BanJailSet(Fail2BanJailReader.Read(_folder, 2026).Jails, [], _ => []));
        Start();
        var stamp = s_now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
        string Postfix(string message) => $"{stamp} mx postfix/{message}\n";
        var honest = Postfix("smtpd[1]: warning: unknown[192.0.2.7]: SASL LOGIN authentication failed: x");
        var client = Postfix("smtpd[1]: 4F1A2B3C4D: client=unknown[192.0.2.7]");
        var forged = Postfix("cleanup[1]: 4F1A2B3C4D: reject: header Subject: x[198.51.100.2]: SASL LOGIN authentication failed: x from unknown[192.0.2.7]; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x>: 5.7.1 no");
        var report = await ReadAsync(client, forged, honest, forged, $"{stamp} mx shop: x[203.0.113.9]: SASL LOGIN authentication failed\n");
        report.Failures.Select(failure => failure.Finding.Id.Text).ShouldBe(["192.0.2.7", "203.0.113.9"]);
        // It is told after the batch.
        (await ReadAsync(honest)).Failures.ShouldHaveSingleItem();
        _refused.Select(refusal => (refusal.Jail, refusal.Named, refusal.Sender.ToString())).ShouldBe([("open", "198.51.100.2", "192.0.2.7")]);
        _watch.Refusals.ShouldBe([("open", 2)]);
    }

    [Fact]
    public async Task Old_lines_count_at_their_own_time_and_new_ones_whose_clock_is_wrong_as_happening_now()
    {
        Start();
        (await ReadAsync(Line(-3600), Line(-3600))).Failures.ShouldBeEmpty();
        (await ReadAsync(isLive: true, Line(-3600), Line(-3600))).Failures.Select(failure => failure.Finding.Time).ShouldBe([s_now, s_now]);
    }

    [Fact]
    public async Task What_was_counted_before_a_restart_counts_on_and_no_line_counts_again()
    {
        var line = Line(-5);
        _watch.Restore(new SourcePosition(Fail2BanSource.NameOf(Log, Log), 7, line.Length) { CountedFileId = 7, CountedOffset = line.Length });
        _watch.Restore([new Failure { Id = 1, Client = Client("192.0.2.7"), Mark = new SessionMark(LogTime.From(s_now.AddSeconds(-5)), default, SessionTraits.None), Jail = "app", Source = Log }]);
        _watch.Counts.ShouldBe([("app", 1), ("recidive", 0)]);
        Start();
        (await ReadAsync(line)).Failures.ShouldBeEmpty();
        (await ReadAsync(Line(0))).Failures.ShouldHaveSingleItem().Finding.Ban!.Failures.ShouldBe(2);
        _watch.Counts.ShouldBe([("app", 0), ("recidive", 0)]);
    }

    [Fact]
    public async Task Bans_reach_the_jail_that_counts_them()
    {
        Start();
        _watch.Note(OurBan("app"));
        _watch.Note(OurBan("recidive"));
        _watch.Note(OurBan("postfix"));
        _time.Advance(TimeSpan.FromSeconds(2));
        List<Fail2BanFailure> failures = [];
        while (failures.Count < 2)
        {
            failures.AddRange((await NextAsync()).Failures);
        }

        failures.Select(failure => (failure.Finding.Jail, failure.Finding.Ban?.Failures)).ShouldBe([("recidive", null), ("recidive", 2)]);
    }

    [Fact]
    public async Task A_jail_that_is_changed_goes_on_with_what_it_counted_and_one_that_is_gone_does_not()
    {
        Start();
        (await ReadAsync(Line(0))).Failures.ShouldHaveSingleItem().Finding.Ban.ShouldBeNull();
        var jails = Fail2BanJailReader.Read(_folder, 2026).Jails;
        _watch.Use(new Fail2BanJailSet(jails, [], _ => []));
        (await ReadAsync(Line(0))).Failures.ShouldHaveSingleItem().Finding.Ban.ShouldNotBeNull();
        _watch.Use(new Fail2BanJailSet([], [], _ => []));
        (await ReadAsync(Line(0))).Failures.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Start() => _run = Task.Run(() => _watch.RunAsync(_stop.Token));

    private Task<Fail2BanReport> ReadAsync(params string[] lines) => ReadAsync(isLive: false, lines);

    private async Task<Fail2BanReport> ReadAsync(bool isLive, params string[] lines)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines));
        var start = _offset;
        _offset += bytes.Length;
        await _watch.Lines.WriteAsync(
            new LineBatch { Source = Log, FoundBy = Log, Lines = bytes, Start = new SourcePosition(Log, 7, start), End = new SourcePosition(Log, 7, _offset), Year = 2026, IsLive = isLive },
            TestContext.Current.CancellationToken);
        return await NextAsync();
    }

    private async Task<Fail2BanReport> NextAsync() => await _reports.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private static Ban OurBan(string jail) => new()
    {
        Network = ClientNetwork.Of(Client("192.0.2.9")),
        Client = Client("192.0.2.9"),
        Jail = jail,
        From = s_now,
        Until = s_now.AddHours(1),
        Reason = "",
    };

    private static ClientAddress Client(string text) => ClientAddress.TryParse(text, out var client) ? client : throw new ArgumentException(text, nameof(text));

    private static string Line(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{s_now.AddSeconds(seconds):yyyy-MM-dd HH:mm:ss} bad login from 192.0.2.7\n");
}
