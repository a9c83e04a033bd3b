using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>The built program judges messages that another implementation signed, by keys in a real DNS.</summary>
public sealed class MessageTests : IDisposable
{
    private const string Provider = """
        192.0.2.20 PTR mail-a1.provider.example
        mail-a1.provider.example A 192.0.2.20
        provider.example TXT v=spf1 ip4:192.0.2.20 -all
        _dmarc.provider.example TXT v=DMARC1; p=reject

        """;

    private const string List = """
        192.0.2.30 PTR lists.list.example
        lists.list.example A 192.0.2.30
        list.example TXT v=spf1 ip4:192.0.2.30 -all

        """;

    private readonly SignedMessage _signer = new();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public async Task A_provider_that_signs_is_genuine()
    {
        RequireTools();
        var key = _signer.MakeKey("provider");
        var message = _signer.Sign(Message("ann@provider.example"), "provider", "s1", "provider.example");
        var answer = await CheckAsync(Provider + Key("s1", "provider.example", key), "192.0.2.20", "mail-a1.provider.example", "ann@provider.example", message);

        Results(answer)["dkim"].ShouldBe("pass");
        Results(answer)["dmarc"].ShouldBe("pass");
        Advice(answer).ShouldBe("accept");
        answer.GetProperty("may_bounce").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_forwarder_keeps_the_signature_and_is_not_refused()
    {
        RequireTools();
        var key = _signer.MakeKey("provider");
        var message = _signer.Sign(Message("ann@provider.example"), "provider", "s1", "provider.example");
        var answer = await CheckAsync(
            Provider + List + Key("s1", "provider.example", key), "192.0.2.30", "lists.list.example", "ann@provider.example", message);

        Results(answer)["spf-mailfrom"].ShouldBe("fail");
        Results(answer)["dmarc"].ShouldBe("pass");
        (Advice(answer) is "reject").ShouldBeFalse();
    }

    [Fact]
    public async Task A_mailing_list_that_seals_what_it_changed_is_not_refused()
    {
        RequireTools();
        var key = _signer.MakeKey("provider");
        var seal = _signer.MakeKey("list");
        var signed = _signer.Sign(Message("ann@provider.example"), "provider", "s1", "provider.example");
        var changed = "Authentication-Results: lists.list.example; dkim=pass header.d=provider.example; dmarc=pass header.from=provider.example\r\n"
            + signed + "\r\n-- \r\nthe footer of the list\r\n";
        var message = _signer.Seal(changed, "list", "arc", "list.example", "lists.list.example");
        var answer = await CheckAsync(
            Provider + List + Key("s1", "provider.example", key) + Key("arc", "list.example", seal), "192.0.2.30", "lists.list.example", "bounces@list.example", message);

        Results(answer)["dkim"].ShouldBe("fail");
        Results(answer)["arc"].ShouldBe("pass");
        (Advice(answer) is "reject").ShouldBeFalse();
    }

    [Fact]
    public async Task A_newsletter_with_many_signatures_passes_by_those_that_hold()
    {
        RequireTools();
        var key = _signer.MakeKey("provider");
        var other = _signer.MakeKey("esp");
        var message = Message("news@provider.example");
        for (var i = 0; i < 5; i++)
        {
            message = _signer.Sign(message, "esp", "gone" + i, "esp.example");
        }

        message = _signer.Sign(_signer.Sign(message, "esp", "live", "esp.example"), "provider", "s1", "provider.example");
        var answer = await CheckAsync(
            Provider + Key("s1", "provider.example", key) + Key("live", "esp.example", other), "192.0.2.20", "mail-a1.provider.example", "news@provider.example", message);

        Results(answer)["dkim"].ShouldBe("pass");
        Results(answer)["dmarc"].ShouldBe("pass");
        Advice(answer).ShouldBe("accept");
    }

    [Fact]
    public async Task A_forged_author_of_a_domain_that_asks_for_refusal_is_refused()
    {
        RequireTools();
        var message = Message("boss@provider.example");
        var answer = await CheckAsync(Provider, "198.51.100.77", "pc", "boss@provider.example", message);

        Results(answer)["dmarc"].ShouldBe("fail");
        Advice(answer).ShouldBe("reject");
        answer.GetProperty("may_bounce").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_forger_who_seals_his_own_story_is_not_accepted()
    {
        RequireTools();
        var seal = _signer.MakeKey("forger");
        var told = "Authentication-Results: mx.forger.example; dkim=pass header.d=provider.example; dmarc=pass header.from=provider.example\r\n"
            + Message("boss@provider.example");
        var message = _signer.Seal(told, "forger", "arc", "forger.example", "mx.forger.example");
        var answer = await CheckAsync(Provider + Key("arc", "forger.example", seal), "198.51.100.77", "mx.forger.example", "boss@provider.example", message);

        Results(answer)["arc"].ShouldBe("pass");
        (Advice(answer) is "accept").ShouldBeFalse();
        answer.GetProperty("may_bounce").GetBoolean().ShouldBeFalse();
    }

    private static string Message(string from) => $"""
        From: {from}
        To: bob@example.org
        Subject: a test
        Date: Wed, 25 Nov 2026 01:00:00 +0000
        Message-ID: <1@provider.example>

        hello

        """;

    private static string Key(string selector, string domain, string record) => $"{selector}._domainkey.{domain} TXT {record}\n";

    private static string Advice(JsonElement answer) => answer.GetProperty("advice").GetString()!;

    private static Dictionary<string, string> Results(JsonElement answer) =>
        answer.GetProperty("tests").EnumerateArray().ToDictionary(test => test.GetProperty("name").GetString()!, test => test.GetProperty("result").GetString()!, StringComparer.Ordinal);

    private async Task<JsonElement> CheckAsync(string records, string client, string helo, string sender, string message)
    {
        await using var dns = await StoryDns.StartAsync(records, TestContext.Current.CancellationToken);
        var result = await PosternProgram.RunAsync(
            ["check", client, "--helo", helo, "--sender", sender, "--message", _signer.Write(message), "--resolver", $"127.0.0.1:{dns.Port}", "--format", "json", "--lang", "en"]);
        result.ExitCode.ShouldBeInRange(0, 1, result.Error);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Output);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static void RequireTools()
    {
        if (!File.Exists("/usr/sbin/nsd") || !File.Exists("/usr/sbin/unbound") || !SignedMessage.CanSign)
        {
            Assert.Skip("needs the Debian packages nsd, unbound, openssl and python3-dkim");
        }
    }
}
