using System.Text;
using Postern.Facts;
using Postern.Reports.Languages;

namespace Postern.Tests.Explain;

/// <summary>What the report says of logins is what the log tells of them.</summary>
public sealed class LoginWordsTests : IDisposable
{
    private readonly PipelineSupport _run = new();
    private readonly StringBuilder _log = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Logins_that_were_not_finished_are_told_as_unfinished()
    {
        for (var i = 0; i < 25; i++)
        {
            Session(i, "203.0.113.5", "lost connection after AUTH from unknown[203.0.113.5]");
        }

        var client = (await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem();
        client.Cause.Clues.ShouldContain(clue => clue.Kind == ClueKind.UnfinishedLogins && clue.Number == 25);
        client.Cause.Clues.ShouldNotContain(clue => clue.Kind == ClueKind.FailedLogins);
        ReportLanguages.For("en").Explain(client).ShouldContain("unfinished");
    }

    [Fact]
    public async Task Of_logins_that_failed_the_unfinished_ones_are_told_apart()
    {
        for (var i = 0; i < 8; i++)
        {
            Session(i, "203.0.113.5", i < 6 ? Failed("203.0.113.5") : "lost connection after AUTH from unknown[203.0.113.5]");
        }

        var clue = (await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem().Cause.Clues.Single(clue => clue.Kind == ClueKind.FailedLogins);
        (clue.Number, clue.Text).ShouldBe((8, "2"));
    }

    [Fact]
    public async Task Clients_that_share_the_guessing_read_its_cause()
    {
        for (var i = 0; i < 60; i++)
        {
            var client = $"203.0.113.{10 + (i % 30)}";
            Session(i, client, Failed(client));
        }

        var found = await _run.ExplainLog(_log.ToString());
        found.Campaigns.ShouldHaveSingleItem().Clients.Count.ShouldBe(30);
        found.Clients.ShouldAllBe(client => client.Cause.Cause == Cause.PasswordGuesser && client.Cause.Confidence > 0.6 && client.Verdict == Verdict.Watch);
        found.Clients[0].Cause.Clues.ShouldContain(clue => clue.Kind == ClueKind.GuessingCampaign && clue.Number == 30);
    }

    [Fact]
    public async Task A_few_users_with_old_passwords_are_no_campaign()
    {
        for (var i = 0; i < 8; i++)
        {
            var client = $"203.0.113.{10 + (i % 4)}";
            Session(i, client, Failed(client));
        }

        (await _run.ExplainLog(_log.ToString())).Clients.ShouldAllBe(client => client.Cause.Clues.All(clue => clue.Kind != ClueKind.GuessingCampaign));
    }

    [Fact]
    public async Task A_device_of_a_private_network_that_relays_is_ones_own_and_a_stranger_is_not()
    {
        foreach (var (client, verdict, clue) in new[] { ("192.168.1.50", Verdict.Watch, ClueKind.LocalRelay), ("203.0.113.50", Verdict.Ban, ClueKind.RelayDenied) })
        {
            _log.Clear();
            for (var i = 0; i < 15; i++)
            {
                var head = $"Nov 25 01:{i / 6:00}:{i % 6 * 10:00} mx postfix/smtpd[{100 + i}]: ";
                _log.Append(head).Append("connect from unknown[").Append(client).Append("]\n").Append(head).Append("NOQUEUE: reject: RCPT from unknown[").Append(client)
                    .Append("]: 454 4.7.1 <a@far.example>: Relay access denied; from=<scan@example.org> to=<a@far.example> proto=ESMTP helo=<KM>\n")
                    .Append(head).Append("disconnect from unknown[").Append(client).Append("] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4\n");
            }

            var found = (await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem();
            (found.Verdict, found.Cause.Clues[0].Kind).ShouldBe((verdict, clue));
        }
    }

    [Theory]
    [InlineData(15, 96, true)]
    [InlineData(0, 96, false)]
    public async Task Who_is_banned_by_the_long_window_alone_is_not_said_to_reach_the_jails_limit(int minutes, int sessions, bool isSlow)
    {
        for (var i = 0; i < sessions; i++)
        {
            var head = $"2026-11-2{4 + (i * minutes / 1440)}T{i * minutes / 60 % 24:00}:{i * minutes % 60:00}:{(minutes == 0 ? i % 60 : 0):00}Z mx postfix/submission/smtpd[{100 + i}]: ";
            _log.Append(head).Append("connect from unknown[203.0.113.5]\n").Append(head).Append(Failed("203.0.113.5")).Append('\n')
                .Append(head).Append("disconnect from unknown[203.0.113.5] ehlo=1 auth=0/1 commands=1/2\n");
        }

        var client = (await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem();
        (client.Verdict, client.IsSlow).ShouldBe((Verdict.Ban, isSlow));
        ReportLanguages.For("en").Advise(client).Contains("long window", StringComparison.Ordinal).ShouldBe(isSlow);
    }

    [Fact]
    public async Task The_limit_that_a_client_exceeds_is_named()
    {
        for (var i = 0; i < 20; i++)
        {
            var head = $"Nov 25 01:00:{i:00} mx postfix/smtpd[{100 + i}]: ";
            _log.Append(head).Append("connect from unknown[203.0.113.5]\n").Append(head).Append("warning: Connection rate limit exceeded: 31 from unknown[203.0.113.5] for service smtpd\n")
                .Append(head).Append("disconnect from unknown[203.0.113.5] commands=0/0\n");
        }

        ReportLanguages.For("en").Explain((await _run.ExplainLog(_log.ToString())).Clients.ShouldHaveSingleItem()).ShouldContain("\"Connection rate\") 20 times");
    }

    private static string Failed(string client) => $"warning: unknown[{client}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6";

    private void Session(int i, string client, string line)
    {
        var head = $"Nov 25 01:{i / 6:00}:{i % 6 * 10:00} mx postfix/submission/smtpd[{100 + i}]: ";
        _log.Append(head).Append("connect from unknown[").Append(client).Append("]\n").Append(head).Append(line).Append('\n')
            .Append(head).Append("disconnect from unknown[").Append(client).Append("] ehlo=1 auth=0/1 commands=1/2\n");
    }
}
