using System.Text;
using Postern.Facts;
using Postern.Gate;
using Postern.Gate.Milter;

namespace Postern.Tests.Gate.Milter;

public sealed class MilterServerTests : IDisposable
{
    private const string Headers = "From: Ann <ann@example.com>\nSubject: Hello\n\tagain\n";
    private const string Tag = "i[1]X-Postern| genuine; advice=accept; points=7.5; deciding=spf-mailfrom,fcrdns; client=192.0.2.7|";
    private const string Results = "i[1]Authentication-Results| mx.example.org;\n\tspf=pass smtp.mailfrom=a@example.com;\n\tdkim=none|";

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-milter-").FullName;
    private readonly GateFixture _gate = new();
    private MilterSettings _settings = new("mx.example.org", new GateOptions { Mode = GateMode.Enforce });
    private MilterLimits _limits = new();

    public void Dispose()
    {
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
        Directory.Delete(_folder);
    }

    [Fact]
    public async Task It_asks_for_no_more_than_it_needs() =>
        (await TalkAsync(new MilterTalk().Negotiate())).ShouldHaveSingleItem().ShouldBe("O 6 131 1feac0 [2]i {auth_authen} {auth_type}| [3]{rcpt_mailer} {rcpt_host} {rcpt_addr}|");

    [Fact]
    public async Task It_makes_do_with_what_an_old_server_offers()
    {
        var answers = await TalkAsync(new MilterTalk().Negotiate(version: 2, actions: 0x3F, steps: 0x7F).Message(Headers));
        answers[0].ShouldBe("O 2 31 40");
        // Every event is answered, and values stand as they are after their colon's blank.
        answers.Count(answer => answer is "c").ShouldBe(10);
        answers[^2].ShouldStartWith("i[1]X-Postern|genuine; ");
        answers[^1].ShouldBe("c");
    }

    [Fact]
    public async Task A_genuine_message_gets_its_results()
    {
        (await TalkAsync(new MilterTalk().Negotiate().Message(Headers))).Skip(1).ShouldBe(["c", Results, Tag, "c"]);
        var asked = _gate.Asked.ShouldHaveSingleItem();
        asked.Client.ToString().ShouldBe("192.0.2.7");
        asked.Helo.ShouldBe("mx.example.com");
        asked.Sender.ShouldBe("ann@example.com");
        Encoding.Latin1.GetString(asked.Message!.Value.Span).ShouldBe("From: Ann <ann@example.com>\r\nSubject: Hello\r\n\tagain\r\n\r\nHello\r\n");
    }

