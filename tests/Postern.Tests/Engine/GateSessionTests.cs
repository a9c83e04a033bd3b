using System.Text;
using Postern.Classification.Live;
using Postern.Facts;
using static Postern.Tests.Engine.WatchSupport;

namespace Postern.Tests.Engine;

/// <summary>A session that the gate saw counts, and counts once where a log or a notice tells of it, too.</summary>
public sealed class GateSessionTests
{
    private static readonly DateTimeOffset s_ten = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_session_that_only_the_gate_saw_is_reported_as_it_ends()
    {
        var report = Watch().Gate(Dot()).Reports.ShouldHaveSingleItem();
        report.Mark.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.LoneDot));
        report.Source.ShouldBe("milter");
        report.Id.ShouldNotBe(ClientWindows.Deliveries);
        Encoding.Latin1.GetString(report.Lines.Span).ShouldBe("milter: unknown command: .\n");
    }

    [Fact]
    public void Sessions_alike_are_each_their_own()
    {
        var watch = Watch();
        for (var i = 0; i < 10; i++)
        {
            watch.Gate(Dot());
        }

        watch.Sessions.Count.ShouldBe(10);
    }

    [Fact]
    public void Without_a_gate_nothing_of_it_counts() => new WatchSupport().Gate(Dot()).Reports.ShouldBeEmpty();

    [Fact]
    public void Behaviours_are_those_of_the_log()
    {
        Shown("XYZZY").ShouldBe(BehaviourSet.Of(Behaviour.GarbageCommand));
        Shown("SSH-2.0-Go").ShouldBe(BehaviourSet.Of(Behaviour.OtherProtocol));
        Shown(@"\026\003\001").ShouldBe(BehaviourSet.Of(Behaviour.TlsOnPlaintext));
        Of(Refusal("550 5.7.1 <a@elsewhere.example>: Relay access denied; from=<>")).ShouldBe(BehaviourSet.Of(Behaviour.RelayProbe));
        Of(Refusal("550 5.7.1 <a@example.org>: unavailable; client [192.0.2.1] blocked using dnsbl.example; from=<>")).ShouldBe(BehaviourSet.Of(Behaviour.DnsblListed));
        Of([.. Enumerable.Range(0, 3).SelectMany(i => Refusal($"550 5.1.1 <{i}@example.org>: Recipient address rejected: User unknown; from=<>"))]).ShouldBe(BehaviourSet.Of(Behaviour.UserEnumeration));
        // A sender that goes on with its message after a refusal has a fault, and is no abuser.
        Of([.. Refusal("550 5.1.1 <a@example.org>: User unknown; from=<>"), .. Command("."), .. Command("Dear")]).Has(Behaviour.OutOfStep).ShouldBeTrue();

        static BehaviourSet Shown(string command) => Of(Command(command));
        static BehaviourSet Of(IReadOnlyList<SessionEvent> events) => Watch().Gate(Session() with { Events = events }).Reports.ShouldHaveSingleItem().Mark.Behaviours;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_of_both_is_one_session(bool isLogFirst)
    {
        var watch = Both(isLogFirst, LoneDot(1, "192.0.2.1"), Dot());
        var session = watch.Sessions.ShouldHaveSingleItem();
        session.Mark.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.LoneDot));
        session.Source.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_that_only_counts_learns_from_the_gate_what_was_said(bool isLogFirst)
    {
        const string Counted = "disconnect from unknown[192.0.2.1] unknown=0/1 commands=0/1";
        var session = Both(isLogFirst, Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, Counted), Dot()).Sessions.ShouldHaveSingleItem();
        session.Mark.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.LoneDot));
        var lines = Encoding.Latin1.GetString(session.Lines.Span);
        lines.ShouldContain(Counted);
        lines.ShouldContain("milter: unknown command: .");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_log_knows_better_stands(bool isLogFirst)
    {
        var log = Smtpd(1, "connect from unknown[192.0.2.1]") + Smtpd(1, "NOQUEUE: reject: MAIL from unknown[192.0.2.1]: 552 5.3.4 Message size exceeds fixed limit; from=<a@b.c> proto=ESMTP helo=<x>")
            + Smtpd(1, "disconnect from unknown[192.0.2.1] ehlo=1 mail=0/1 rcpt=0/1 data=0/1 unknown=0/1 commands=1/5");
        Both(isLogFirst, log, Session() with { Events = Command("Dear") }).Sessions.ShouldHaveSingleItem().Mark.Behaviours.Has(Behaviour.OutOfStep).ShouldBeTrue();
    }

    [Fact]
    public void A_session_that_a_log_tells_of_while_it_goes_on_is_still_one()
    {
        const string Refused = "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 454 4.7.1 <a@elsewhere.example>: Relay access denied; from=<b@c.example> to=<a@elsewhere.example> proto=ESMTP helo=<c.example>";
        var watch = Watch().Read(Smtpd(1, "connect from unknown[192.0.2.1]"), Smtpd(1, Refused), Smtpd(1, Refused), Smtpd(1, Refused));
        watch.Reports.ShouldHaveSingleItem();
        watch.Gate(Session(minutes: 3) with { Events = Refusal("450 4.7.1 <a@elsewhere.example>: Relay access denied; from=<>") });
        watch.Read(Smtpd(1, "disconnect from unknown[192.0.2.1] ehlo=1 mail=1 rcpt=0/3 quit=1 commands=3/6", "10:03:00"));
        watch.Sessions.ShouldHaveSingleItem().Mark.Failures.ShouldBe((byte)3);
    }

    [Fact]
    public void Whatever_the_order_as_many_count_as_there_were()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var watch = Watch();
            var (logged, gated) = (0, 0);
            while (logged < 12 || gated < 12)
            {
                var isLog = gated == 12 || (logged < 12 && random.Next(2) == 0);
                var second = isLog ? logged++ : gated++;
                _ = isLog ? watch.Read(LoneDot(1, "192.0.2.1", $"10:00:{second:00}")) : watch.Gate(Dot(second));
            }

            watch.Sessions.Count.ShouldBe(12, $"seed {seed}");
        }
    }

    [Fact]
    public void Another_client_or_another_time_is_another_session()
    {
        Watch().Read(LoneDot(1, "192.0.2.2")).Gate(Dot()).Sessions.Count.ShouldBe(2);
        Watch().Read(LoneDot(1, "192.0.2.1", "10:02:00")).Gate(Dot()).Sessions.Count.ShouldBe(2);
        Watch().Read(LoneDot(1, "192.0.2.1"), LoneDot(1, "192.0.2.1")).Gate(Dot()).Sessions.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_delivery_of_both_is_one_delivery(bool isLogFirst)
    {
        var log = Smtpd(1, "connect from mx.example.com[192.0.2.1]") + Smtpd(1, "4abc: client=mx.example.com[192.0.2.1]")
            + Smtpd(1, "disconnect from mx.example.com[192.0.2.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
        var report = Both(isLogFirst, log, Session() with { Accepted = 1 }).Reports.ShouldHaveSingleItem();
        report.Id.ShouldBe(ClientWindows.Deliveries);
        report.Accepted.ShouldBe(1);
    }

    [Fact]
    public void A_genuine_sender_with_a_poor_name_only_delivers()
    {
        var report = Watch().Gate(Session() with { Accepted = 2, IsAuthenticated = true }).Reports.ShouldHaveSingleItem();
        report.Mark.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.Delivered));
        report.Mark.Traits.ShouldBe(SessionTraits.Accepted | SessionTraits.LoggedIn);
        report.Accepted.ShouldBe(2);
    }

    [Fact]
    public void Who_logged_in_and_sent_nothing_is_known_for_it_and_who_came_and_went_is_nobody()
    {
        var report = Watch().Gate(Session() with { IsAuthenticated = true }).Reports.ShouldHaveSingleItem();
        report.Mark.Behaviours.IsEmpty.ShouldBeTrue();
        report.Mark.Traits.ShouldBe(SessionTraits.LoggedIn);
        Watch().Gate(Session()).Reports.ShouldBeEmpty();
    }

    [Fact]
    public void A_notice_without_a_log_tells_more_of_the_gates_session()
    {
        var notice = new Notice
        {
            Client = Session().Client,
            Time = LogTime.From(s_ten.AddSeconds(1)),
            Dialogue = [.. new[] { "<220 mx.example.org ESMTP Postfix", ">.", "<500 5.5.2 Error: command not recognized", ">", "<500 5.5.2 Error: bad syntax" }
                .Select(line => new DialogueLine(line[0] is '>', Encoding.Latin1.GetBytes(line[1..])))],
            Ending = SessionEnd.LostConnection,
        };
        var session = Watch().Gate(Dot()).Hear(notice).Wait(TimeSpan.FromMinutes(1)).Sessions.ShouldHaveSingleItem();
        session.Mark.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.LoneDot, Behaviour.BlankLine));
    }

    [Fact]
    public void Sessions_without_twins_cost_bounded_memory()
    {
        var unpaired = new UnpairedSessions(100);
        var first = Pair(0);
        unpaired.Add(first);
        for (var i = 1; i <= 100; i++)
        {
            unpaired.Add(Pair(i));
        }

        unpaired.Take(first.Client, first.Start, first.End).ShouldNotBe(first);
        var taken = 1;
        while (unpaired.Take(first.Client, first.Start, first.End) is not null)
        {
            taken++;
        }

        taken.ShouldBe(100);

        static SessionPair Pair(int id) => new(Session().Client, (ulong)id, Session().Start, Session().End);
    }

    private static WatchSupport Watch() => new(hasGate: true);

    private static WatchSupport Both(bool isLogFirst, string log, SmtpSession gated) => isLogFirst ? Watch().Read(log).Gate(gated) : Watch().Gate(gated).Read(log);

    private static SmtpSession Dot(int second = 0) => Session(second) with { Events = Command(".") };

    private static SmtpSession Session(int second = 0, int minutes = 0)
    {
        ClientAddress.TryParse("192.0.2.1", out var client).ShouldBeTrue();
        return new SmtpSession { Client = client, Start = LogTime.From(s_ten.AddSeconds(second)), End = LogTime.From(s_ten.AddSeconds(second).AddMinutes(minutes)), StartSeen = true };
    }

    private static IReadOnlyList<SessionEvent> Command(string text) => [new(SmtpEventKind.NonSmtpCommand, SmtpStage.UnknownCommand, 0, Encoding.Latin1.GetBytes(text))];

    private static IReadOnlyList<SessionEvent> Refusal(string text) => [new(SmtpEventKind.Reject, SmtpStage.Rcpt, 550, Encoding.Latin1.GetBytes(text))];
}
