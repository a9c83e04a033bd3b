using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

/// <summary>
/// A forger with a server in good order: his PTR, HELO and SPF are in order for his own domain, and he writes in the name of
/// another. None of it is accepted, whatever he adds.
/// </summary>
public sealed class ForgedMessageTests
{
    private static readonly SignedMessage s_victim = SignedMessage.Rsa();
    private static readonly SignedMessage s_forger = SignedMessage.Rsa();

    private static readonly string s_zone = $"""
        198.51.100.7 PTR mx.forger.example
        mx.forger.example A 198.51.100.7
        forger.example TXT v=spf1 ip4:198.51.100.7 -all
        s._domainkey.forger.example TXT p={s_forger.PublicKey}
        s._domainkey.dead.forger.example SILENT
        dead.forger.example SILENT
        _dmarc.mute.example SILENT
        s._domainkey.mute.example TXT p={s_forger.PublicKey}
        victim.example TXT v=spf1 ip4:192.0.2.10 -all
        _dmarc.victim.example TXT v=DMARC1; p=reject
        s._domainkey.victim.example TXT p={s_victim.PublicKey}
        try._domainkey.victim.example TXT t=y; p={s_victim.PublicKey}
        _dmarc.careful.example TXT v=DMARC1; p=quarantine
        _dmarc.watching.example TXT v=DMARC1; p=none
        _dmarc.lame.example SILENT
        old._domainkey.victim.example TXT h=sha1:sha256; p={s_victim.PublicKey}
        _dmarc.strict.example TXT v=DMARC1; p=reject; adkim=s; aspf=s
        s._domainkey.customer.strict.example TXT p={s_forger.PublicKey}
        _dmarc.nowhere.example TXT v=DMARC1; p=none; sp=none; np=reject
        half.nowhere.example SILENT
        _dmarc.calm.example TXT v=DMARC1; p=none
        bank.example A 192.0.2.90
        twice.example A 192.0.2.91
        _dmarc.twice.example TXT v=DMARC1; p=reject
        _dmarc.twice.example TXT v=DMARC1; p=reject; rua=mailto:a@twice.example
        typo.example A 192.0.2.92
        _dmarc.typo.example TXT v=DMARC1; p=rejekt
        _dmarc.co.example TXT v=DMARC1; p=reject
        s._domainkey.forger.co.example TXT p={s_forger.PublicKey}
        everybody.example TXT v=spf1 +all
        _dmarc.everybody.example TXT v=DMARC1; p=reject
        soft.example TXT v=spf1 ip4:192.0.2.10 ~all
        """;

    public static TheoryData<string> Tricks => [.. s_tricks.Keys];

