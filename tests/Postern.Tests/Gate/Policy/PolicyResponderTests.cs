using Postern.Facts;
using Postern.Gate;
using Postern.Gate.Policy;

namespace Postern.Tests.Gate.Policy;

public sealed class PolicyResponderTests
{
    private static readonly PolicyRequest s_request = new()
    {
        Kind = "smtpd_access_policy",
        State = "RCPT",
        ClientAddress = "192.0.2.7",
        Helo = "mx.example.com",
        Sender = "ann@example.com",
        Recipient = "bob@example.org",
        Instance = "1.2.3",
    };

    private readonly GateFixture _gate = new();
    private GateOptions _options = new() { Mode = GateMode.Enforce };
    private PolicyResponder? _decider;

    [Theory]
    [InlineData("spf-mailfrom", "REJECT 5.7.23 ")]
    [InlineData("fcrdns", "REJECT 5.7.25 ")]
    [InlineData("generic-ptr", "REJECT 5.7.25 ")]
    [InlineData("dmarc", "REJECT 5.7.26 ")]
    [InlineData("dnsbl", "REJECT 5.7.1 ")]
    [InlineData("helo-syntax", "REJECT 5.7.1 ")]
    public async Task A_forged_sender_is_refused_with_the_status_of_what_shows_it(string test, string begin)
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged(test));
        var answer = await AskAsync(s_request);
        answer.ShouldStartWith(begin);
        if (test is not "dmarc")
        {
            answer.ShouldContain("192.0.2.7");
        }

        answer.ShouldNotContain("ann@");
        (await AskAsync(s_request)).ShouldBe(answer);
        _gate.Records.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_only_the_message_can_prove_is_left_to_the_milter_behind()
    {
        _options = _options with { LeavesToMessage = true, AddsHeader = false };
        // A forwarder, in order itself and with somebody else's sender; and one whose DNS names it not.
        foreach (var answer in (GateAnswer[])[GateFixture.Suspect(), GateFixture.Forged("spf-mailfrom")])
        {
            _gate.Answer = _ => Task.FromResult<GateAnswer?>(answer);
            (await AskAsync(s_request with { Instance = answer.Verdict.Deciding[0], Sender = $"{answer.Verdict.Deciding[0]}@example.com" })).ShouldBe("DUNNO");
        }

        // What no message can change is refused at once, and nobody has been asked to come back.
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged("helo-syntax"));
        (await AskAsync(s_request with { Instance = "9", Sender = "other@example.com" })).ShouldStartWith("REJECT 5.7.1 ");
        _gate.Records.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_suspect_waits_once_and_is_remembered_when_it_comes_back()
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Suspect());
        (await AskAsync(s_request)).ShouldStartWith("DEFER_IF_PERMIT 4.7.25 ");
        (await AskAsync(s_request)).ShouldStartWith("DEFER_IF_PERMIT ");
        _gate.Time.Advance(TimeSpan.FromMinutes(5));
        // A large sender comes back from a neighbour.
        var again = s_request with { Instance = "9.9.9", ClientAddress = "192.0.2.99" };
        (await AskAsync(again)).ShouldBe("PREPEND X-Postern: suspect; advice=defer; points=-2.5; deciding=ptr; client=192.0.2.99; came-back=yes");
        (await AskAsync(again with { Instance = "9.9.10", ClientAddress = "198.51.100.99" })).ShouldStartWith("DEFER_IF_PERMIT ");
        _gate.Time.Advance(TimeSpan.FromDays(30));
        (await AskAsync(again with { Instance = "9.9.11" })).ShouldStartWith("PREPEND ");
    }

    [Fact]
    public async Task All_recipients_of_a_message_that_waits_may_come_back()
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Suspect());
        await AskAsync(s_request);
        await AskAsync(s_request with { Recipient = "carol@example.org" });
        _gate.Time.Advance(TimeSpan.FromMinutes(5));
        (await AskAsync(s_request with { Instance = "2", Recipient = "carol@example.org" })).ShouldStartWith("PREPEND ");
    }

    [Fact]
    public async Task A_message_whose_recipients_Postfix_does_not_name_may_come_back()
    {
        var request = s_request with { State = "DATA", Recipient = "" };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Suspect());
        (await AskAsync(request)).ShouldStartWith("DEFER_IF_PERMIT ");
        _gate.Time.Advance(TimeSpan.FromMinutes(5));
        (await AskAsync(request with { Instance = "2" })).ShouldStartWith("PREPEND ");
    }

    [Fact]
    public async Task A_message_gets_one_header_however_many_recipients_it_has()
    {
        (await AskAsync(s_request)).ShouldStartWith("PREPEND ");
        (await AskAsync(s_request with { Recipient = "carol@example.org" })).ShouldBe("DUNNO");
        (await AskAsync(s_request with { State = "DATA", Recipient = "" })).ShouldBe("DUNNO");
        (await AskAsync(s_request with { Instance = "2" })).ShouldStartWith("PREPEND ");
        _gate.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_gets_no_header_where_none_is_wanted()
    {
        _options = _options with { AddsHeader = false };
        (await AskAsync(s_request)).ShouldBe("DUNNO");
    }

    [Fact]
    public async Task Who_watches_refuses_nobody_and_says_what_would_have_been()
    {
        _options = new GateOptions();
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request)).ShouldBe("PREPEND X-Postern: forged; advice=reject; points=-6; deciding=spf-mailfrom; client=192.0.2.7; would=reject");
        var record = _gate.Records.ShouldHaveSingleItem();
        record.IsEnforced.ShouldBeFalse();
        record.Action.ShouldBe(GateAction.Reject);
        record.Recipient.ShouldBe("bob@example.org");
    }

    [Theory]
    [InlineData(ClientStanding.Own)]
    [InlineData(ClientStanding.Allowed)]
    public async Task Own_and_allowed_clients_are_not_judged(ClientStanding standing)
    {
        _gate.Standings["192.0.2.7"] = standing;
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request)).ShouldBe("DUNNO");
        _gate.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "a@example.com", false)]
    [InlineData("ann@example.com", "ann@example.com", true)]
    [InlineData("ANN@example.com", "ann@EXAMPLE.com", true)]
    [InlineData("@example.com", "ann@example.com", true)]
    [InlineData("@example.com", "ann@mail.example.com", false)]
    [InlineData("@example.com", "ann@badexample.com", false)]
    [InlineData("@example.com", "", false)]
    public async Task An_allowed_sender_is_not_judged_but_its_ban_holds(string allowed, string sender, bool isAllowed)
    {
        _options = _options with { Exempt = new GateExemptions { Senders = allowed.Length > 0 ? [allowed] : [] } };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request with { Sender = sender })).ShouldStartWith(isAllowed ? "DUNNO" : "REJECT");
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AskAsync(s_request with { Sender = sender, Instance = "2" })).ShouldStartWith("421 ");
    }

    [Fact]
    public async Task A_recipient_who_can_always_be_reached_opens_the_way_to_nobody_else()
    {
        _options = _options with { Exempt = new GateExemptions { Recipients = ["postmaster@", "abuse@"] } };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Of(Legitimacy.Suspect, Advice.Reject, -6, "dnsbl"));
        (await AskAsync(s_request with { Recipient = "Postmaster@example.org" })).ShouldBe("DUNNO");
        (await AskAsync(s_request with { Recipient = "postmaster" })).ShouldBe("DUNNO");
        (await AskAsync(s_request)).ShouldStartWith("REJECT ");
        (await AskAsync(s_request with { Recipient = "abuse@example.org" })).ShouldBe("DUNNO");
        // Who forges another's name is refused by everybody.
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request with { Sender = "ceo@bank.example", Recipient = "abuse@example.org", Instance = "3" })).ShouldStartWith("REJECT ");
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AskAsync(s_request with { Recipient = "abuse@example.org", Instance = "2" })).ShouldStartWith("421 ");
    }

    [Fact]
    public async Task A_banned_client_reaches_the_postmaster_where_that_is_configured()
    {
        _options = _options with { Exempt = new GateExemptions { Recipients = ["postmaster@"], FromBanned = true } };
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AskAsync(s_request with { State = "CONNECT", Sender = "", Recipient = "" })).ShouldBe("DUNNO");
        (await AskAsync(s_request with { State = "MAIL", Recipient = "" })).ShouldBe("DUNNO");
        (await AskAsync(s_request with { Recipient = "postmaster@example.org" })).ShouldBe("DUNNO");
        (await AskAsync(s_request)).ShouldStartWith("421 ");
    }

    [Fact]
    public async Task A_client_that_logged_in_is_not_judged()
    {
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AskAsync(s_request with { SaslUser = "alice" })).ShouldBe("DUNNO");
        _gate.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task A_banned_client_is_sent_away_at_any_stage(string state)
    {
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await AskAsync(s_request with { State = state })).ShouldStartWith("421 4.7.0 ");
        _options = new GateOptions();
        (await AskAsync(s_request with { State = state, Instance = "2" })).ShouldNotContain("421");
        _gate.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("HELO")]
    [InlineData("EHLO")]
    public async Task Before_there_is_a_sender_nobody_is_judged(string state)
    {
        (await AskAsync(s_request with { State = state, Sender = "" })).ShouldBe("DUNNO");
        _gate.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bounce_is_judged_as_one()
    {
        await AskAsync(s_request with { Sender = "", Helo = "" });
        _gate.Asked.ShouldHaveSingleItem().ShouldBe(new GateQuestion { Client = ClientAddress.FromIPv4(0xC0000207), Helo = null, Sender = "" });
    }

    [Fact]
    public async Task Silence_of_the_DNS_alone_makes_nobody_wait()
    {
        var silent = GateFixture.Of(Legitimacy.Unproven, Advice.Defer, 0);
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(silent with { Verdict = silent.Verdict with { Troubled = ["ptr", "spf-mailfrom"] } });
        (await AskAsync(s_request)).ShouldBe("PREPEND X-Postern: unproven; advice=defer; points=0; no-dns=ptr,spf-mailfrom; client=192.0.2.7");
        _gate.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_verdict_that_takes_too_long_is_not_waited_for()
    {
        _gate.Answer = _ => new TaskCompletionSource<GateAnswer?>().Task;
        var answer = AskAsync(s_request);
        answer.IsCompleted.ShouldBeFalse();
        _gate.Time.Advance(TimeSpan.FromSeconds(7.5));
        (await answer.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe("DUNNO");
    }

    [Fact]
    public async Task A_fault_lets_the_mail_through_and_is_told_once()
    {
        _gate.Answer = _ => throw new InvalidOperationException("broken");
        (await AskAsync(s_request)).ShouldBe("DUNNO");
        (await AskAsync(s_request)).ShouldBe("DUNNO");
        _gate.Troubles.ShouldHaveSingleItem().ShouldBe("policy: broken");
    }

    [Fact]
    public async Task A_session_that_says_other_names_is_judged_anew()
    {
        _gate.Answer = question => Task.FromResult<GateAnswer?>(question.Sender is "ann@example.com" ? GateFixture.Genuine() : GateFixture.Forged());
        (await AskAsync(s_request)).ShouldStartWith("PREPEND ");
        (await AskAsync(s_request with { Sender = "eve@example.net" })).ShouldStartWith("REJECT ");
        (await AskAsync(s_request)).ShouldBe("DUNNO");
    }

    [Theory]
    [InlineData(GateAction.Quarantine, "HOLD ")]
    [InlineData(GateAction.Pass, "PREPEND ")]
    [InlineData(GateAction.Defer, "DEFER_IF_PERMIT ")]
    public async Task An_operator_may_have_forged_mail_treated_more_mildly(GateAction action, string begin)
    {
        _options = _options with { OnReject = action };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request)).ShouldStartWith(begin);
    }

    [Fact]
    public async Task Above_the_bound_of_points_what_should_be_refused_only_waits()
    {
        _options = _options with { RejectBelow = -8 };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await AskAsync(s_request)).ShouldStartWith("DEFER_IF_PERMIT ");
    }

    private async Task<string> AskAsync(PolicyRequest request)
    {
        _decider ??= new PolicyResponder(_gate.Judge, () => _options, _gate.Time);
        return await _decider.AnswerAsync(request);
    }
}
