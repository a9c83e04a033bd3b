using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Decisions.Jails;
using Postern.Engine;
using Postern.Engine.Protection;
using Postern.Engine.Replay;
using Postern.Facts;
using Postern.Tests.Day;

namespace Postern.Tests.Engine.Replay;

/// <summary>A replay bans whom a live run would have banned, at the log's own times.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-replay");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Ten_lone_dots_are_a_ban_at_the_tenth_and_a_second_one_later_is_longer()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 12; i++)
        {
            Abuse(log, s_start.AddSeconds(i), "192.0.2.10", i);
        }

        for (var i = 0; i < 12; i++)
        {
            Abuse(log, s_start.AddHours(3).AddSeconds(i), "192.0.2.10", 100 + i);
        }

        for (var i = 0; i < 9; i++)
        {
            Abuse(log, s_start.AddHours(5).AddSeconds(i), "192.0.2.11", 200 + i);
        }

        var result = await ReplayAsync(log.ToString());
        result.Sessions.ShouldBe(33);
        result.Bans.Select(one => one.Ban.Client.ToString()).ShouldBe(["192.0.2.10", "192.0.2.10"]);
        result.Bans[0].Ban.From.ShouldBe(s_start.AddSeconds(9), TimeSpan.FromSeconds(2));
        (result.Bans[1].Ban.Until - result.Bans[1].Ban.From).ShouldBeGreaterThan(result.Bans[0].Ban.Until - result.Bans[0].Ban.From);
        result.Bans.ShouldAllBe(one => one.Genuine == GenuineSign.None);
        result.BannedGenuine.ShouldBe(0);
        result.AttackersMissed.ShouldBe(0);
    }

    [Fact]
    public async Task Times_are_in_the_zone_of_the_log()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 12; i++)
        {
            Abuse(log, s_start.ToOffset(TimeSpan.FromHours(9)).AddSeconds(i), "192.0.2.10", i);
        }

        var result = await ReplayAsync(log.ToString());
        result.Bans.ShouldHaveSingleItem().From.Offset.ShouldBe(TimeSpan.FromHours(9));
        result.From.OffsetMinutes.ShouldBe((short)540);
    }

    // It would not have got in, so what the log shows of it meanwhile leads to nothing.
    [Fact]
    public async Task What_a_client_does_while_it_is_banned_counts_nothing()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 300; i++)
        {
            Abuse(log, s_start.AddSeconds(i * 10), "192.0.2.10", i);
        }

        (await ReplayAsync(log.ToString())).Bans.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_delivers_before_or_after_is_told_as_a_possible_error()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 12; i++)
        {
            Abuse(log, s_start.AddSeconds(i), "192.0.2.10", i);
        }

        Deliver(log, s_start.AddHours(20), "192.0.2.10", 50);
        var result = await ReplayAsync(log.ToString());
        result.Bans.ShouldHaveSingleItem().Genuine.ShouldBe(GenuineSign.Delivered);
        result.BannedGenuine.ShouldBe(1);
    }

    [Fact]
    public async Task Other_settings_ban_others()
    {
        var log = new StringBuilder();
        for (var day = 0; day < 6; day++)
        {
            Abuse(log, s_start.AddDays(day), "192.0.2.10", day);
        }

        (await ReplayAsync(log.ToString())).Bans.ShouldBeEmpty();
        var slow = new BanEngineOptions { Jails = [new JailOptions { MaxRetry = 5, FindTime = TimeSpan.FromDays(7) }] };
        (await ReplayAsync(log.ToString(), slow)).Bans.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_protected_are_spared_and_told()
    {
        var log = new StringBuilder();
        for (var i = 0; i < 12; i++)
        {
            Abuse(log, s_start.AddSeconds(i), "192.0.2.10", i);
        }

        ClientNetwork.TryParse("192.0.2.0/24", out var network).ShouldBeTrue();
        var result = await ReplayAsync(log.ToString(), networks: new ProtectedNetworks { Allowed = [(network, "192.0.2.0/24")] });
        result.Bans.ShouldBeEmpty();
        var spared = result.Spared.ShouldHaveSingleItem();
        (spared.Client.ToString(), spared.Failures).ShouldBe(("192.0.2.10", 10));
    }

    [Fact]
    public async Task A_log_without_times_is_told()
    {
        var (result, failure) = await new ReplayPipeline(Clock()).RunAsync(
            new ReplayRequest { Inputs = [Write("postfix/smtpd[1]: connect from unknown[192.0.2.1]\npostfix/smtpd[1]: disconnect from unknown[192.0.2.1] quit=1 commands=1\n")], Options = new BanEngineOptions() },
            TestContext.Current.CancellationToken);
        result.ShouldBeNull();
        failure.ShouldNotBeNull().Problem.ShouldBe(Postern.Facts.InputProblem.NoTimes);
    }

    [Fact]
    public async Task A_generated_day_bans_whom_a_run_bans()
    {
        var ct = TestContext.Current.CancellationToken;
        var day = new DayLog(Release.Debian12, 4711, Places.World);
        Senders.Cast(day);
        Users.Cast(day);
        Attackers.Cast(day);
        var live = await DayRun.RunAsync(day, [], ct);
        var log = Write(string.Concat(day.Lines().Select(line => line.Line)));
        var (result, failure) = await new ReplayPipeline(Clock()).RunAsync(new ReplayRequest { Inputs = [log], Year = DayLog.Midnight.Year, Options = new BanEngineOptions() }, ct);
        failure.ShouldBeNull();
        result!.Banned.Select(static client => client.ToString()).Order(StringComparer.Ordinal)
            .ShouldBe(live.Bans.Select(static ban => ban.Client.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private async Task<ReplayResult> ReplayAsync(string log, BanEngineOptions? options = null, ProtectedNetworks? networks = null)
    {
        var (result, failure) = await new ReplayPipeline(Clock()).RunAsync(
            new ReplayRequest { Inputs = [Write(log)], Options = options ?? new BanEngineOptions(), Protected = networks ?? new ProtectedNetworks() }, TestContext.Current.CancellationToken);
        failure.ShouldBeNull();
        return result.ShouldNotBeNull();
    }

    private string Write(string log)
    {
        var path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, log);
        return path;
    }

    private static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    private static void Abuse(StringBuilder log, DateTimeOffset at, string client, int process)
    {
        Line(log, at, process, $"connect from unknown[{client}]");
        Line(log, at, process, $"warning: non-SMTP command from unknown[{client}]: .");
        Line(log, at, process, $"disconnect from unknown[{client}] unknown=0/1 commands=0/1");
    }

    private static void Deliver(StringBuilder log, DateTimeOffset at, string client, int process)
    {
        Line(log, at, process, $"connect from mail.example[{client}]");
        Line(log, at, process, $"4A0000001: client=mail.example[{client}]");
        Line(log, at, process, $"disconnect from mail.example[{client}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
    }

    private static void Line(StringBuilder log, DateTimeOffset at, int process, string message) =>
        log.Append(System.Globalization.CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd'T'HH:mm:ss.ffffffzzz} mx postfix/smtpd[{process}]: {message}\n");
}
