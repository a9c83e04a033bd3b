using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The metrics of a daemon that reads a log and answers Postfix: exact counts, taken by promtool and by Prometheus itself.</summary>
public sealed class MetricsTests
{
    private const string Client = "192.0.2.7";
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_the_log_told_is_counted_once_and_promtool_takes_it()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MeasuredRun.StartAsync(ct);
        await run.WriteAsync(Dots(Client, 10) + Line("postfix/smtpd[900]: a form that nobody knows") + Line("dovecot: something else"));
        await run.Postern.UntilAsync(bans => bans is [Client + "/32"], ct);
        await run.UntilAsync($"postern_lines_read_total{{source=\"{run.Log}\"}} 32\n", ct);
        var text = await run.MetricsAsync();
        foreach (var line in (string[])
            [
                $"postern_lines_unknown_total{{source=\"{run.Log}\"}} 1", $"postern_lines_unparsed_total{{source=\"{run.Log}\"}} 0", $"postern_source_up{{source=\"{run.Log}\"}} 1",
                "postern_sessions_total 10", "postern_session_behaviours_total{behaviour=\"lone-dot\"} 10", "postern_session_behaviours_total{behaviour=\"delivered\"} 0",
                "postern_bans_total{jail=\"postfix\",reason=\"lone-dot\"} 1", "postern_bans_active{jail=\"postfix\"} 1", "postern_bans_withheld_total{reason=\"allowed\"} 0",
                "postern_line_to_ban_seconds_count{firewall=\"dry-run\"} 1", "postern_line_to_ban_seconds_bucket{firewall=\"dry-run\",le=\"+Inf\"} 1",
                "postern_brake_reasons 0", "postern_firewall_up{firewall=\"dry-run\"} 1", "postern_firewall_pending_changes{firewall=\"dry-run\"} 0",
                "postern_internal_errors_total 0", "postern_queue_length{queue=\"lines\"} 0", "postern_policy_answer_seconds_count 0",
            ])
        {
            text.ShouldContain("\n" + line + "\n");
        }

        text.ShouldContain(",version=\"");
        text.ShouldContain("postern_build_info{mode=\"dry-run\"");
        text.ShouldEndWith("\n# EOF\n");
        text.ShouldNotContain(Client);
        var checkedText = await Command.RunAsync(["promtool", "check", "metrics"], s_deadline, text, cancellationToken: ct);
        (checkedText.ExitCode, checkedText.Output + checkedText.Error).ShouldBe((0, ""));

