using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

/// <summary>
/// Honest mail that looks odd: passed on by others, signed by old software, sent for many domains, or while the sender's DNS is
/// in trouble. None of it is refused.
/// </summary>
public sealed class GenuineMessageTests
{
    private static readonly SignedMessage s_key = SignedMessage.Rsa();
    private static readonly SignedMessage s_service = SignedMessage.Rsa();
    private static readonly SignedMessage s_short = SignedMessage.Rsa(768);
    private static readonly SignedMessage s_new = SignedMessage.Ed25519();

    private static readonly string s_zone = $"""
        192.0.2.10 PTR mail.good.example
        mail.good.example A 192.0.2.10
        good.example TXT v=spf1 ip4:192.0.2.10 -all
        _dmarc.good.example TXT v=DMARC1; p=reject
        s._domainkey.good.example TXT p={s_key.PublicKey}
        try._domainkey.good.example TXT t=y; p={s_key.PublicKey}
        two._domainkey.good.example TXT p={s_service.PublicKey}
        two._domainkey.good.example TXT p={s_key.PublicKey}
        short._domainkey.good.example TXT p={s_short.PublicKey}
        new._domainkey.good.example TXT k=ed25519; p={s_new.PublicKey}
        silent._domainkey.good.example SILENT
        192.0.2.20 PTR lists.club.example
        lists.club.example A 192.0.2.20
        club.example TXT v=spf1 ip4:192.0.2.20 -all
        192.0.2.30 PTR out1.service.example
        out1.service.example A 192.0.2.30
        service.example TXT v=spf1 ip4:192.0.2.30 -all
        s._domainkey.service.example TXT p={s_service.PublicKey}
        s._domainkey.shop.example TXT p={s_key.PublicKey}
        shop.example A 192.0.2.90
        plain.example A 192.0.2.91
        _dmarc.watching.example TXT v=DMARC1; p=none
        slow.example TXT v=spf1 ip4:192.0.2.30 -all
        _dmarc.slow.example SILENT
        """;

    private sealed record Story(string Client, string Helo, string Sender, Func<byte[]> Message, Advice[] Expected);

