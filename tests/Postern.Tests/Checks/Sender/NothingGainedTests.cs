using System.Text;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Checks.Sender;

/// <summary>
/// A message is never judged more mildly for what its sender adds to it: an author whose owner asks for refusal (RFC 9989, p=reject)
/// is refused with all of it as without. What nobody but the author's own domain can add, its signature, gains time: so does honest mail
/// look that a mailing list changed.
/// </summary>
public sealed class NothingGainedTests
{
    private static readonly SignedMessage s_victim = SignedMessage.Rsa();
    private static readonly SignedMessage s_forger = SignedMessage.Rsa();

    private static readonly string s_zone = $"""
        198.51.100.7 PTR mx.forger.example
        mx.forger.example A 198.51.100.7
        forger.example TXT v=spf1 ip4:198.51.100.7 -all
        s._domainkey.forger.example TXT p={s_forger.PublicKey}
        dead.forger.example SILENT
        gone.forger.example SILENT
        198.51.100.8 SILENT
        victim.example TXT v=spf1 ip4:192.0.2.10 -all
        _dmarc.victim.example TXT v=DMARC1; p=reject
        s._domainkey.victim.example TXT p={s_victim.PublicKey}
        bounces.victim.example A 192.0.2.10
        """;

    private static readonly Dictionary<string, Func<Task<Letter>>> s_additions = new(StringComparer.Ordinal)
    {
        ["nothing"] = () => Plain(""),
        ["a List-Id of his own domain"] = () => Plain("List-Id: <talk.forger.example>\r\nList-Post: <mailto:talk@forger.example>\r\n"),
        ["a List-Id of the victim's domain"] = () => Plain("List-Id: <talk.victim.example>\r\n"),
        ["many signatures in the victim's name"] = () => Plain(Rubbish("victim.example", 60)),
        ["many signatures in his own name"] = () => Plain(Rubbish("forger.example", 60)),
        ["his own signature"] = () => Made(SignedMessage.Bytes(s_forger.Sign(SignedMessage.Plain("boss@victim.example"), "forger.example"))),
        ["a chain of seals of his own, and a list"] = async () => new(SignedMessage.Bytes(await s_forger.SealAsync(SignedMessage.Plain("boss@victim.example", listId: "<talk.forger.example>"), "forger.example", "mx.forger.example; dkim=pass header.d=victim.example; dmarc=pass header.from=victim.example"))),
        ["authors of many domains before the victim"] = () => Made(Encoding.ASCII.GetBytes($"From: {string.Join(", ", Enumerable.Range(0, 40).Select(i => $"a@d{i}.forger.example"))}, boss@victim.example\r\n\r\nhello\r\n")),
        ["authors of some domains before the victim"] = () => Made("From: a@forger.example, b@a.example, c@b.example, d@c.example, e@d.example, boss@victim.example\r\n\r\nhello\r\n"u8.ToArray()),
        ["a bounce that claims a host of the victim's"] = async () => (await Plain("")) with { Sender = "", Helo = "any.victim.example" },
        ["a bounce that claims a host of the victim's that does exist"] = async () => (await Plain("")) with { Sender = "", Helo = "bounces.victim.example" },
        ["a PTR name, a HELO name and a signature in dead zones of his"] = async () => (await Plain(Rubbish("dead.forger.example", 3))) with { Client = "198.51.100.8", Helo = "gone.forger.example", Sender = "x@dead.forger.example" },
        ["a letter of the victim of last month, with another body"] = () => Made(Changed(-40, "")),
    };

    public static TheoryData<string> Additions => [.. s_additions.Keys];