        // What is told again counts no second time; what is new is added.
        await run.Postern.StopAsync();
        await run.Postern.StartAgainAsync(ct);
        await run.WriteAsync(Dots("192.0.2.8", 3));
        await run.UntilAsync("\npostern_sessions_total 3\n", ct);
        text = await run.MetricsAsync();
        text.ShouldContain("\npostern_bans_active{jail=\"postfix\"} 1\n");
        text.ShouldNotContain("postern_bans_total{");
    }

    [Fact]
    public async Task A_ban_by_order_and_one_that_is_withheld_are_told_apart()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MeasuredRun.StartAsync(ct);
        (await run.Postern.AskAsync("ban", "198.51.100.9")).ExitCode.ShouldBe(0);
        (await run.Postern.AskAsync("allow", Client)).ExitCode.ShouldBe(0);
        await run.WriteAsync(Dots(Client, 12));
        await run.UntilAsync("\npostern_bans_withheld_total{reason=\"allowed\"} 1\n", ct);
        var text = await run.MetricsAsync();
        text.ShouldContain("\npostern_bans_total{jail=\"operator\",reason=\"order\"} 1\n");
        text.ShouldContain("\npostern_bans_active{jail=\"operator\"} 1\n");
        text.ShouldContain("\npostern_bans_active{jail=\"postfix\"} 0\n");
        text.ShouldNotContain("jail=\"postfix\",reason");
        // An order waits for no line.
        text.ShouldNotContain("postern_line_to_ban_seconds_count");
    }

    [Fact]
    public async Task Answers_and_questions_to_the_DNS_are_counted_and_timed()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MeasuredRun.StartAsync(ct);
        for (var i = 0; i < 3; i++)
        {
            (await AskPolicyAsync(run.PolicySocket, i, ct)).ShouldStartWith("action=");
        }

        await run.UntilAsync("\npostern_policy_answer_seconds_count 3\n", ct);
        var text = await run.MetricsAsync();
        Sum(text, "postern_smtp_decisions_total{").ShouldBe(3);
        text.ShouldContain("listener=\"policy\"");
        Sum(text, "postern_policy_answer_seconds_bucket{le=\"10.0\"}").ShouldBe(3);
        // The resolver of the test refuses: questions fail, and none of them is a listing.
        Sum(text, "postern_dns_queries_total{result=\"server_failure\"").ShouldBe(Sum(text, "postern_dns_query_seconds_count"));
        Sum(text, "postern_dns_queries_total{result=\"server_failure\"").ShouldBeGreaterThan(0);
        text.ShouldContain("postern_dns_list_queries_total{list=\"zen.spamhaus.org\",result=\"failed\"} ");
        text.ShouldNotContain("result=\"listed\"");
        text.ShouldContain("\npostern_greylisting_total{outcome=\"first\"} 0\n");
    }

    [Fact]
    public async Task Prometheus_takes_both_formats_the_rules_and_every_query_of_the_dashboard()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MeasuredRun.StartAsync(ct);
        await run.WriteAsync(Dots(Client, 10));
        await run.Postern.UntilAsync(bans => bans.Count == 1, ct);
        await using var prometheus = await RunningPrometheus.StartAsync(await run.MetricsAsync(), ct);
        foreach (var job in (string[])["text", "openmetrics"])
        {
            (await prometheus.UntilAsync($"up{{job=\"{job}\"}} == 1", ct)).ShouldBe(1);
            (await prometheus.QueryAsync($"postern_bans_total{{job=\"{job}\",jail=\"postfix\",reason=\"lone-dot\"}}", ct)).ShouldBe(["1"]);
            (await prometheus.QueryAsync($"postern_line_to_ban_seconds_bucket{{job=\"{job}\",le=\"+Inf\"}}", ct)).ShouldBe(["1"]);
            (await prometheus.QueryAsync($"postern_sessions_total{{job=\"{job}\"}}", ct)).ShouldBe(["10"]);
        }

        foreach (var query in DashboardQueries.Read())
        {
            await prometheus.QueryAsync(query, ct);
        }

        (await prometheus.RulesAsync(ct)).ShouldAllBe(rule => rule.Health == "ok");
        (await prometheus.RulesAsync(ct)).Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task The_alerts_come_when_they_should_and_not_before()
    {
        var ct = TestContext.Current.CancellationToken;
        var rules = Path.Combine(Machine.RepositoryRoot(), "packaging/prometheus/postern.rules.yml");
        (await Command.RunAsync(["promtool", "check", "rules", rules], s_deadline, cancellationToken: ct)).OrThrow("promtool check rules");
        (await Command.RunAsync(["promtool", "test", "rules", Path.Combine(Machine.RepositoryRoot(), "tests/Postern.SystemTests/Run/Alerts.test.yml")], s_deadline, cancellationToken: ct)).OrThrow("promtool test rules");
    }

    [Fact]
    public async Task Without_a_daemon_nothing_is_printed()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var run = await MeasuredRun.StartAsync(ct);
        await run.Postern.StopAsync();
        var result = await run.Postern.AskAsync("metrics");
        (result.ExitCode, result.Output).ShouldBe((2, ""));
        result.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
    }

    private static double Sum(string text, string begin) => text.Split('\n').Where(line => line.StartsWith(begin, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static async Task<string> AskPolicyAsync(string path, int number, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address={Client}\nhelo_name=mail.example.com\nsender=ann@example.com\nrecipient=bob@example.org\ninstance=a.{number}\n\n"), ct);
        var answer = new byte[4096];
        return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, ct));
    }

    private static string Line(string message)
    {
        var now = TimeProvider.System.GetLocalNow();
        return string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss} mx {message}\n");
    }

    private static string Dots(string client, int times) => string.Concat(Enumerable.Range(0, times).Select(i =>
        Line($"postfix/smtpd[{100 + i}]: connect from unknown[{client}]") + Line($"postfix/smtpd[{100 + i}]: warning: non-SMTP command from unknown[{client}]: .")
        + Line($"postfix/smtpd[{100 + i}]: disconnect from unknown[{client}] unknown=0/1 commands=0/1")));
}
