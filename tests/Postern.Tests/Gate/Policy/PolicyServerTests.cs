using System.Text;
using Postern.Facts;
using Postern.Gate;
using Postern.Gate.Policy;

namespace Postern.Tests.Gate.Policy;

public sealed class PolicyServerTests
{
    // As Postfix 3.10 sends it, with an attribute of a version to come.
    private const string Request = """
        request=smtpd_access_policy
        protocol_state=RCPT
        protocol_name=ESMTP
        client_address=192.0.2.7
        client_name=mx.example.com
        client_port=49152
        reverse_client_name=mx.example.com
        server_address=192.0.2.1
        server_port=25
        helo_name=mx.example.com
        sender=ann@example.com
        recipient=bob@example.org
        recipient_count=0
        queue_id=
        instance=123.456.789.0
        size=12345
        etrn_domain=
        stress=
        sasl_method=
        sasl_username=
        sasl_sender=
        ccert_subject=
        ccert_issuer=
        ccert_fingerprint=
        ccert_pubkey_fingerprint=
        encryption_protocol=TLSv1.3
        encryption_cipher=TLS_AES_256_GCM_SHA384
        encryption_keysize=256
        policy_context=
        compatibility_level=3.10
        mail_version=3.10.1
        something_new=a=b=c


        """;

    private readonly GateFixture _gate = new();
    private readonly GateOptions _options = new() { Mode = GateMode.Enforce };

    [Fact]
    public async Task A_request_is_answered_whole_at_whichever_byte_it_is_cut()
    {
        var bytes = Encoding.ASCII.GetBytes(Request);
        for (var i = 1; i < bytes.Length; i++)
        {
            var stream = ScriptedStream.Cut(bytes, i);
            await ServeAsync(stream);
            Text(stream).ShouldBe("action=" + (i == 1 ? Header : "DUNNO") + "\n\n", $"cut at {i}");
        }

        _gate.Asked.Count.ShouldBe(1);
        _gate.Asked.First().ShouldBe(new GateQuestion { Client = Client, Helo = "mx.example.com", Sender = "ann@example.com" });
    }

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_answered() =>
        (await AskAsync(ScriptedStream.Cut(Encoding.ASCII.GetBytes(Request), [.. Enumerable.Range(1, Request.Length - 1)]))).ShouldBe($"action={Header}\n\n");

    [Fact]
    public async Task Requests_that_come_at_once_are_answered_in_their_order()
    {
        _gate.Answer = async question =>
        {
            await Task.Yield();
            return question.Helo is "bad.example" ? GateFixture.Forged() : GateFixture.Genuine();
        };
        var other = Request.Replace("mx.example.com", "bad.example", StringComparison.Ordinal).Replace("123.456", "321.654", StringComparison.Ordinal);
        var answers = await AskAsync(Cut(Request + other + Request));
        answers.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(answer => answer.Split(' ')[0])
            .ShouldBe(["action=PREPEND", "action=REJECT", "action=DUNNO"]);
    }

    [Theory]
    [InlineData(16 * 1024 + 20, 1)]
    [InlineData(1000, 100)]
    public async Task Whoever_sends_too_much_gets_no_decision_and_is_disconnected(int length, int lines)
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var flood = string.Concat(Enumerable.Repeat($"x={new string('a', length)}\n", lines));
        (await AskAsync(Cut(flood + Request + Request))).ShouldBe("action=DUNNO\n\n");
        _gate.Troubles.ShouldHaveSingleItem().ShouldStartWith("policy: ");
        // A line without an end is the same.
        (await AskAsync(Cut(flood.Replace("\n", "", StringComparison.Ordinal)))).ShouldBe("action=DUNNO\n\n");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("garbage\n\n")]
    [InlineData("=\n=x\nrequest\n\n")]
    [InlineData("request=something_else\nclient_address=192.0.2.7\n\n")]
    [InlineData("request=smtpd_access_policy\n\n")]
    [InlineData("request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=unknown\n\n")]
    [InlineData("request=smtpd_access_policy\nprotocol_state=VRFY\nclient_address=192.0.2.7\n\n")]
    [InlineData("request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.7\nsasl_username=\u00ff\u0001\n\n")]
    public async Task What_says_nothing_about_a_sender_changes_nothing(string request)
    {
        _gate.Answer = _ => Task.FromResult<GateAnswer?>(GateFixture.Forged());
        var answers = await AskAsync(Cut(request));
        answers.Replace("action=DUNNO\n\n", "", StringComparison.Ordinal).ShouldBeEmpty();
        answers.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_request_that_is_cut_off_is_not_answered() => (await AskAsync(Cut(Request[..^1]))).ShouldBeEmpty();

    [Fact]
    public async Task A_name_that_stands_twice_counts_once()
    {
        await AskAsync(Cut(Request.Replace("sender=ann@example.com\n", "sender=ann@example.com\nsender=eve@example.net\n", StringComparison.Ordinal)));
        _gate.Asked.ShouldHaveSingleItem().Sender.ShouldBe("ann@example.com");
    }

    [Fact]
    public async Task Lines_may_end_as_in_a_text_of_the_net() =>
        (await AskAsync(Cut(Request.Replace("\n", "\r\n", StringComparison.Ordinal)))).ShouldBe($"action={Header}\n\n");

    [Fact]
    public async Task A_silent_connection_is_ended_after_its_time()
    {
        using var pipe = new SilentStream();
        var serving = ServeAsync(pipe);
        _gate.Time.Advance(TimeSpan.FromMinutes(19));
        serving.IsCompleted.ShouldBeFalse();
        _gate.Time.Advance(TimeSpan.FromMinutes(2));
        await Should.ThrowAsync<OperationCanceledException>(serving.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_under_way_at_the_end_is_answered_before_the_connection_closes(bool isBeforeItWasRead)
    {
        using var stop = new CancellationTokenSource();
        _gate.Answer = _ => new TaskCompletionSource<GateAnswer?>().Task;
        using var stream = new PausedStream(Encoding.ASCII.GetBytes(Request));
        var serving = new PolicyServer(new PolicyResponder(_gate.Judge, () => _options, _gate.Time), new PolicyLimits(), _gate, _gate.Time).ServeAsync(stream, stop.Token);
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
            _gate.Time.Advance(TimeSpan.FromMilliseconds(Encoding.ASCII.GetString(stream.Written).Length > 0 ? 10 : 0));
        }

        Encoding.ASCII.GetString(stream.Written).ShouldBe("action=DUNNO\n\n");
    }

    private static ClientAddress Client => ClientAddress.TryParse("192.0.2.7", out var client) ? client : default;

    private static string Header => "PREPEND X-Postern: genuine; advice=accept; points=7.5; deciding=spf-mailfrom,fcrdns; client=192.0.2.7";

    private static ScriptedStream Cut(string text) => ScriptedStream.Cut(Encoding.Latin1.GetBytes(text));

    private static string Text(ScriptedStream stream) => Encoding.ASCII.GetString(stream.Written);

    private PolicyResponder? _decider;

    private Task ServeAsync(Stream stream)
    {
        _decider ??= new PolicyResponder(_gate.Judge, () => _options, _gate.Time);
        return new PolicyServer(_decider, new PolicyLimits(), _gate, _gate.Time).ServeAsync(stream, TestContext.Current.CancellationToken);
    }

    private async Task<string> AskAsync(ScriptedStream stream)
    {
        await ServeAsync(stream);
        return Text(stream);
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