    [Theory]
    [MemberData(nameof(Additions))]
    public async Task Nothing_that_anybody_can_add_keeps_a_forged_author_from_being_refused(string addition)
    {
        var verdict = await JudgeAsync(await s_additions[addition]());

        verdict.Advice.ShouldBe(Advice.Reject, Told(verdict));
        verdict.Legitimacy.ShouldBe(Legitimacy.Forged);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("[talk] ", "")]
    [InlineData("", "-- \r\nthe footer of the list\r\n")]
    [InlineData("[talk] ", "-- \r\nthe footer of the list\r\n")]
    public async Task A_mailing_list_of_another_domain_that_changes_a_letter_is_not_refused(string tag, string footer)
    {
        var verdict = await JudgeAsync(new(Changed(0, footer, tag)));

        verdict.Advice.ShouldBe(tag.Length + footer.Length == 0 ? Advice.Accept : Advice.Defer, Told(verdict));
    }

    [Theory]
    [InlineData(" [talk] A letter\r\n", " A letter\r\n")]
    [InlineData(" Re: [talk] A letter\r\n", " Re: A letter\r\n")]
    [InlineData(" [talk]\r\n A letter\r\n", " A letter\r\n")]
    [InlineData(" A letter [talk]\r\n", " A letter [talk]\r\n")]
    [InlineData(" [talk A letter\r\n", " [talk A letter\r\n")]
    public void The_mark_of_a_list_is_what_stands_in_brackets_before_a_subject(string subject, string expected) =>
        Encoding.ASCII.GetString(Postern.Checks.Dkim.SubjectTag.Remove(Encoding.ASCII.GetBytes(subject))).ShouldBe(expected);

    [Fact]
    public async Task A_good_signature_under_many_dead_ones_is_found()
    {
        var verdict = await JudgeAsync(new([.. Encoding.ASCII.GetBytes(Rubbish("victim.example", 60)), .. s_victim.ByHand("boss@victim.example", "victim.example")]));

        verdict.Advice.ShouldBe(Advice.Accept, Told(verdict));
    }

    [Fact]
    public async Task A_name_with_more_addresses_than_are_looked_at_is_a_disguise()
    {
        var decoys = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"a@d{i}.example"));
        var verdict = await JudgeAsync(new(Encoding.ASCII.GetBytes($"From: \"{decoys} boss@victim.example\" <x@forger.example>\r\n\r\nhello\r\n")));

        verdict.Advice.ShouldBe(Advice.Defer, Told(verdict));
    }

    private static Task<Letter> Plain(string above) => Made(Encoding.ASCII.GetBytes($"{above}From: boss@victim.example\r\nTo: you@we.example\r\nSubject: pay\r\n\r\nhello\r\n"));

    private static Task<Letter> Made(byte[] message) => Task.FromResult(new Letter(message));

    // A letter that its author's domain signed, as a list sends it on.
    private static byte[] Changed(int days, string footer, string tag = "")
    {
        var made = TimeProvider.System.GetUtcNow().AddDays(days).ToUnixTimeSeconds();
        var letter = Encoding.ASCII.GetString(s_victim.ByHand("boss@victim.example", "victim.example", $"t={made}; ", days < 0 ? "another body\r\n" : footer));
        return Encoding.ASCII.GetBytes(letter.Replace("Subject: ", "Subject: " + tag, StringComparison.Ordinal));
    }

    private static string Rubbish(string domain, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"DKIM-Signature: v=1; a=rsa-sha256; d={domain}; s=gone{i}; h=from; bh=MTIz; b=MTIz\r\n"));

    private static string Told(SenderVerdict verdict) => $"{verdict.Legitimacy} {verdict.Points}: {string.Join("; ", verdict.Tests.Select(t => $"{t.Name} {t.Result} {t.Detail}"))}";

    private static async Task<SenderVerdict> JudgeAsync(Letter letter)
    {
        ClientAddress.TryParse(letter.Client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(s_zone), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = letter.Helo, Sender = letter.Sender, Message = letter.Message }, TestContext.Current.CancellationToken);
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }

    private sealed record Letter(byte[] Message, string Client = "198.51.100.7", string Helo = "mx.forger.example", string Sender = "x@forger.example");
}
