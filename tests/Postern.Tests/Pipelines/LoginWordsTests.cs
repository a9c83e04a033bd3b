using System.Text;
using Postern.Facts;
using Postern.Reports;

namespace Postern.Tests.Pipelines;

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

    private static string Failed(string client) => $"warning: unknown[{client}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6";

    private void Session(int i, string client, string line)
    {
        var head = $"Nov 25 01:{i / 6:00}:{i % 6 * 10:00} mx postfix/submission/smtpd[{100 + i}]: ";
        _log.Append(head).Append("connect from unknown[").Append(client).Append("]\n").Append(head).Append(line).Append('\n')
            .Append(head).Append("disconnect from unknown[").Append(client).Append("] ehlo=1 auth=0/1 commands=1/2\n");
    }
}
