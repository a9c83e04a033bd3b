using Postern.Classification.Behaviours;
using Postern.Classification.Texts;
using Postern.Facts;

namespace Postern.Tests.Explain;

/// <summary>Lines that name no client, or tell of a session in other words than most, still end in the right session.</summary>
public sealed class JoinedLinesTests : IDisposable
{
    private const string From = "unknown[203.0.113.5]";
    private readonly PipelineSupport _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_repeated_message_counts_as_often_as_it_says()
    {
        const string Failure = $"warning: {From}: SASL LOGIN authentication failed: UGFzc3dvcmQ6";
        (await Only($"connect from {From}", Failure, $"message repeated 5 times: [ {Failure}]", $"lost connection after AUTH from {From}"))
            .ShouldContain(Behaviour.AuthBruteForce);
        (await Only($"connect from {From}", Failure, $"lost connection after AUTH from {From}")).ShouldNotContain(Behaviour.AuthBruteForce);
    }

    [Fact]
    public async Task A_session_of_3_10_ends_where_the_line_says()
    {
        (await Only($"connect from {From}", $"NOQUEUE: lost connection after EHLO from {From}", $"disconnect from {From} ehlo=1 commands=1")).ShouldBe([Behaviour.Hangup]);
        (await Only($"connect from {From}", $"NOQUEUE: too many errors after AUTH from {From}", $"disconnect from {From} ehlo=1 commands=1")).ShouldContain(Behaviour.TooManyErrors);
    }

    [Fact]
    public async Task A_filter_before_the_queue_that_refuses_a_message_refuses_that_of_its_own_session()
    {
        (await Only(
            $"connect from {From}", $"NOQUEUE: client={From}",
            "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=25257-0 - spam; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<x.example>",
            $"disconnect from {From} ehlo=1 mail=1 rcpt=1 data=0/1 quit=1 commands=4/5")).ShouldBe([Behaviour.RejectedMail]);
    }

