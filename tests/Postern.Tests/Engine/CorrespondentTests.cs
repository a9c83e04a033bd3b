using System.Text;
using Postern.Capture.Grammar;
using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Bans;
using Postern.Engine.Intake;
using Postern.Engine.Protection;
using Postern.Facts;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Engine;

/// <summary>Whom own users write to, and what that buys.</summary>
public sealed class CorrespondentTests
{
    private const string Client = "192.0.2.1";
    private static readonly DateTimeOffset s_now = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);
    private readonly List<SenderInquiry> _asked = [];
    private readonly List<string> _domains = [];
    private readonly BanDecider _decider;
    private ulong _id;

    public CorrespondentTests() => _decider = new BanDecider([new JailOptions()], _asked.Add);

    [Theory]
    [InlineData("postfix/smtp", "4ABCDEF: to=<a@partner.example>, relay=mx.partner.example[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)", "partner.example")]
    [InlineData("postfix/smtp", "4ABCDEF: to=<a@b.example>, orig_to=<c@d.example>, relay=mx[192.0.2.9]:25, conn_use=2, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)", "b.example")]
    [InlineData("postfix/smtp", "4ABCDEF: to=<a@b.example>, relay=mx[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=4.0.0, status=deferred (host mx said: 450 status=sent (ok), status=sent (ok))", null)]
    [InlineData("postfix/smtp", "4ABCDEF: to=<a@b.example>, relay=none, delay=1, delays=0/0/0/1, dsn=5.4.4, status=bounced (no)", null)]
    [InlineData("postfix/smtp", "4ABCDEF: host mx[192.0.2.9] refused to talk to me: to=<a@b.example>, relay=x, status=sent (", null)]
    [InlineData("postfix/lmtp", "4ABCDEF: to=<a@own.example>, relay=x[private/lmtp], delay=1, dsn=2.0.0, status=sent (250 Ok)", null)]
    public void Only_what_smtp_delivered_names_a_domain(string daemon, string message, string? domain)
    {
        SmtpEvent e = default;
        var line = Encoding.UTF8.GetBytes($"Nov 25 10:00:00 mx {daemon}[1]: {message}");
        var read = Grammar(MailReading.Outbound).Read(line, ref e);
        (read == LineClass.Event ? Encoding.UTF8.GetString(e.Text.Span) : null).ShouldBe(domain);
        Grammar(MailReading.None).Read(line, ref e).ShouldBe(LineClass.Postfix);
    }

    [Theory]
    [InlineData("postfix/submission/smtpd[1]: 4ABCDEF: client=home[203.0.113.9], sasl_method=PLAIN, sasl_username=alice", true)]
    [InlineData("postfix/smtpd[1]: 4ABCDEF: client=printer[10.0.0.7]", true)]
    [InlineData("postfix/pickup[1]: 4ABCDEF: uid=1000 from=<alice>", true)]
    [InlineData("postfix/pickup[1]: 4ABCDEF: uid=1000 from=<>", false)] // a reply to whoever wrote
    [InlineData("postfix/smtpd[1]: 4ABCDEF: client=localhost[127.0.0.1]", false)] // a filter hands mail back
    [InlineData("postfix/smtpd[1]: 4ABCDEF: client=stranger[198.51.100.7]", false)] // forwarded
    [InlineData("postfix/cleanup[1]: 4ABCDEF: message-id=<x@y>", false)] // a bounce
    public void Only_mail_of_own_users_counts(string origin, bool counts)
    {
        ClientNetwork.TryParse("10.0.0.0/8", out var ten).ShouldBeTrue();
        ClientNetwork.TryParse("127.0.0.0/8", out var loopback).ShouldBeTrue();
        var networks = new ProtectedNetworks { MyNetworks = [ten, loopback] };
        Read(networks,
            origin,
            "postfix/smtp[2]: 4ABCDEF: to=<bob@partner.example>, relay=mx.partner.example[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)");
        _domains.ShouldBe(counts ? ["partner.example"] : []);
    }

    [Fact]
    public void A_queue_id_that_a_stranger_gets_later_is_not_the_users_any_more()
    {
        Read(new ProtectedNetworks(),
            "postfix/pickup[1]: 4ABCDEF: uid=1000 from=<alice>",
            "postfix/smtpd[1]: 4ABCDEF: client=stranger[198.51.100.7]",
            "postfix/smtp[2]: 4ABCDEF: to=<spam@bots.example>, relay=mx[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)");
        _domains.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mail.partner.example", true)]
    [InlineData("PARTNER.example", true)]
    [InlineData("partner.example.attacker.example", false)]
    [InlineData("notpartner.example", false)]
    [InlineData("example", false)]
    public void A_name_lies_in_a_domain_by_whole_labels(string name, bool lies)
    {
        var known = new Correspondents();
        known.Note("Partner.EXAMPLE", new DateOnly(2026, 11, 25)).ShouldNotBeNull();
        known.Note("partner.example", new DateOnly(2026, 11, 25)).ShouldBeNull();
        (known.DomainOf(name) is not null).ShouldBe(lies);
        known.Forget(new DateOnly(2026, 11, 26));
        known.DomainOf(name).ShouldBeNull();
    }

    [Fact]
    public void Without_the_key_the_hashes_tell_nothing_and_with_it_they_are_known_again()
    {
        var known = new Correspondents();
        var key = Enumerable.Repeat((byte)7, 32).ToArray();
        known.Restore(key, []);
        var kept = known.Note("partner.example", new DateOnly(2026, 11, 25)).ShouldNotBeNull();
        var again = new Correspondents();
        again.Restore([], [kept]);
        again.DomainOf("partner.example").ShouldBeNull();
        again.Restore(key, [kept]);
        again.DomainOf("partner.example").ShouldBe("partner.example");
        again.Note("[192.0.2.1]", new DateOnly(2026, 11, 25)).ShouldBeNull();
        again.Note("b\u00FCcher.example", new DateOnly(2026, 11, 25)).ShouldNotBeNull();
        again.DomainOf("mail.xn--bcher-kva.example").ShouldNotBeNull();
    }

    [Fact]
    public void One_whose_confirmed_name_lies_in_such_a_domain_is_protected_from_its_first_day()
    {
        WroteTo("partner.example");
        Fail(Behaviour.GarbageCommand, 12, "mail.partner.example", null, null);
        _decider.Answer(_asked.ShouldHaveSingleItem(), Verdict(), s_now);
        _decider.Changes.Bans.ShouldBeEmpty();
        var spared = _decider.Changes.Suppressed.ShouldHaveSingleItem();
        spared.Reason.ShouldBe(ProtectionReason.Correspondent);
        spared.Detail.ShouldContain("partner.example");
        // Like any proven sender, and no more.
        Fail(Behaviour.GarbageCommand, 100, "mail.partner.example", null, null);
        _decider.Changes.Bans.ShouldHaveSingleItem();
    }

    [Fact]
    public void One_whose_sender_SPF_lets_send_is_protected_and_one_that_SPF_does_not_is_not()
    {
        WroteTo("partner.example");
        Fail(Behaviour.UserEnumeration, 12, null, "out.mailer.example", "news@partner.example");
        var asked = _asked.ShouldHaveSingleItem();
        asked.Sender.ShouldBe("news@partner.example");
        _decider.Answer(asked, Verdict(new Evidence("spf-mailfrom", TestResult.Pass, 3, "", [])), s_now);
        _decider.Changes.Bans.ShouldBeEmpty();
        _decider.Changes.Suppressed.ShouldHaveSingleItem().Reason.ShouldBe(ProtectionReason.Correspondent);
    }

    [Theory]
    [InlineData(TestResult.Fail, -4)]
    [InlineData(TestResult.Pass, 0)] // a record that lets everybody send
    [InlineData(TestResult.TempError, 0)]
    public void A_sender_that_anybody_may_claim_protects_nobody(TestResult result, double points)
    {
        WroteTo("partner.example");
        Fail(Behaviour.UserEnumeration, 12, null, "out.mailer.example", "news@partner.example");
        _decider.Answer(_asked.ShouldHaveSingleItem(), Verdict(new Evidence("spf-mailfrom", result, points, "", [])), s_now);
        _decider.Changes.Bans.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("mail.stranger.example")] // nobody wrote there
    [InlineData("ip-192-0-2-1.dynamic.broadband.partner.example")] // the line of a customer of a provider to which users write
    public void Others_are_not_protected(string hostName)
    {
        WroteTo("partner.example");
        Fail(Behaviour.LoneDot, 12, hostName, null, null);
        _decider.Changes.Bans.ShouldHaveSingleItem();
    }

    private static LineGrammar Grammar(MailReading reading)
    {
        var grammar = new LineGrammar(TimeZoneInfo.Utc, reading);
        grammar.StartAt(2026, 0);
        return grammar;
    }

    private void WroteTo(string domain) => _decider.WroteTo(domain, LogTime.From(s_now));

    private static SenderVerdict Verdict(params Evidence[] tests) =>
        new() { Tests = tests, Points = 0, Legitimacy = Legitimacy.Unproven, Advice = Advice.Defer, MayBounce = false, Deciding = [], Troubled = [] };

    private void Fail(Behaviour behaviour, int times, string? hostName, string? helo, string? sender)
    {
        ClientAddress.TryParse(Client, out var client).ShouldBeTrue();
        for (var i = 0; i < times; i++)
        {
            var mark = new SessionMark(LogTime.From(s_now), BehaviourSet.Of(behaviour), SessionTraits.None);
            _decider.RecordSession(new SessionReport { Id = ++_id, Client = client, Mark = mark, HostName = hostName, Helo = helo, Sender = sender }, "mail.log", s_now);
        }
    }

    private void Read(ProtectedNetworks networks, params string[] lines)
    {
        var outbound = new OutboundMail(() => networks, (domain, _) => _domains.Add(domain));
        var watch = new LogIntake(TimeZoneInfo.Utc, outbound);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"Nov 25 10:00:00 mx {line}\n")));
        watch.Open(
            new LineBatch { Source = "mail.log", Lines = bytes, Start = new SourcePosition("mail.log", 7, 0), End = new SourcePosition("mail.log", 7, bytes.Length), Year = 2026 },
            s_now.UtcTicks);
        SmtpEvent e = default;
        while (watch.TryRead(ref e, out _))
        {
            // What is told of a client is nothing to this test.
        }
    }
}