    private static readonly Dictionary<string, Func<(byte[] Message, string Sender)>> s_tricks = new(StringComparer.Ordinal)
    {
        ["no trick"] = () => Plain("boss@victim.example"),
        ["his own signature"] = () => Signed(s_forger, "forger.example"),
        ["a signature whose key lies in a dead zone of his"] = () => Signed(s_forger, "dead.forger.example"),
        ["a signature of a domain whose policy is silent"] = () => Signed(s_forger, "mute.example"),
        ["a sender in a dead zone of his"] = () => (SignedMessage.Bytes(SignedMessage.Plain("boss@victim.example")), "x@dead.forger.example"),
        ["a mailing list of his"] = () => (SignedMessage.Bytes(SignedMessage.Plain("boss@victim.example", listId: "<news.forger.example>")), "x@forger.example"),
        ["two From headers, his first"] = () => Text("From: x@forger.example\r\nFrom: boss@victim.example\r\n"),
        ["two From headers, the victim's first"] = () => Text("From: boss@victim.example\r\nFrom: x@forger.example\r\n"),
        ["a From header with a blank before its colon"] = () => Text("From : boss@victim.example\r\nFrom: x@forger.example\r\n"),
        ["two authors in one header"] = () => Text("From: x@forger.example, boss@victim.example\r\n"),
        ["an encoded address"] = () => Text("From: =?utf-8?q?boss=40victim.example?=\r\n"),
        ["a group"] = () => Text("From: undisclosed:;\r\n"),
        ["no author"] = () => Text("Subject: hello\r\n"),
        ["an empty author"] = () => Text("From:\r\n"),
        ["two addresses that no comma parts"] = () => Text("From: x@forger.example boss@victim.example\r\n"),
        ["a final dot"] = () => Text("From: boss@victim.example.\r\n"),
        ["upper case"] = () => Text("From: BOSS@VICTIM.EXAMPLE\r\n"),
        ["a comment"] = () => Text("From: (x@forger.example) boss@victim.example (x@forger.example)\r\n"),
        ["a subdomain that does not exist"] = () => Text("From: boss@mail.victim.example\r\n"),
        ["a letter of the victim with a length, and text behind it"] = () => (SignedMessage.WithLength(SignedMessage.Plain("boss@victim.example"), s_victim, "victim.example", "and now pay\r\n"), "x@forger.example"),
        ["a letter of the victim that only tries DKIM"] = () => (SignedMessage.Bytes(s_victim.Sign(SignedMessage.Plain("boss@victim.example"), "victim.example", selector: "try")), "x@forger.example"),
        ["a policy of quarantine"] = () => Plain("boss@careful.example"),
        ["a policy of none"] = () => Plain("boss@watching.example"),
        ["an author whose policy cannot be asked"] = () => Plain("boss@lame.example"),
        ["a letter of the victim under SHA-1, with text behind it"] = () => (s_victim.ByHand("boss@victim.example", "victim.example", "l=7; ", "pay\r\n", selector: "old", sha1: true), "x@forger.example"),
        ["a letter of the victim that has expired"] = () => (s_victim.ByHand("boss@victim.example", "victim.example", "t=1000; x=2000; "), "x@forger.example"),
        ["a letter of the victim with a subject of his above it"] = () => (s_victim.ByHand("boss@victim.example", "victim.example", above: "Subject: pay\r\n"), "x@forger.example"),
        ["a signature of a customer's name below the victim's"] = () => (SignedMessage.Bytes(s_forger.Sign(SignedMessage.Plain("boss@strict.example"), "customer.strict.example")), "x@forger.example"),
        ["a signature of a neighbour below the same public suffix"] = () => (SignedMessage.Bytes(s_forger.Sign(SignedMessage.Plain("boss@victim.co.example"), "forger.co.example")), "x@forger.example"),
        ["a subdomain that the DNS cannot find"] = () => Plain("boss@half.nowhere.example"),
        ["a subdomain that does not exist, of one that only watches"] = () => Plain("boss@gone.calm.example"),
        ["a domain that does not exist"] = () => Plain("boss@no-such-bank.example"),
        ["a domain with two policies"] = () => Plain("boss@twice.example"),
        ["a domain whose policy is misspelt"] = () => Plain("boss@typo.example"),
        ["a domain that lets everybody send"] = () => (SignedMessage.Bytes(SignedMessage.Plain("boss@everybody.example")), "boss@everybody.example"),
        ["the victim's address as his own name"] = () => Text("From: \"boss@victim.example\" <x@forger.example>\r\n"),
        ["the victim's address within his own name, encoded"] = () => Text("From: =?utf-8?q?Boss_=3Cboss=40victim.example=3E?= <x@forger.example>\r\n"),
        ["the victim's address in a comment"] = () => Text("From: x@forger.example (boss@victim.example)\r\n"),
        ["the victim's address as a local part"] = () => Text("From: \"boss@victim.example\"@forger.example\r\n"),
        ["two addresses with a semicolon between"] = () => Text("From: x@forger.example; boss@victim.example\r\n"),
        ["a header that is too long to read"] = () => Text($"X-Long: {new string('x', 200_000)}\r\nFrom: boss@victim.example\r\n"),
        ["the victim's envelope around a letter of his own"] = () => (Own(), "boss@victim.example"),
        ["an envelope with a soft policy around a letter of his own"] = () => (Own(), "boss@soft.example"),
        ["a bounce in the victim's name"] = () => (SignedMessage.Bytes(SignedMessage.Plain("postmaster@victim.example")), ""),
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task Nothing_that_he_adds_makes_it_accepted(string trick)
    {
        var (message, sender) = s_tricks[trick]();
        var verdict = await JudgeAsync(message, "198.51.100.7", "mx.forger.example", sender);

        verdict.Advice.ShouldNotBe(Advice.Accept, verdict.Tests.Single(test => test.Name is "dmarc").Detail);
        verdict.Legitimacy.ShouldNotBe(Legitimacy.Genuine);
    }

    [Fact]
    public async Task An_author_without_any_policy_whom_nothing_shows_is_not_called_genuine()
    {
        var (message, sender) = Plain("boss@bank.example");

        (await JudgeAsync(message, "198.51.100.7", "mx.forger.example", sender)).Legitimacy.ShouldBe(Legitimacy.Unproven);
    }

    [Fact]
    public async Task His_own_letter_in_his_own_name_is_accepted() =>
        (await JudgeAsync(SignedMessage.Bytes(SignedMessage.Plain("x@forger.example")), "198.51.100.7", "mx.forger.example", "x@forger.example")).Advice.ShouldBe(Advice.Accept);

    [Fact]
    public async Task The_signature_with_a_length_is_a_good_one_but_weak()
    {
        var message = SignedMessage.WithLength(SignedMessage.Plain("boss@victim.example"), s_victim, "victim.example", "more\r\n");
        var dkim = (await JudgeAsync(message, "198.51.100.7", "mx.forger.example", "x@forger.example")).Tests.Single(test => test.Name is "dkim");

        dkim.Result.ShouldBe(TestResult.Pass, dkim.Detail);
        dkim.Points.ShouldBe(0);
    }

    [Fact]
    public async Task Trouble_with_the_key_of_the_author_gains_time()
    {
        var message = s_victim.Sign(SignedMessage.Plain("boss@victim.example"), "victim.example", selector: "slow");
        var verdict = await JudgeAsync(SignedMessage.Bytes(message), "198.51.100.7", "mx.forger.example", "x@forger.example", "slow._domainkey.victim.example SILENT");

        verdict.Tests.Single(test => test.Name is "dmarc").Result.ShouldBe(TestResult.TempError);
        verdict.Advice.ShouldBe(Advice.Defer);
    }

    private static (byte[], string) Plain(string author) => (SignedMessage.Bytes(SignedMessage.Plain(author)), "x@forger.example");

    private static byte[] Own() => SignedMessage.Bytes(s_forger.Sign(SignedMessage.Plain("x@forger.example"), "forger.example"));

    private static (byte[], string) Signed(SignedMessage key, string domain) =>
        (SignedMessage.Bytes(key.Sign(SignedMessage.Plain("boss@victim.example"), domain)), "x@forger.example");

    private static (byte[], string) Text(string headers) =>
        (Encoding.ASCII.GetBytes($"{headers}To: you@we.example\r\n\r\nhello\r\n"), "x@forger.example");

    private static async Task<SenderVerdict> JudgeAsync(byte[] message, string client, string helo, string sender, string more = "")
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone + "\n" + more), new(), PublicSuffixes.Parse(["example", "co.example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = helo, Sender = sender, Message = message }, TestContext.Current.CancellationToken);
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }
}