    [Fact]
    public async Task A_message_that_was_thrown_away_is_no_delivery_and_the_next_one_is()
    {
        string[] thrown =
        [
            $"connect from {From}", $"NOQUEUE: discard: RCPT from {From}: <a@d.example>: Recipient address triggers DISCARD action; from=<> to=<a@d.example> proto=ESMTP helo=<x>",
            $"4dJZ1l3x9Wz1Bc: client={From}",
            $"4dJZ1l3x9Wz1Bc: discard: RCPT from {From}: <b@d.example>: Recipient address triggers DISCARD action; from=<> to=<b@d.example> proto=ESMTP helo=<x>",
        ];
        (await Accepted([.. thrown, $"disconnect from {From} ehlo=1 mail=1 rcpt=2 data=1 quit=1 commands=6"])).ShouldBe(0);
        (await Accepted([.. thrown, $"4dJZ1l3x9Wz1Bd: client={From}", $"disconnect from {From} ehlo=1 mail=2 rcpt=3 data=2 quit=1 commands=9"])).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_is_too_big_is_told_by_two_daemons_and_is_one()
    {
        var log = Smtpd($"connect from {From}") + Smtpd($"4dJZ1l3x9Wz1Bc: client={From}")
            + "Nov 25 01:51:40 mx postfix/cleanup[9]: warning: 4dJZ1l3x9Wz1Bc: queue file size limit exceeded\n"
            + Smtpd("warning: 4dJZ1l3x9Wz1Bc: queue file size limit exceeded") + Smtpd($"4dJZ1l3x9Wz1Bd: client={From}")
            + Smtpd($"disconnect from {From} ehlo=1 mail=2 rcpt=2 data=1/2 quit=1 commands=7/8");
        var client = (await _run.ExplainLog(log)).Clients.ShouldHaveSingleItem();
        (client.Accepted, client.Behaviours.Count).ShouldBe((1, 2));
    }

    [Theory]
    [InlineData(false, "zen.spamhaus.org as 127.255.255.254")]
    [InlineData(false, "zen.spamhaus.org as 127.255.255.254", "list.dnswl.org as 127.0.5.1")]
    [InlineData(true, "zen.spamhaus.org as 127.0.0.4")]
    [InlineData(true, "zen.spamhaus.org as 127.255.255.254", "bl.spamcop.net as 127.0.0.2")]
    [InlineData(true)]
    public async Task An_error_of_a_list_is_no_listing(bool isListed, params string[] answers)
    {
        var log = Postscreen("CONNECT from [203.0.113.5]:3000 to [192.0.2.1]:25")
            + string.Concat(answers.Select(answer => $"Nov 25 01:51:40 mx postfix/dnsblog[8]: addr 203.0.113.5 listed by domain {answer}\n"))
            + Postscreen("DNSBL rank 3 for [203.0.113.5]:3000")
            + Postscreen("NOQUEUE: reject: RCPT from [203.0.113.5]:3000: 550 5.7.1 Service unavailable; client [203.0.113.5] blocked using zen.spamhaus.org; from=<a@b.example>, to=<c@d.example>, proto=ESMTP, helo=<x.example>")
            + Postscreen("DISCONNECT [203.0.113.5]:3000");
        var found = (await _run.ExplainLog(log)).Clients.ShouldHaveSingleItem();
        found.Behaviours.Any(pair => pair.Key == Behaviour.DnsblListed).ShouldBe(isListed);
    }

    [Fact]
    public async Task An_answer_for_another_client_or_of_another_hour_excuses_nobody()
    {
        var log = "Nov 25 00:51:40 mx postfix/dnsblog[8]: addr 203.0.113.5 listed by domain zen.spamhaus.org as 127.255.255.254\n"
            + "Nov 25 01:51:40 mx postfix/dnsblog[8]: addr 203.0.113.6 listed by domain zen.spamhaus.org as 127.255.255.254\n"
            + Postscreen("CONNECT from [203.0.113.5]:3000 to [192.0.2.1]:25") + Postscreen("DNSBL rank 3 for [203.0.113.5]:3000") + Postscreen("DISCONNECT [203.0.113.5]:3000");
        (await _run.ExplainLog(log)).Clients.ShouldHaveSingleItem().Behaviours.ShouldContain(pair => pair.Key == Behaviour.DnsblListed);
    }

    [Theory]
    [InlineData("Name or service not known", "a.sender.example")]
    [InlineData("Temporary failure in name resolution", null)]
    public async Task A_name_is_unconfirmed_only_where_the_DNS_said_so(string reason, string? name)
    {
        var client = (await _run.ExplainLog(
            Smtpd($"warning: hostname a.sender.example does not resolve to address 203.0.113.5: {reason}") + Smtpd($"connect from {From}")
            + Smtpd($"lost connection after CONNECT from {From}") + Smtpd($"disconnect from {From} commands=0/0"))).Clients.ShouldHaveSingleItem();
        client.HostName.ShouldBe(name);
    }

    [Theory]
    [InlineData("error:0A000416:SSL routines::sslv3 alert certificate unknown:../ssl/record/rec_layer_s3.c:1586:SSL alert number 46:", "sslv3 alert certificate unknown")]
    [InlineData("error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown:../ssl/record/rec_layer_s3.c:1544:SSL alert number 46:", "sslv3 alert certificate unknown")]
    [InlineData("29414:error:140760FC:SSL routines:SSL23_GET_CLIENT_HELLO:unknown protocol:s23_srvr.c:640:", "unknown protocol")]
    [InlineData("error:0A000126:SSL routines::", "failed")]
    [InlineData("nothing of the kind", "failed")]
    public void The_reason_of_a_failed_handshake_is_the_same_by_every_OpenSSL(string text, string reason)
    {
        var session = new SmtpSession
        {
            Client = ClientAddress.Unknown,
            Events = [new(SmtpEventKind.TlsFailure, SmtpStage.None, 0, "-1"u8.ToArray()), new(SmtpEventKind.TlsProblem, SmtpStage.None, 0, System.Text.Encoding.ASCII.GetBytes(text))],
        };
        SessionReader.Read(session, new TextPool()).HandshakeOutcome.ShouldBe(reason);
    }

    [Fact]
    public void A_refusal_of_header_checks_gives_the_operators_reason_and_never_the_subject()
    {
        var session = new SmtpSession
        {
            Client = ClientAddress.Unknown,
            Events = [new(SmtpEventKind.MessageRejected, SmtpStage.EndOfMessage, 550, " helo=<x.example>: 5.7.1 no lottery here"u8.ToArray())],
        };
        var view = SessionReader.Read(session, new TextPool());
        view.Helo.ShouldBe("x.example");
        view.Refusals.ShouldHaveSingleItem().ShouldContain("no lottery here");
    }

    [Fact]
    public async Task A_server_whose_TLS_is_out_of_order_blames_no_client()
    {
        (await Only(
            $"connect from {From}", $"warning: Refusing STARTTLS request from {From} for service smtp",
            $"disconnect from {From} ehlo=1 starttls=0/1 quit=1 commands=2/3")).ShouldNotContain(Behaviour.TlsHandshakeFailure);
        (await Only(
            $"connect from {From}", $"warning: New TLS session rate limit exceeded: 2 from {From} for service smtp",
            $"disconnect from {From} ehlo=1 starttls=0/1 commands=1/2")).ShouldNotContain(Behaviour.TlsHandshakeFailure);
        (await Only(
            $"connect from {From}", $"SSL_accept error from {From}: -1",
            $"disconnect from {From} ehlo=1 starttls=0/1 quit=1 commands=2/3")).ShouldContain(Behaviour.TlsHandshakeFailure);
    }

    [Theory]
    [InlineData("NOQUEUE: milter-reject: CONNECT from unknown[203.0.113.5]: 421 4.7.1 Service unavailable - try again later; proto=SMTP")]
    [InlineData("warning: Connection rate limit exceeded: 31 from unknown[203.0.113.5] for service smtpd")]
    public async Task Whom_the_server_hangs_up_on_at_once_did_not_look_and_quit(string line) =>
        (await Only($"connect from unknown[203.0.113.5]", line, "disconnect from unknown[203.0.113.5] commands=0/0")).ShouldBe([Behaviour.ServerTrouble]);

    [Fact]
    public async Task Data_without_a_recipient_is_refused_and_after_a_refusal_it_tells_nothing_new()
    {
        async Task<IEnumerable<Behaviour>> Shown(params string[] messages) =>
            (await _run.ExplainLog(string.Concat(messages.Select(Postscreen)))).Clients.SelectMany(client => client.Behaviours.Select(pair => pair.Key));
        (await Shown("CONNECT from [203.0.113.5]:4000 to [192.0.2.1]:25", "DATA without valid RCPT from [203.0.113.5]:4000", "DISCONNECT [203.0.113.5]:4000")).ShouldBe([Behaviour.RejectedMail]);
        (await Shown(
            "CONNECT from [203.0.113.5]:4000 to [192.0.2.1]:25",
            "NOQUEUE: reject: RCPT from [203.0.113.5]:4000: 450 4.3.2 Service currently unavailable; from=<a@b.example>, to=<c@example.org>, proto=ESMTP, helo=<b.example>",
            "DATA without valid RCPT from [203.0.113.5]:4000", "DISCONNECT [203.0.113.5]:4000")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("before", 60, Verdict.Ignore)]
    [InlineData("after", 60, Verdict.Watch)]
    public async Task A_port_check_behind_postscreen_is_a_monitor_where_it_left_before_the_greeting(string when, int seconds, Verdict verdict)
    {
        var log = string.Concat(Enumerable.Range(0, 20).Select(i =>
        {
            var (client, at) = ($"[198.51.100.8]:{4000 + i}", $"Nov 25 01:{i * seconds / 60:00}:{i * seconds % 60:00} mx postfix/postscreen[9]: ");
            return $"{at}CONNECT from {client} to [192.0.2.1]:25\n{at}HANGUP after 0.01 from {client} in tests {when} SMTP handshake\n{at}DISCONNECT {client}\n";
        }));
        var found = (await _run.ExplainLog(log)).Clients.ShouldHaveSingleItem();
        found.Verdict.ShouldBe(verdict);
        found.Behaviours.ShouldHaveSingleItem().Key.ShouldBe(Behaviour.Hangup);
        found.Cause.Clues.Any(clue => clue.Kind == ClueKind.EmptySessions).ShouldBe(when is "before");
    }

    [Fact]
    public async Task An_aborted_login_is_an_unfinished_one_and_not_one_that_was_not_offered()
    {
        var found = await Only(
            $"connect from {From}", $"warning: {From}: SASL LOGIN authentication aborted", $"disconnect from {From} ehlo=1 auth=0/1 quit=1 commands=2/3");
        found.ShouldContain(Behaviour.AuthFailure);
        found.ShouldNotContain(Behaviour.AuthNotOffered);
    }

    private async Task<IReadOnlyList<Behaviour>> Only(params string[] messages) =>
        [.. (await _run.ExplainLog(string.Concat(messages.Select(Smtpd)))).Clients.ShouldHaveSingleItem().Behaviours.Select(pair => pair.Key)];

    private async Task<int> Accepted(params string[] messages) =>
        (await _run.ExplainLog(string.Concat(messages.Select(Smtpd)))).Clients.ShouldHaveSingleItem().Accepted;

    private static string Smtpd(string message) => SessionTests.Smtpd(7, message);

    private static string Postscreen(string message) => $"Nov 25 01:51:40 mx postfix/postscreen[9]: {message}\n";
}