    private static readonly Dictionary<string, Story> s_stories = new(StringComparer.Ordinal)
    {
        ["a forwarder that changes nothing"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example"), Advice.Accept),
        ["a forwarder, and a signature with the length of the whole body"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", "l=7; "), Advice.Accept),
        ["a forwarder, and a signer whose clock is an hour ahead"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", $"t={Now + 3600}; x={Now + 90_000}; "), Advice.Accept),
        ["a forwarder, and a selector with an old key beside the new"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", selector: "two"), Advice.Accept),
        ["a forwarder, and an Ed25519 signature"] = Forwarded(() => SignedMessage.Bytes(s_new.Sign(SignedMessage.Plain("a@good.example"), "good.example", selector: "new")), Advice.Accept),
        ["a forwarder that adds a footer below a signed length"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", "l=7; ", "-- \r\nthe footer\r\n"), Advice.Defer),
        ["a forwarder, and a domain that only tries DKIM"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", selector: "try"), Advice.Defer),
        ["a forwarder, and a signer of the old days"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", sha1: true), Advice.Defer),
        ["a forwarder, and a short key"] = Forwarded(() => s_short.ByHand("a@good.example", "good.example", selector: "short"), Advice.Defer),
        ["a forwarder that took its time"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", $"t={Now - 90_000}; x={Now - 3600}; "), Advice.Defer),
        ["a forwarder, and a key that the DNS does not give"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", selector: "silent"), Advice.Defer),
        ["a forwarder, and a signature below many dead ones"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", above: Dead("good.example", 60)), Advice.Accept),
        ["a forwarder, and a signature below very many dead ones of others"] = Forwarded(() => s_key.ByHand("a@good.example", "good.example", above: Dead("other.example", 1500)), Advice.Accept),
        ["a forwarded newsletter of a service, signed by both"] = new("192.0.2.20", "lists.club.example", "b-1@service.example", Newsletter, [Advice.Accept]),
        ["a forwarded newsletter of a service, signed by its author only"] = new("192.0.2.20", "lists.club.example", "b-1@service.example", () => s_key.ByHand("news@shop.example", "shop.example"), [Advice.Defer]),
        ["a newsletter of a service"] = new("192.0.2.30", "out1.service.example", "b-1@service.example", Newsletter, [Advice.Accept]),
        ["a service that signs by its own name only"] = new("192.0.2.30", "out1.service.example", "b-1@service.example", () => s_service.ByHand("news@shop.example", "service.example"), [Advice.Accept]),
        ["a service for an author without anything"] = new("192.0.2.30", "out1.service.example", "b-1@service.example", () => Text("news@plain.example"), [Advice.Accept]),
        ["a list for an author whose domain only watches"] = new("192.0.2.20", "lists.club.example", "talk-bounces@club.example", () => Text("a@watching.example"), [Advice.Defer]),
        ["a list that names whom it speaks for"] = new("192.0.2.20", "lists.club.example", "talk-bounces@club.example", () => Text("\"'a@good.example' via Talk\" <talk@club.example>"), [Advice.Accept]),
        ["a name that is the address"] = new("192.0.2.10", "mail.good.example", "a@good.example", () => Text("\"a@good.example\" <a@good.example>"), [Advice.Accept]),
        ["two authors of one domain"] = new("192.0.2.10", "mail.good.example", "a@good.example", () => Text("a@good.example, b@good.example"), [Advice.Accept]),
        ["a key that is badly published"] = new("192.0.2.10", "mail.good.example", "a@good.example", () => s_key.ByHand("a@good.example", "good.example", selector: "none"), [Advice.Accept]),
        ["a policy that the DNS does not give"] = new("192.0.2.30", "out1.service.example", "a@slow.example", () => Text("a@slow.example"), [Advice.Accept]),
        ["a bounce of a host without a policy of its own"] = new("192.0.2.10", "mail.good.example", "", () => Text("MAILER-DAEMON@mail.good.example"), [Advice.Defer]),
    };

    public static TheoryData<string> Titles => [.. s_stories.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task It_is_not_refused(string title)
    {
        var story = s_stories[title];
        ClientAddress.TryParse(story.Client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = story.Helo, Sender = story.Sender, Message = story.Message() }, TestContext.Current.CancellationToken);
        var verdict = new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);

        story.Expected.ShouldContain(verdict.Advice, $"{verdict.Legitimacy} {verdict.Points}: {string.Join("; ", verdict.Tests.Select(t => $"{t.Name} {t.Result} {t.Detail}"))}");
    }

    [Fact]
    public async Task A_signature_that_leaves_something_open_is_no_pass_for_the_filters_behind()
    {
        ClientAddress.TryParse("192.0.2.20", out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var message = s_key.ByHand("a@good.example", "good.example", "l=7; ", "more\r\n");
        var facts = await check.RunAsync(new() { Address = address, Helo = "lists.club.example", Sender = "a@good.example", Message = message }, TestContext.Current.CancellationToken);

        facts.AuthenticationResults.Count(line => line is "dkim=policy header.d=good.example header.s=s").ShouldBe(1);
        facts.Findings.Single(f => f.Test is "dkim").Result.ShouldBe(TestResult.Pass);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static Story Forwarded(Func<byte[]> message, Advice expected) => new("192.0.2.20", "lists.club.example", "a@good.example", message, [expected]);

    private static byte[] Newsletter() =>
        SignedMessage.Bytes(s_service.Sign(s_key.Sign(SignedMessage.Plain("news@shop.example"), "shop.example"), "service.example"));

    private static byte[] Text(string from) => Encoding.ASCII.GetBytes($"From: {from}\r\nTo: you@we.example\r\n\r\nhello\r\n");

    private static string Dead(string domain, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=gone{i}; h=from; bh=MTIz; b=MTIz\r\n"));
}
