using System.Text;
using Postern.Facts;
using Postern.Gate;
using Postern.Gate.Milter;

namespace Postern.Tests.Gate.Milter;

/// <summary>What the milter is told of a session becomes a session in the words of the log.</summary>
public sealed class SessionNotesTests : IDisposable
{
    private const string Headers = "From: Ann <ann@example.com>\nSubject: Hello\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-milter-").FullName;
    private readonly GateFixture _gate = new();
    private GateMode _mode = GateMode.Enforce;

    public void Dispose() => Directory.Delete(_folder);

    [Fact]
    public async Task Commands_that_the_server_does_not_know_are_told_by_their_words()
    {
        var session = await OneAsync(Talk().Say('U', MilterTalk.Text(".")).Say('U', [0x16, 3, 1, 2, 0]).Say('Q', []));
        session.Client.ToString().ShouldBe("192.0.2.7");
        session.HostName.ShouldBe("mx.example.com");
        session.Ending.ShouldBe(SessionEnd.NotSeen);
        session.Start.ToDateTimeOffset().ShouldBe(_gate.Time.GetUtcNow());
        session.Events.Select(e => (e.Kind, e.Stage, Text(e))).ShouldBe(
        [
            (SmtpEventKind.NonSmtpCommand, SmtpStage.UnknownCommand, "."),
            (SmtpEventKind.NonSmtpCommand, SmtpStage.UnknownCommand, @"\026\003\001\002"),
        ]);
    }

    [Fact]
    public async Task Recipients_that_the_server_refuses_are_told_as_in_the_log_and_are_nobody_the_mail_is_for()
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var session = await OneAsync(Talk().Say('H', MilterTalk.Text("mx.example.com")).Mail("<ann@example.com>")
            .Refused("<x@elsewhere.example>", "5.7.1", "Relay access denied")
            .Refused("<carl@example.org>", "5.1.1", "Recipient address rejected: User unknown in local recipient table")
            .Refused("<dora@example.org>", "4.1.1", "Recipient address rejected: unverified address")
            .Recipient("<bob@example.org>").Content(Headers, "Hello\r\n").Say('Q', []));
        session.Events.Take(3).Select(e => (e.Kind, e.Number, Text(e))).ShouldBe(
        [
            (SmtpEventKind.Reject, 550, "550 5.7.1 <x@elsewhere.example>: Relay access denied; from=<>"),
            (SmtpEventKind.Reject, 550, "550 5.1.1 <carl@example.org>: Recipient address rejected: User unknown in local recipient table; from=<>"),
            (SmtpEventKind.Reject, 450, "450 4.1.1 <dora@example.org>: Recipient address rejected: unverified address; from=<>"),
        ]);
        session.Helo.ShouldBe("mx.example.com");
        var record = _gate.Records.ShouldHaveSingleItem();
        record.Recipient.ShouldBe("bob@example.org");
    }

    [Fact]
    public async Task What_we_refuse_at_the_end_of_a_message_is_told_and_what_we_take_counts()
    {
        _gate.Answer = question => Task.FromResult<GateAnswer?>(question.Sender is "eve@example.net" ? GateFixture.Forged() : GateFixture.Genuine());
        var session = await OneAsync(Talk().Mail("<ann@example.com>").Content(Headers, "a").Mail("<eve@example.net>").Content(Headers, "b").Mail("<ann@example.com>").Content(Headers, "c").Say('Q', []));
        session.Accepted.ShouldBe(2);
        var refused = session.Events.ShouldHaveSingleItem();
        refused.Kind.ShouldBe(SmtpEventKind.MessageRejected);
        Text(refused).ShouldStartWith("550 5.7.23 ");
    }

    [Fact]
    public async Task Who_watches_takes_all()
    {
        _mode = GateMode.Observe;
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await OneAsync(Talk().Mail("<ann@example.com>").Content(Headers, "a"))).ShouldSatisfyAllConditions(
            session => session.Accepted.ShouldBe(1), session => session.Events.ShouldBeEmpty());
    }

    [Fact]
    public async Task Who_logs_in_is_known_for_it_whether_its_mail_comes_or_not()
    {
        (await OneAsync(Talk().Mail("<ann@example.com>", "alice").Say('A', []))).IsAuthenticated.ShouldBeTrue();
        var session = await OneAsync(Talk().Mail("<ann@example.com>", "alice").Content(Headers, "a"));
        session.IsAuthenticated.ShouldBeTrue();
        session.Accepted.ShouldBe(1);
        (await OneAsync(Talk().Mail("<ann@example.com>").Content(Headers, "a"))).IsAuthenticated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_told_with_a_fault_only()
    {
        (await OneAsync(Talk().Say('H', MilterTalk.Text("localhost")).Mail("<ann@example.com>").Content(Headers, "a"))).Helo.ShouldBeNull();
        (await OneAsync(Talk().Say('H', MilterTalk.Text("localhost")).Say('U', MilterTalk.Text("XYZZY")))).Helo.ShouldBe("localhost");
    }

    [Fact]
    public async Task The_server_is_known_by_its_own_macro()
    {
        var talk = new MilterTalk().Negotiate().Say('D', [(byte)'C', .. MilterTalk.Text("j"), .. MilterTalk.Text("mx.example.org")]).Connect("192.0.2.7").Say('U', MilterTalk.Text("."));
        (await OneAsync(talk)).ServerName.ShouldBe("mx.example.org");
    }

    [Fact]
    public async Task Every_way_in_which_a_session_ends_ends_it_once()
    {
        (await AllAsync(Talk().Say('U', MilterTalk.Text(".")).Say('K', []).Connect("192.0.2.8").Say('U', MilterTalk.Text(".")).Connect("192.0.2.9").Say('U', MilterTalk.Text("."))))
            .Select(session => (session.Client.ToString(), session.Events.Count)).ShouldBe([("192.0.2.7", 1), ("192.0.2.8", 1), ("192.0.2.9", 1)]);
        (await AllAsync(Talk().Say('U', MilterTalk.Text(".")).Say('Q', []))).Count.ShouldBe(1);
        (await AllAsync(Talk().Say('U', MilterTalk.Text(".")).Raw(0, 0, 0, 0))).Count.ShouldBe(1);
        (await AllAsync(new MilterTalk().Negotiate().Say('U', MilterTalk.Text(".")))).ShouldBeEmpty();
        (await AllAsync(new MilterTalk().Negotiate().Connect("unknown").Say('U', MilterTalk.Text(".")))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(GateMode.Enforce, 0)]
    [InlineData(GateMode.Observe, 1)]
    public async Task Who_is_sent_away_for_a_ban_has_no_session(GateMode mode, int sessions)
    {
        _mode = mode;
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AllAsync(Talk().Say('U', MilterTalk.Text(".")).Say('Q', []))).Count.ShouldBe(sessions);
    }

    [Fact]
    public async Task What_a_client_writes_stays_small_and_cannot_pass_for_the_servers_words()
    {
        var talk = Talk().Say('H', MilterTalk.Text(new string('h', 9000))).Say('U', MilterTalk.Text(new string('A', 9000))).Say('U', [.. Enumerable.Repeat((byte)0xFF, 9000), 0])
            .Mail("<a@example.com>").Refused("<\"; from=<\"" + new string('r', 9000) + "@example.org>", "5.7.1", "Relay access denied");
        for (var i = 0; i < 500; i++)
        {
            talk.Say('U', MilterTalk.Text("X"));
        }

        var session = await OneAsync(talk);
        session.Helo!.Length.ShouldBe(255);
        session.Events.Count.ShouldBe(64);
        session.Events.ShouldAllBe(e => e.Text.Length <= 512);
        (await OneAsync(Enumerable.Range(0, 60).Aggregate(Talk(), (more, _) => more.Say('U', MilterTalk.Text(new string('A', 500)))))).Events.Sum(e => e.Text.Length).ShouldBeInRange(3500, 4096);
        Text(session.Events[1]).ShouldStartWith(@"\377\377");
        Text(session.Events[2]).ShouldEndWith(": Relay access denied; from=<>");
        _gate.Troubles.ShouldBeEmpty();
    }

    private static MilterTalk Talk() => new MilterTalk().Negotiate().Connect("192.0.2.7");

    private static string Text(SessionEvent e) => Encoding.Latin1.GetString(e.Text.Span);

    private async Task<SmtpSession> OneAsync(MilterTalk talk) => (await AllAsync(talk)).ShouldHaveSingleItem();

    private async Task<IReadOnlyList<SmtpSession>> AllAsync(MilterTalk talk)
    {
        _gate.Sessions.Clear();
        var settings = new MilterSettings("mx.example.org", new GateOptions { Mode = _mode });
        await new MilterServer(_gate.Judge, () => settings, new MilterLimits(), _folder, _gate, _gate.Time).ServeAsync(ScriptedStream.Cut(talk.Bytes), TestContext.Current.CancellationToken);
        return [.. _gate.Sessions];
    }
}
