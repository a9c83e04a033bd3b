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
    public async Task A_good_signature_under_many_dead_ones_gains_time_where_it_is_passed_over()
    {
        var message = s_victim.Sign(SignedMessage.Plain("boss@victim.example"), "victim.example");
        for (var i = 0; i < 12; i++)
            s_victim.Sign(message, "victim.example", selector: "gone" + i);
        var verdict = await JudgeAsync(SignedMessage.Bytes(message), "198.51.100.7", "mx.forger.example", "boss@victim.example");

        verdict.Advice.ShouldBe(Advice.Defer);
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

    private static (byte[], string) Signed(SignedMessage key, string domain) =>
        (SignedMessage.Bytes(key.Sign(SignedMessage.Plain("boss@victim.example"), domain)), "x@forger.example");

    private static (byte[], string) Text(string headers) =>
        (Encoding.ASCII.GetBytes($"{headers}To: you@we.example\r\n\r\nhello\r\n"), "x@forger.example");

    private static async Task<SenderVerdict> JudgeAsync(byte[] message, string client, string helo, string sender, string more = "")
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone + "\n" + more), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = helo, Sender = sender, Message = message }, TestContext.Current.CancellationToken);
        return new LegitimacyJudge(LegitimacyPoints.Default).Judge(facts);
    }
}
