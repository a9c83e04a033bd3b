using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Checks.Sender;

/// <summary>What a trusted seal clears, and when a signature allows a bounce.</summary>
public sealed class SealAndBounceTests
{
    private static readonly SignedMessage s_author = SignedMessage.Rsa();
    private static readonly SignedMessage s_sealer = SignedMessage.Rsa();

    private static readonly string s_zone = $"""
        192.0.2.20 PTR out.forwarder.example
        out.forwarder.example A 192.0.2.20
        198.51.100.9 PTR 198-51-100-9.dynamic.access.example
        198-51-100-9.dynamic.access.example A 198.51.100.9
        s._domainkey.forwarder.example TXT p={s_sealer.PublicKey}
        author.example TXT v=spf1 ip4:192.0.2.99 -all
        author.example A 192.0.2.99
        _dmarc.author.example TXT v=DMARC1; p=reject
        s._domainkey.author.example TXT p={s_author.PublicKey}
        silent.example A 192.0.2.98
        s._domainkey.silent.example TXT p={s_author.PublicKey}
        """;

    [Fact]
    public async Task A_trusted_seal_gets_the_forwarder_through()
    {
        var verdict = await JudgeAsync(await SealedAsync("mx.forwarder.example; spf=pass smtp.mailfrom=a@author.example; dmarc=pass header.from=author.example"), "192.0.2.20", "out.forwarder.example", "a@author.example");

        verdict.Legitimacy.ShouldBe(Legitimacy.Genuine);
        verdict.Advice.ShouldBe(Advice.Accept);
        verdict.Tests.Where(t => t.Name is "spf-mailfrom" or "dkim" or "dmarc").ShouldAllBe(t => t.Points >= 0);
        verdict.MayBounce.ShouldBeFalse();
    }

    [Theory]
    [InlineData("mx.forwarder.example; spf=fail smtp.mailfrom=a@author.example; dmarc=fail header.from=author.example")]
    [InlineData("mx.forwarder.example; spf=pass smtp.mailfrom=x@forger.example")]
    [InlineData("mx.forwarder.example; dkim=pass header.d=forger.example")]
    public async Task A_seal_on_forged_mail_clears_nothing(string results)
    {
        var verdict = await JudgeAsync(await SealedAsync(results), "192.0.2.20", "out.forwarder.example", "a@author.example");

        verdict.Legitimacy.ShouldNotBe(Legitimacy.Genuine);
        verdict.Advice.ShouldNotBe(Advice.Accept);
    }

    [Fact]
    public async Task A_sealed_message_that_a_home_line_sends_again_is_not_let_through()
    {
        var verdict = await JudgeAsync(await SealedAsync("mx.forwarder.example; dmarc=pass header.from=author.example"), "198.51.100.9", "out.forwarder.example", "a@author.example");

        verdict.Legitimacy.ShouldNotBe(Legitimacy.Genuine);
        verdict.Advice.ShouldNotBe(Advice.Accept);
    }

    [Theory]
    [InlineData("192.0.2.20", "out.forwarder.example", "a@silent.example", 0, true)]
    [InlineData("192.0.2.20", "out.forwarder.example", "a@silent.example", 30, false)] // Sent again a day later.
    [InlineData("198.51.100.9", "198-51-100-9.dynamic.access.example", "a@silent.example", 0, false)] // From a home line.
    [InlineData("203.0.113.5", "out.forwarder.example", "a@silent.example", 0, false)] // From a machine without a name.
    [InlineData("192.0.2.20", "out.forwarder.example", "b@silent.example", 0, false)] // Signed for somebody else of the domain.
    [InlineData("192.0.2.20", "out.forwarder.example", "", 0, false)]
    public async Task A_signature_allows_a_bounce_to_the_very_sender_only_fresh_and_from_a_machine_of_standing(string client, string helo, string sender, int hours, bool mayBounce)
    {
        var made = TimeProvider.System.GetUtcNow().AddHours(-hours).ToUnixTimeSeconds();
        var verdict = await JudgeAsync(s_author.ByHand("a@silent.example", "silent.example", $"t={made}; "), client, helo, sender);

        verdict.MayBounce.ShouldBe(mayBounce);
    }

    [Fact]
    public async Task A_signature_that_does_not_tell_its_time_allows_no_bounce() =>
        (await JudgeAsync(s_author.ByHand("a@silent.example", "silent.example"), "192.0.2.20", "out.forwarder.example", "a@silent.example")).MayBounce.ShouldBeFalse();

    private static async Task<byte[]> SealedAsync(string results) =>
        SignedMessage.Bytes(await s_sealer.SealAsync(SignedMessage.Plain("a@author.example"), "forwarder.example", results));

    private static async Task<SenderVerdict> JudgeAsync(byte[] message, string client, string helo, string sender)
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone), new() { Arc = new() { TrustedSealers = ["forwarder.example"] } }, PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = helo, Sender = sender, Message = message }, TestContext.Current.CancellationToken);
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }
}
