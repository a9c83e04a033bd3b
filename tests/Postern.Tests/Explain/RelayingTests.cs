using System.Text;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>An open relay shows by what became of strangers' mail, and whatever may send through this server is none.</summary>
public sealed class RelayingTests : IDisposable
{
    private readonly PipelineSupport _run = new();
    private readonly StringBuilder _log = new();
    private int _messages;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_stranger_without_a_name_whose_foreign_mail_goes_to_foreign_domains_shows_an_open_relay()
    {
        for (var i = 0; i < 8; i++)
        {
            Relay("unknown[203.0.113.50]", "info@bank.example", $"v{i}@isp{i % 3}.example");
        }

        var found = await _run.ExplainLog(_log.ToString());
        found.Troubles[0].ShouldSatisfyAllConditions(
            trouble => trouble.Kind.ShouldBe(TroubleKind.OpenRelay), trouble => trouble.Text.ShouldBe("isp0.example, isp1.example, isp2.example"));
        var client = found.Clients.ShouldHaveSingleItem();
        client.Verdict.ShouldBe(Verdict.Watch);
        client.Behaviours.ShouldContain(pair => pair.Key == Behaviour.ServerTrouble);
        client.Cause.Clues.ShouldContain(clue => clue.Kind == ClueKind.ForeignAccepted);
        found.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_with_a_proper_name_may_be_one_that_this_server_sends_for_and_the_report_asks()
    {
        for (var i = 0; i < 8; i++)
        {
            Relay("web1.hoster.example[203.0.113.50]", $"shop@customer{i}.example", $"v{i}@isp{i % 3}.example");
        }

        var found = await _run.ExplainLog(_log.ToString());
        found.Troubles.ShouldBeEmpty();
        found.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            warning => warning.Kind.ShouldBe(WarningKind.RelayedWithoutLogin), warning => warning.Text.ShouldBe("203.0.113.50"));
        found.Clients.ShouldHaveSingleItem().Verdict.ShouldBe(Verdict.Protect);
    }

    public static TheoryData<string> Honest =>
        ["login", "login from the network", "own network", "own senders", "alias", "relay_domains", "backup MX", "server behind", "bounces", "few", "one domain", "smarthost"];

    [Theory]
    [MemberData(nameof(Honest))]
    public async Task What_is_right_is_no_open_relay(string how)
    {
        const string Stranger = "unknown[203.0.113.50]";
        for (var i = 0; i < 12; i++)
        {
            var (to, from) = ($"v{i}@isp{i % 4}.example", "info@bank.example");
            switch (how)
            {
                case "login":
                    Relay(Stranger, from, to, login: true);
                    break;
                case "login from the network":
                    Relay(i == 3 ? "unknown[203.0.113.99]" : Stranger, from, to, login: i == 3);
                    break;
                case "own network":
                    Relay("unknown[10.1.2.3]", from, to);
                    break;
                case "own senders":
                    Relay(Stranger, "boss@example.org", to);
                    Deliver("mail.isp.example[198.51.100.7]", to, "boss@example.org");
                    break;
                case "alias":
                    Relay(Stranger, from, to, original: "alice@example.org");
                    break;
                case "relay_domains":
                    Relay(Stranger, from, to, service: "relay/smtp");
                    break;
                case "backup MX":
                    Relay($"unknown[{(i % 3) switch { 0 => "203.0", 1 => "198.51", _ => "192.0" }}.7.{i}]", $"s{i}@sender{i}.example", "a@relayed1.example");
                    Relay($"unknown[{(i % 3) switch { 0 => "203.0", 1 => "198.51", _ => "192.0" }}.7.{i}]", $"s{i}@sender{i}.example", "a@relayed2.example");
                    break;
                case "server behind":
                    Relay(Stranger, from, to, nextHop: "exchange.lan[10.0.0.5]:25");
                    break;
                case "bounces":
                    Relay(Stranger, "", to);
                    break;
                case "few" when i < 2:
                    Relay(Stranger, from, to);
                    break;
                case "one domain":
                    Relay(Stranger, from, "v@isp.example");
                    break;
                case "smarthost":
                    Relay(Stranger, from, to, nextHop: "smtp.provider.example[198.51.100.25]:587");
                    break;
            }
        }

        var found = await _run.ExplainLog(_log.ToString());
        found.Troubles.ShouldBeEmpty();
        found.Warnings.ShouldBeEmpty();
        found.Clients.ShouldAllBe(client => client.Verdict == Verdict.Protect);
    }

    private void Relay(string client, string from, string to, bool login = false, string? original = null, string service = "smtp", string? nextHop = null)
    {
        var id = Take(client, from, login);
        var hop = nextHop ?? $"mx.{to[(to.IndexOf('@', StringComparison.Ordinal) + 1)..]}[198.51.100.9]:25";
        Add(service, $"{id}: to=<{to}>, {(original is null ? "" : $"orig_to=<{original}>, ")}relay={hop}, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 OK)");
        End(client, login);
    }

    private void Deliver(string client, string from, string to)
    {
        var id = Take(client, from, login: false);
        Add("lmtp", $"{id}: to=<{to}>, relay=mx.example.org[private/dovecot-lmtp], delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Saved)");
        End(client, login: false);
    }

    private string Take(string client, string from, bool login)
    {
        var id = $"4DF{++_messages:X4}A";
        Add("smtpd", $"connect from {client}");
        Add("smtpd", $"{id}: client={client}{(login ? ", sasl_method=PLAIN, sasl_username=alice" : "")}");
        Add("qmgr", $"{id}: from=<{from}>, size=999, nrcpt=1 (queue active)");
        return id;
    }

    private void End(string client, bool login) => Add("smtpd", $"disconnect from {client} ehlo=1 {(login ? "auth=1 " : "")}mail=1 rcpt=1 data=1 quit=1 commands={(login ? 6 : 5)}");

    private void Add(string daemon, string message) =>
        _log.Append($"Nov 25 01:{_messages / 60:00}:{_messages % 60:00} mx postfix/{daemon}[{100 + _messages}]: {message}\n");
}
