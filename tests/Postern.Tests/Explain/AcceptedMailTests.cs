using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Postern.Engine;
using Postern.Engine.Protection;
using Postern.Engine.Replay;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>
/// What a client does wrong beside mail that is accepted, or as an own user does, bans nobody; the same without it does. A report and a
/// run say the same of each.
/// </summary>
public sealed class AcceptedMailTests : IDisposable
{
    private const string Named = "out1.sender.example[198.51.100.7]";
    private const string Nobody = "unknown[198.51.100.7]";
    private const string Greeted = "ehlo=1 quit=1 commands=2";
    private static readonly DateTime s_start = new(2026, 11, 20, 8, 0, 0, DateTimeKind.Utc);
    private readonly PipelineSupport _run = new();
    private readonly StringBuilder _log = new();
    private int _sessions;

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("improper command pipelining after DATA from {c}: From: a")]
    [InlineData("improper command pipelining after CONNECT from {c}: EHLO a")]
    public async Task Haste_in_a_session_whose_mail_is_accepted_bans_nobody(string haste)
    {
        await Judge(30, 15, Nobody, i => [haste, Accept(i)], "ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5", Verdict.Watch);
        await Judge(30, 15, Nobody, _ => [haste], Greeted, Verdict.Ban);
    }

    [Fact]
    public async Task A_word_that_the_server_does_not_know_bans_nobody_in_a_session_whose_mail_is_accepted()
    {
        await Judge(30, 15, Named, i => [Accept(i)], "ehlo=1 unknown=0/1 mail=1 rcpt=1 data=1 quit=1 commands=5/6", Verdict.Watch);
        await Judge(30, 15, Named, _ => [], "ehlo=1 unknown=0/2 quit=1 commands=2/4", Verdict.Ban);
        // HELP of a health check with curl.
        await Judge(30, 15, Named, _ => [], "ehlo=1 unknown=0/1 quit=1 commands=2/3", Verdict.Watch);
        await Judge(30, 15, Named, i => [Accept(i), "warning: non-SMTP command from {c}: ."], "ehlo=1 mail=1 rcpt=1 data=1 unknown=0/1 commands=4/5", Verdict.Ban);
    }

    [Fact]
    public async Task A_login_that_is_not_offered_bans_no_program_that_sends_its_mail_then()
    {
        await Judge(30, 15, Named, i => [Accept(i)], "ehlo=1 auth=0/1 mail=1 rcpt=1 data=1 quit=1 commands=5/6", Verdict.Watch);
        await Judge(30, 15, Named, _ => [], "ehlo=1 auth=0/1 quit=1 commands=2/3", Verdict.Ban);
    }

    [Theory]
    [InlineData(1, 5, Verdict.Protect)]
    [InlineData(2, 3, Verdict.Protect)]
    [InlineData(60, 59, Verdict.Ban)]
    public async Task Refused_mail_bans_nobody_who_has_a_tenth_as_much_accepted(int refused, int of, Verdict verdict) =>
        await Judge(120, 4, Named, i => i % (of + 1) < Math.Min(refused, of) ? [Refuse("554 5.7.1 Spam message rejected", i)] : [Accept(i)],
            "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", verdict);

    [Theory]
    [InlineData("554 5.7.1 <x@moved.example>: Relay access denied")]
    [InlineData("554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using bl.spamcop.net")]
    public async Task Refusals_that_are_fewer_than_the_mail_that_is_accepted_ban_nobody(string reply)
    {
        await Judge(100, 5, Named, i => i % 4 == 0 ? [Refuse(reply, i)] : [Accept(i)], "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", Verdict.Watch);
        await Judge(100, 5, Named, i => i % 4 == 0 ? [Accept(i)] : [Refuse(reply, i)], "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", Verdict.Ban);
    }

    [Theory]
    [InlineData("554 5.7.1 <p1.isp.example[198.51.100.7]>: Client host rejected: Access denied")]
    [InlineData("530 5.7.0 Authentication required")]
    [InlineData("554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/198.51.100.7")]
    public async Task A_user_who_does_not_log_in_is_refused_on_submission_and_not_banned(string reply)
    {
        await Judge(60, 8, Named, i => [Refuse(reply, i)], "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", Verdict.Watch, Cause.MisconfiguredClient, "submission/smtpd");
        await Judge(60, 8, Named, i => [Refuse(reply, i)], "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", Verdict.Ban);
    }

    [Fact]
    public async Task A_mechanism_that_failed_before_the_one_that_worked_is_no_wrong_password()
    {
        const string End = "ehlo=2 starttls=1 auth=1/2 mail=1 rcpt=1 data=1 quit=1 commands=8/9";
        string[] Tried(int i, params string[] mechanisms) => [.. mechanisms.Select(static name => $"warning: {{c}}: SASL {name}"), Accept(i) + ", sasl_method=LOGIN, sasl_username=anna"];
        await Judge(30, 15, Named, i => Tried(i, "PLAIN authentication failed: authentication failure"), End, Verdict.Protect, daemon: "submission/smtpd");
        await Judge(30, 15, Named, i => Tried(i, "NTLM authentication aborted"), End, Verdict.Protect, daemon: "submission/smtpd");
        await Judge(30, 15, Named, i => Tried(i, "PLAIN authentication failed: (reason unavailable), sasl_username=anna@example.net"), End, Verdict.Protect, daemon: "submission/smtpd");
        // Others' names, and one mechanism again and again, are guesses.
        await Judge(30, 15, Named, i => Tried(i, $"PLAIN authentication failed: (reason unavailable), sasl_username=user{i}"), End, null, daemon: "submission/smtpd");
        _last.Behaviours.ShouldContain(pair => pair.Key == Behaviour.AuthBruteForce);
        await Judge(30, 15, Named, i => Tried(i, "PLAIN authentication failed: x", "PLAIN authentication failed: x"), End, null, daemon: "submission/smtpd");
        _last.Behaviours.ShouldContain(pair => pair.Key == Behaviour.AuthBruteForce);
    }

    [Fact]
    public async Task Mail_for_an_address_that_is_gone_bans_nobody_with_a_confirmed_name()
    {
        string[] Gone(string recipient) => [$"NOQUEUE: reject: RCPT from {{c}}: 550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table; "
            + $"from=<alert@sender.example> to=<{recipient}> proto=ESMTP helo=<out1.sender.example>"];
        const string End = "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4";
        await Judge(60, 8, Named, _ => Gone("gone@example.net"), End, Verdict.Watch);
        await Judge(60, 8, Nobody, _ => Gone("gone@example.net"), End, Verdict.Ban);
        await Judge(60, 8, Named, i => Gone($"user{i}@example.net"), End, Verdict.Ban);
    }

    [Fact]
    public async Task A_server_that_bounces_what_others_forged_does_not_search_for_addresses()
    {
        string[] Bounce(int i, string helo, string from = "") => [$"NOQUEUE: reject: RCPT from {{c}}: 550 5.1.1 <u{i}@example.net>: Recipient address rejected: User unknown in virtual mailbox table; "
            + $"from=<{from}> to=<u{i}@example.net> proto=ESMTP helo=<{helo}>"];
        const string End = "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4";
        await Judge(60, 8, Named, i => Bounce(i, "mx.sender.example"), End, Verdict.Watch);
        await Judge(60, 8, Named, i => Bounce(i, "mx.sender.example", "a@sender.example"), End, Verdict.Ban);
        await Judge(60, 8, Named, i => Bounce(i, "other.example"), End, Verdict.Ban);
        await Judge(60, 8, Nobody, i => Bounce(i, "mx.sender.example"), End, Verdict.Ban);
        await Judge(20, 8, Named, i => [.. Bounce(i, "mx.sender.example"), .. Bounce(i + 100, "mx.sender.example")], End, Verdict.Ban);
    }

    [Fact]
    public async Task An_old_password_for_one_user_name_is_a_users_and_many_names_are_a_guessers()
    {
        string[] Fail(string name) => [$"warning: {{c}}: SASL PLAIN authentication failed: (reason unavailable), sasl_username={name}"];
        const string End = "ehlo=2 starttls=1 auth=0/1 quit=1 commands=4/5";
        await Judge(96, 900, Named, _ => Fail("anna@example.net"), End, Verdict.Watch, Cause.MisconfiguredClient, "submission/smtpd");
        await Judge(96, 900, Named, i => Fail($"user{i}@example.net"), End, Verdict.Ban, Cause.PasswordGuesser, "submission/smtpd");
    }

    [Theory]
    [InlineData("improper command pipelining after CONNECT from {c}: \\026\\003\\001\\002\\000\\001\\000\\001\\374\\003\\003", Verdict.Watch, Cause.MisconfiguredClient)]
    [InlineData("warning: non-SMTP command from {c}: GET / HTTP/1.1", Verdict.Ban, Cause.PortScanner)]
    [InlineData("warning: non-SMTP command from {c}: .", Verdict.Ban, Cause.ScriptedBot)]
    public async Task Only_wrong_input_that_belongs_to_no_protocol_shows_a_script_by_being_the_same(string line, Verdict verdict, Cause cause) =>
        await Judge(20, 25, "p1.dip.isp.example[198.51.100.7]", _ => [line], "unknown=0/1 commands=0/1", verdict, cause, "submission/smtpd");

    private ClientFinding _last = null!;

    private async Task Judge(int sessions, int pause, string client, Func<int, string[]> lines, string end, Verdict? verdict, Cause? cause = null, string daemon = "smtpd")
    {
        _log.Clear();
        for (var i = 0; i < sessions; i++)
        {
            var (time, process) = (s_start.AddSeconds(i * pause), ++_sessions);
            var said = lines(i);
            Line(time, process, daemon, $"connect from {client}");
            foreach (var line in said)
            {
                Line(time, process, daemon, line.Replace("{c}", client, StringComparison.Ordinal));
            }

            var accepted = Array.Exists(said, static line => line.Contains(": client=", StringComparison.Ordinal));
            Line(time.AddSeconds(1), process, daemon, $"disconnect from {client} {(accepted && !end.Contains("data=1", StringComparison.Ordinal) ? "ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5" : end)}");
        }

        _last = (await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem();
        if (verdict is { } expected)
        {
            _last.Verdict.ShouldBe(expected);
            var (replay, failure) = await new ReplayPipeline(new FakeTimeProvider(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))).RunAsync(
                new ReplayRequest { Inputs = [_run.Write(_log.ToString())], Options = new BanEngineOptions(), Protected = new ProtectedNetworks() }, TestContext.Current.CancellationToken);
            failure.ShouldBeNull();
            (replay.ShouldNotBeNull().Bans.Count > 0).ShouldBe(expected == Verdict.Ban);
        }

        if (cause is { } most)
        {
            _last.Cause.Cause.ShouldBe(most);
        }
    }

    private void Line(DateTime time, int process, string daemon, string text) =>
        _log.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}+00:00 mx postfix/{daemon}[{process}]: {text}\n");

    private static string Accept(int i) => $"4A1B2C{i:X4}: client={{c}}";

    private static string Refuse(string reply, int i) => $"NOQUEUE: reject: RCPT from {{c}}: {reply}; from=<s{i}@b.example> to=<x@example.net> proto=ESMTP helo=<out1.sender.example>";
}
