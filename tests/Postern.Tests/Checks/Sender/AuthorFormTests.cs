using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

/// <summary>The forms in which a message may name its author and an envelope its sender, by section of the standards.</summary>
public sealed class AuthorFormTests
{
    private static readonly SignedMessage s_key = SignedMessage.Rsa();

    private static readonly string s_zone = $"""
        192.0.2.10 PTR mail.good.example
        mail.good.example A 192.0.2.10
        good.example TXT v=spf1 ip4:192.0.2.10 -all
        good.example MX 10 mail.good.example
        _dmarc.good.example TXT v=DMARC1; p=reject
        xn--mnchen-3ya.example TXT v=spf1 ip4:192.0.2.10 -all
        xn--mnchen-3ya.example MX 10 mail.good.example
        _dmarc.xn--mnchen-3ya.example TXT v=DMARC1; p=reject
        s._domainkey.xn--mnchen-3ya.example TXT p={s_key.PublicKey}
        _dmarc.bank.example TXT v=DMARC1; p=reject
        bank.example A 192.0.2.90
        plain.example A 192.0.2.91
        """;

    [Theory]
    [InlineData("RFC 5322, 3.6.2: several authors of one domain", "From: a@good.example, b@good.example", "a@good.example", "accept")]
    [InlineData("RFC 5322, 3.6: From stands twice", "From: a@good.example\r\nFrom: b@good.example", "a@good.example", "defer")]
    [InlineData("RFC 5322, 3.6: From stands twice, one forged", "From: a@good.example\r\nFrom: boss@bank.example", "a@good.example", "reject")]
    [InlineData("RFC 9989, 5.3: authors of several domains, the strictest policy holds", "From: a@good.example, boss@bank.example", "a@good.example", "reject")]
    [InlineData("RFC 9989, 5.3: authors of several domains, none of which asks for anything", "From: a@good.example, b@plain.example", "a@good.example", "defer")]
    [InlineData("RFC 6854, 2: a group without members is nobody", "From: undisclosed:;", "a@good.example", "defer")]
    [InlineData("RFC 6854, 2: a group with an author", "From: Team: a@good.example;", "a@good.example", "accept")]
    [InlineData("RFC 6854, 2: a group with a forged author", "From: Team: boss@bank.example;", "a@good.example", "reject")]
    [InlineData("RFC 6854, 2: a group with two authors of two domains", "From: Team: a@good.example, boss@bank.example;", "a@good.example", "reject")]
    [InlineData("RFC 5322, 4.5: a blank before the colon", "From : a@good.example", "a@good.example", "accept")]
    [InlineData("RFC 6532, 3.2: an author in U-labels", "From: k\u00fche@m\u00fcnchen.example", "a@xn--mnchen-3ya.example", "accept")]
    [InlineData("RFC 5891, 4.4: an author in A-labels", "From: a@xn--mnchen-3ya.example", "a@xn--mnchen-3ya.example", "accept")]
    [InlineData("RFC 5891, 4.4: U-labels in the envelope, A-labels in From", "From: a@xn--mnchen-3ya.example", "a@m\u00fcnchen.example", "accept")]
    [InlineData("RFC 9989, 4.7: a forged author in U-labels", "From: boss@m\u00fcnchen.example", "a@good.example", "reject")]
    [InlineData("RFC 9989, 4.7: a forged author in A-labels", "From: boss@XN--MNCHEN-3YA.example", "a@good.example", "reject")]
    [InlineData("RFC 9989, 4.10: a forged author below the domain, at an A-label that stands for nothing", "From: boss@xn--zzzz-.bank.example", "a@good.example", "reject")]
    [InlineData("RFC 2047, 5: an encoded word is no address", "From: =?utf-8?q?boss=40bank.example?=", "a@good.example", "reject")]
    public async Task An_author_is_read_in_every_form(string section, string header, string sender, string advice)
    {
        var verdict = await JudgeAsync(Encoding.UTF8.GetBytes($"{header}\r\nTo: you@we.example\r\nSubject: x\r\n\r\nhello\r\n"), sender);

        verdict.Verdict.Advice.ToString().ToLowerInvariant().ShouldBe(advice, $"{section}: {string.Join("; ", verdict.Verdict.Tests.Select(t => $"{t.Name} {t.Result} {t.Detail}"))}");
    }

    [Theory]
    [InlineData("\u00e4nn@good.example", "smtp.mailfrom=good.example")] // RFC 8601, 2.2 and 2.7.2: the local part may be left out, never changed.
    [InlineData("\u00e4nn@m\u00fcnchen.example", "smtp.mailfrom=xn--mnchen-3ya.example")]
    [InlineData("ann@m\u00fcnchen.example", "smtp.mailfrom=ann@xn--mnchen-3ya.example")]
    [InlineData("ann@xn--mnchen-3ya.example", "smtp.mailfrom=ann@xn--mnchen-3ya.example")]
    [InlineData("a b@good.example", "smtp.mailfrom=\"a b@good.example\"")]
    [InlineData("a\"b@good.example", "smtp.mailfrom=good.example")]
    public async Task The_results_name_the_very_sender_or_its_domain_alone(string sender, string named)
    {
        var (_, lines) = await JudgeAsync("From: a@good.example\r\n\r\nhello\r\n"u8.ToArray(), sender);

        lines.Single(l => l.StartsWith("spf=", StringComparison.Ordinal)).ShouldEndWith(" " + named);
    }

    [Fact]
    public async Task The_results_are_ASCII_whatever_the_message_holds()
    {
        var message = Encoding.UTF8.GetBytes("DKIM-Signature: v=1; a=rsa-sha256; d=m\u00fcnchen.example; s=s\u00fc; h=from; bh=MTIz; b=MTIz\r\nFrom: \u00e4@m\u00fcnchen.example\r\n\r\nhello\r\n");
        var (_, lines) = await JudgeAsync(message, "\u00e4@m\u00fcnchen.example");

        lines.ShouldAllBe(l => Ascii.IsValid(l));
        lines.ShouldContain(l => l.Contains("header.d=xn--mnchen-3ya.example", StringComparison.Ordinal));
        lines.ShouldContain(l => l.EndsWith("header.from=xn--mnchen-3ya.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signature_of_U_labels_is_verified_by_the_key_at_the_A_labels()
    {
        var message = Encoding.UTF8.GetString(s_key.ByHand("a@good.example", "xn--mnchen-3ya.example"));
        var (verdict, _) = await JudgeAsync(Encoding.UTF8.GetBytes(message), "a@good.example");

        verdict.Tests.Single(t => t.Name is "dkim").Result.ShouldBe(TestResult.Pass);
    }

    private static async Task<(SenderVerdict Verdict, IReadOnlyList<string> Lines)> JudgeAsync(byte[] message, string sender)
    {
        ClientAddress.TryParse("192.0.2.10", out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = "mail.good.example", Sender = sender, Message = message }, TestContext.Current.CancellationToken);
        return (new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts), facts.AuthenticationResults);
    }
}