    [Fact]
    public async Task A_conversation_has_the_same_end_at_whichever_byte_it_is_cut()
    {
        var talk = new MilterTalk().Negotiate().Message("Authentication-Results: mx.example.org; spf=pass\n" + Headers).Say('Q', []).Bytes;
        var whole = MilterTalk.Read((await ServeAsync(ScriptedStream.Cut(talk))).Written);
        whole.ShouldContain("m[1]Authentication-Results||", StringComparer.Ordinal);
        for (var i = 1; i < talk.Length; i++)
        {
            MilterTalk.Read((await ServeAsync(ScriptedStream.Cut(talk, i))).Written).ShouldBe(whole, $"cut at {i}");
        }

        MilterTalk.Read((await ServeAsync(ScriptedStream.Cut(talk, [.. Enumerable.Range(1, talk.Length - 1)]))).Written).ShouldBe(whole);
        _gate.Asked.Select(question => Convert.ToHexString(question.Message!.Value.Span)).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_large_message_is_tested_whole_and_leaves_nothing_behind()
    {
        var talk = new MilterTalk().Negotiate().Connect("192.0.2.7").Say('H', MilterTalk.Text("mx.example.com")).Mail("<ann@example.com>").Say('L', [.. MilterTalk.Text("From"), .. MilterTalk.Text(" a@example.com")]).Say('N', []);
        var body = new StringBuilder();
        for (var i = 0; i < 200; i++)
        {
            var piece = $"{i} {new string((char)('a' + (i % 26)), 7000)}\r\n";
            body.Append(piece);
            talk.Say('B', Encoding.ASCII.GetBytes(piece));
        }

        (await TalkAsync(talk.Say('E', []))).ShouldContain(Tag, StringComparer.Ordinal);
        Encoding.ASCII.GetString(_gate.Asked.ShouldHaveSingleItem().Message!.Value.Span).ShouldBe("From: a@example.com\r\n\r\n" + body);
    }

    [Fact]
    public async Task A_message_that_is_too_large_to_test_is_let_through()
    {
        _limits = new MilterLimits { Message = 100_000 };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var talk = new MilterTalk().Negotiate().Message(Headers, new string('a', 90_000)).Connect("192.0.2.7").Mail("<a@example.com>").Content(Headers, new string('a', 101_000));
        var answers = await TalkAsync(talk);
        answers.Count(answer => answer.StartsWith("y550", StringComparison.Ordinal)).ShouldBe(1);
        answers[^1].ShouldBe("c");
        _gate.Asked.Last().Message.ShouldBeNull();
    }

    [Theory]
    [InlineData("spf-mailfrom", "y550 5.7.23 ")]
    [InlineData("dmarc", "y550 5.7.26 ")]
    public async Task A_forged_message_is_refused_at_its_end(string test, string begin)
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged(test));
        var answers = await TalkAsync(new MilterTalk().Negotiate().Message(Headers));
        answers.Count.ShouldBe(3);
        answers[^1].ShouldStartWith(begin);
        answers[^1].ShouldEndWith("|");
    }

    [Fact]
    public async Task A_suspect_waits_once()
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Suspect());
        (await TalkAsync(new MilterTalk().Negotiate().Message(Headers)))[^1].ShouldStartWith("y451 4.7.25 ");
        _gate.Time.Advance(TimeSpan.FromMinutes(5));
        (await TalkAsync(new MilterTalk().Negotiate().Message(Headers)))[^1].ShouldBe("c");
    }

    [Fact]
    public async Task Who_watches_only_tags()
    {
        _settings = new("mx.example.org", new GateOptions());
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var answers = await TalkAsync(new MilterTalk().Negotiate().Message(Headers));
        answers[^1].ShouldBe("c");
        answers[^2].ShouldEndWith("; would=reject|");
    }

    [Fact]
    public async Task Forged_mail_may_be_held()
    {
        _settings = new("mx.example.org", new GateOptions { Mode = GateMode.Enforce, OnReject = GateAction.Quarantine });
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var answers = await TalkAsync(new MilterTalk().Negotiate().Message(Headers));
        answers[^2].ShouldStartWith("qpostern: forged; ");
        answers[^1].ShouldBe("c");
    }

    [Fact]
    public async Task Results_under_our_name_go_from_the_last_one_up_and_others_stay()
    {
        const string Forged = """
            Authentication-Results: mx.example.org; spf=pass
            authentication-results: other.example.net; spf=pass
            AUTHENTICATION-RESULTS: (a (nested) comment) MX.Example.ORG 1; dkim=pass
            X-Postern: genuine; advice=accept
            Authentication-Results:
             "mx.example.org"; dmarc=pass
            Authentication-Results: mx.example.org.evil.example; spf=pass
            Authentication-Results: mx.example.org

            """;
        var answers = await TalkAsync(new MilterTalk().Negotiate().Message(Forged + Headers));
        answers.Where(answer => answer[0] is 'm').ShouldBe(
        [
            "m[6]Authentication-Results||", "m[4]Authentication-Results||", "m[3]Authentication-Results||", "m[1]Authentication-Results||", "m[1]X-Postern||",
        ]);
        // What is deleted is counted before anything is added.
        answers.ToList().FindLastIndex(answer => answer[0] is 'm').ShouldBeLessThan(answers.ToList().FindIndex(answer => answer[0] is 'i'));
    }

    [Fact]
    public async Task A_flood_of_forged_results_is_refused()
    {
        _settings = new("mx.example.org", new GateOptions());
        var flood = string.Concat(Enumerable.Repeat("Authentication-Results: mx.example.org; spf=pass\n", 1001));
        (await TalkAsync(new MilterTalk().Negotiate().Message(flood + Headers)))[^1].ShouldStartWith("y550 5.7.1 ");
    }

    [Fact]
    public async Task A_client_that_logged_in_is_not_judged_and_cannot_forge_results()
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var talk = new MilterTalk().Negotiate().Connect("192.0.2.7").Mail("<ann@example.com>", "alice").Content("Authentication-Results: mx.example.org; spf=pass\n", "Hello\r\n");
        (await TalkAsync(talk)).Skip(1).ShouldBe(["c", "m[1]Authentication-Results||", "c"]);
        _gate.Asked.ShouldBeEmpty();
        // The next message of the session may be a stranger's again.
        (await TalkAsync(new MilterTalk().Negotiate().Connect("192.0.2.7").Mail("<a@example.com>", "alice").Content(Headers, "").Mail("<a@example.com>").Content(Headers, "")))[^1].ShouldStartWith("y550");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("unknown")]
    public async Task Our_own_mail_is_left_alone(string client)
    {
        _gate.Standings["127.0.0.1"] = ClientStanding.Own;
        (await TalkAsync(new MilterTalk().Negotiate().Message("Authentication-Results: mx.example.org; spf=pass\n" + Headers, client: client))).Skip(1).ShouldBe(["c", "c"]);
    }

    [Fact]
    public async Task An_allowed_sender_is_tested_and_never_refused()
    {
        _gate.Standings["192.0.2.7"] = ClientStanding.Allowed;
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var answers = await TalkAsync(new MilterTalk().Negotiate().Message(Headers));
        answers[^1].ShouldBe("c");
        answers.ShouldContain(Results, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_banned_client_is_sent_away_as_it_connects()
    {
        _gate.Standings["2001:db8::7"] = ClientStanding.Banned;
        (await TalkAsync(new MilterTalk().Negotiate().Connect("2001:db8::7")))[^1].ShouldStartWith("y421 4.7.0 ");
        (await TalkAsync(new MilterTalk().Negotiate().Connect("IPv6:2001:db8::7")))[^1].ShouldStartWith("y421 4.7.0 ");
        (await TalkAsync(new MilterTalk().Negotiate().Connect("2001:db8::8")))[^1].ShouldBe("c");
    }

    [Fact]
    public async Task A_message_to_recipients_who_can_always_be_reached_is_taken_and_one_to_others_besides_is_not()
    {
        _settings = _settings with { Gate = _settings.Gate with { Exempt = new GateExemptions { Recipients = ["postmaster@", "abuse@"] } } };
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Of(Legitimacy.Suspect, Advice.Reject, -6, "dnsbl"));
        MilterTalk To(params string[] recipients) => recipients.Aggregate(new MilterTalk().Negotiate().Connect("192.0.2.7").Mail("<ann@example.com>"), static (talk, recipient) => talk.Recipient(recipient)).Content(Headers, "");
        (await TalkAsync(To("<postmaster@example.org>", "<Abuse@example.net>")))[^1].ShouldBe("c");
        (await TalkAsync(To("<postmaster@example.org>", "<bob@example.org>")))[^1].ShouldStartWith("y550");
        (await TalkAsync(To("<bob@example.org>", "<postmaster@example.org>")))[^1].ShouldStartWith("y550");
        // Who forges another's name is refused by everybody.
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        (await TalkAsync(To("<postmaster@example.org>")))[^1].ShouldStartWith("y550");
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Suspect());
        _gate.Standings["192.0.2.7"] = ClientStanding.Banned;
        (await TalkAsync(new MilterTalk().Negotiate().Connect("192.0.2.7")))[^1].ShouldStartWith("y421 ");

        _settings = _settings with { Gate = _settings.Gate with { Exempt = _settings.Gate.Exempt with { FromBanned = true } } };
        (await TalkAsync(new MilterTalk().Negotiate().Connect("192.0.2.7")))[^1].ShouldBe("c");
        (await TalkAsync(To("<postmaster@example.org>")))[^1].ShouldBe("c");
        (await TalkAsync(To("<postmaster@example.org>", "<bob@example.org>")))[^1].ShouldStartWith("y421 ");
    }

    [Fact]
    public async Task Several_messages_and_aborted_ones_do_not_mix()
    {
        var talk = new MilterTalk().Negotiate().Connect("192.0.2.7").Say('H', MilterTalk.Text("mx.example.com"))
            .Mail("<eve@example.net>", "alice").Say('L', [.. MilterTalk.Text("Authentication-Results"), .. MilterTalk.Text(" mx.example.org; x")]).Say('B', "old"u8.ToArray()).Say('A', [])
            .Mail("<ann@example.com>").Content(Headers, "new").Mail("<>").Content(Headers, "newer");
        (await TalkAsync(talk)).ShouldNotContain(answer => answer[0] == 'm');
        _gate.Asked.Select(question => question.Sender).ShouldBe(["ann@example.com", ""]);
        _gate.Asked.Select(question => Encoding.ASCII.GetString(question.Message!.Value.Span).Split("\r\n\r\n")[1]).ShouldBe(["new", "newer"]);
    }

    [Fact]
    public async Task A_verdict_that_takes_too_long_is_not_waited_for()
    {
        _gate.Answer = _ => new TaskCompletionSource<GateAnswer?>().Task;
        var talk = TalkAsync(new MilterTalk().Negotiate().Message(Headers));
        while (!talk.IsCompleted && _gate.Asked.IsEmpty)
        {
            await Task.Yield();
        }

        _gate.Time.Advance(TimeSpan.FromSeconds(7.5));
        (await talk.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Skip(1)
            .ShouldBe(["c", "i[1]Authentication-Results| mx.example.org; none|", "i[1]X-Postern| untested; client=192.0.2.7|", "c"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_under_way_at_the_end_goes_on_before_the_connection_closes(bool isBeforeItWasRead)
    {
        using var stop = new CancellationTokenSource();
        _gate.Answer = _ => new TaskCompletionSource<GateAnswer?>().Task;
        using var stream = new PausedStream(new MilterTalk().Negotiate().Message(Headers).Bytes);
        var serving = new MilterServer(_gate.Judge, () => _settings, _limits, _folder, _gate, _gate.Time).ServeAsync(stream, stop.Token);
        if (isBeforeItWasRead)
        {
            await stop.CancelAsync();
            stream.GoOn();
        }
        else
        {
            stream.GoOn();
            while (_gate.Asked.IsEmpty)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await stop.CancelAsync();
        }

        for (; !serving.IsCompleted; await Task.Delay(1, TestContext.Current.CancellationToken))
        {
            _gate.Time.Advance(TimeSpan.FromMilliseconds(stream.Written.Length > 0 ? 10 : 0));
        }

        MilterTalk.Read(stream.Written)[^1].ShouldBe("c");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0x20, 0, 0, (byte)'L' })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, (byte)'B' })]
    [InlineData(new byte[] { (byte)'G', (byte)'E', (byte)'T', (byte)' ', (byte)'/' })]
    [InlineData(new byte[] { 0, 0, 0, 1, (byte)'Z' })]
    [InlineData(new byte[] { 0, 0, 0, 5, (byte)'O', 0, 0, 0, 6 })]
    [InlineData(new byte[] { 0, 0, 0, 13, (byte)'O', 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task What_has_no_sense_ends_the_connection_without_a_word(byte[] bytes) =>
        (await TalkAsync(new MilterTalk().Raw(bytes).Raw(new byte[8]).Message(Headers))).ShouldBeEmpty();

    [Theory]
    [InlineData('C', new byte[] { })]
    [InlineData('C', new byte[] { (byte)'a', 0, (byte)'4' })]
    [InlineData('C', new byte[] { (byte)'a', 0, (byte)'4', 1, 2, (byte)'x' })]
    [InlineData('C', new byte[] { (byte)'a', 0, (byte)'U' })]
    [InlineData('H', new byte[] { })]
    [InlineData('M', new byte[] { })]
    [InlineData('R', new byte[] { 0 })]
    [InlineData('D', new byte[] { })]
    [InlineData('D', new byte[] { (byte)'M', (byte)'i' })]
    [InlineData('L', new byte[] { })]
    [InlineData('L', new byte[] { (byte)'a' })]
    [InlineData('L', new byte[] { 0, 0 })]
    [InlineData('B', new byte[] { })]
    [InlineData('U', new byte[] { (byte)'.', 0 })]
    [InlineData('A', new byte[] { 1, 2, 3 })]
    [InlineData('K', new byte[] { })]
    public async Task What_lacks_its_parts_does_no_harm(char command, byte[] data)
    {
        var answers = await TalkAsync(new MilterTalk().Negotiate().Say(command, data).Message(Headers).Say(command, data));
        answers.ShouldContain(Tag, StringComparer.Ordinal);
        _gate.Troubles.ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> TalkAsync(MilterTalk talk) => MilterTalk.Read((await ServeAsync(ScriptedStream.Cut(talk.Bytes))).Written);

    private async Task<ScriptedStream> ServeAsync(ScriptedStream stream)
    {
        await new MilterServer(_gate.Judge, () => _settings, _limits, _folder, _gate, _gate.Time).ServeAsync(stream, TestContext.Current.CancellationToken);
        return stream;
    }
}
