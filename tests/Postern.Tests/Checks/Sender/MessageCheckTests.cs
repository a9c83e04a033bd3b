using System.Text;
using MimeKit;
using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Decisions;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

public class MessageCheckTests
{
    private static readonly SignedMessage s_key = SignedMessage.Rsa();
    private static readonly SignedMessage s_other = SignedMessage.Rsa();

    private const string GoodServer = """
        192.0.2.10 PTR mail.good.example
        mail.good.example A 192.0.2.10
        good.example TXT v=spf1 ip4:192.0.2.10 -all
        _dmarc.good.example TXT v=DMARC1; p=reject
        192.0.2.20 PTR lists.club.example
        lists.club.example A 192.0.2.20
        club.example TXT v=spf1 ip4:192.0.2.20 -all
        """;

    [Fact]
    public async Task A_signed_message_of_the_domain_itself_is_proven()
    {
        var verdict = await JudgeAsync(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), Key());

        Result(verdict, "dkim").ShouldBe(TestResult.Pass);
        Result(verdict, "dmarc").ShouldBe(TestResult.Pass);
        verdict.Legitimacy.ShouldBe(Legitimacy.Genuine);
        verdict.MayBounce.ShouldBeTrue();
    }

    [Fact]
    public async Task A_bare_public_key_is_read_as_well_as_a_wrapped_one()
    {
        using var rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(s_key.PublicKey), out _);
        var bare = Convert.ToBase64String(rsa.ExportRSAPublicKey());

        Result(await JudgeAsync(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), $"s._domainkey.good.example TXT p={bare}"), "dkim").ShouldBe(TestResult.Pass);
    }

    [Fact]
    public async Task Ed25519_verifies()
    {
        var key = SignedMessage.Ed25519();
        var verdict = await JudgeAsync(key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), $"s._domainkey.good.example TXT v=DKIM1; k=ed25519; p={key.PublicKey}");

        Result(verdict, "dkim").ShouldBe(TestResult.Pass);
    }

    [Theory]
    [InlineData("v=DKIM1; h=sha1; p=KEY", TestResult.PermError)]
    [InlineData("v=DKIM1; s=tlsrpt; p=KEY", TestResult.PermError)]
    [InlineData("v=DKIM1; s=email; h=sha1:sha256; p=KEY", TestResult.Pass)]
    [InlineData("v=DKIM1; p=", TestResult.PermError)]
    [InlineData("v=DKIM2; p=KEY", TestResult.PermError)]
    [InlineData("v=DKIM1; k=ed25519; p=KEY", TestResult.PermError)]
    [InlineData("v=DKIM1; p=rubbish!", TestResult.PermError)]
    public async Task The_key_record_is_obeyed(string record, TestResult expected)
    {
        var verdict = await JudgeAsync(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), "s._domainkey.good.example TXT " + record.Replace("KEY", s_key.PublicKey, StringComparison.Ordinal));

        Result(verdict, "dkim").ShouldBe(expected);
    }

    [Theory]
    [InlineData("v=DKIM1; t=s; p=KEY", TestResult.PermError)]
    [InlineData("v=DKIM1; p=KEY", TestResult.Pass)]
    public async Task A_strict_key_allows_no_subdomain_in_the_identity(string record, TestResult expected)
    {
        var message = s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example", signer => signer.AgentOrUserIdentifier = "x@sub.good.example");

        Result(await JudgeAsync(message, "s._domainkey.good.example TXT " + record.Replace("KEY", s_key.PublicKey, StringComparison.Ordinal)), "dkim").ShouldBe(expected);
    }

    [Fact]
    public async Task SHA1_does_not_count() =>
        Result(await JudgeAsync(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example", sha1: true), Key()), "dkim").ShouldBe(TestResult.Neutral);

    [Fact]
    public async Task A_short_key_does_not_count()
    {
        var key = SignedMessage.Rsa(768);

        Result(await JudgeAsync(key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), $"s._domainkey.good.example TXT p={key.PublicKey}"), "dkim").ShouldBe(TestResult.Neutral);
    }

    [Fact]
    public async Task A_changed_body_fails()
    {
        var text = Encoding.ASCII.GetString(SignedMessage.Bytes(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example"))).Replace("Hello", "Hallo", StringComparison.Ordinal);

        Result(await JudgeAsync(Encoding.ASCII.GetBytes(text), Key(), "192.0.2.10", "mail.good.example", "a@good.example"), "dkim").ShouldBe(TestResult.Fail);
    }

    [Fact]
    public async Task A_key_that_the_DNS_does_not_give_is_a_passing_trouble() =>
        Result(await JudgeAsync(s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example"), "s._domainkey.good.example SILENT"), "dkim").ShouldBe(TestResult.TempError);

    [Fact]
    public async Task A_forwarder_that_changes_nothing_is_cleared_by_the_signature()
    {
        var message = s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example");
        var verdict = await JudgeAsync(SignedMessage.Bytes(message), Key(), "192.0.2.20", "lists.club.example", "a@good.example");

        Result(verdict, "spf-mailfrom").ShouldBe(TestResult.Fail);
        Result(verdict, "dmarc").ShouldBe(TestResult.Pass);
        verdict.Advice.ShouldBe(Advice.Accept);
        verdict.MayBounce.ShouldBeFalse();
    }

    [Fact]
    public async Task A_stolen_author_is_forged()
    {
        var verdict = await JudgeAsync(SignedMessage.Bytes(s_other.Sign(SignedMessage.Plain("boss@good.example"), "club.example")), "s._domainkey.club.example TXT p=" + s_other.PublicKey, "192.0.2.20", "lists.club.example", "x@club.example");

        Result(verdict, "dmarc").ShouldBe(TestResult.Fail);
        verdict.Advice.ShouldBe(Advice.Reject);
    }

    [Fact]
    public async Task A_list_that_changes_the_message_is_not_refused()
    {
        var message = s_key.Sign(SignedMessage.Plain("a@good.example", listId: "<talk.club.example>"), "good.example");
        message.Subject = "[talk] A letter";
        await s_other.SealAsync(message, "club.example", "lists.club.example; dkim=pass header.d=good.example");
        var verdict = await JudgeAsync(SignedMessage.Bytes(message), Key() + "\ns._domainkey.club.example TXT p=" + s_other.PublicKey, "192.0.2.20", "lists.club.example", "talk-bounces@club.example");

        Result(verdict, "arc").ShouldBe(TestResult.Pass, verdict.Tests.Single(t => t.Name is "arc").Detail);
        verdict.Advice.ShouldNotBe(Advice.Reject);
    }

    [Fact]
    public async Task Of_many_signatures_those_of_the_author_are_verified()
    {
        var message = s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example");
        for (var i = 0; i < 30; i++)
        {
            s_other.Sign(message, $"esp{i}.example");
        }

        var verdict = await JudgeAsync(message, Key());

        Result(verdict, "dkim").ShouldBe(TestResult.Pass);
        Result(verdict, "dmarc").ShouldBe(TestResult.Pass);
        verdict.Tests.Single(t => t.Name is "dkim").Lookups.Count.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task Two_authors_are_no_author()
    {
        var message = s_key.Sign(SignedMessage.Plain("a@good.example"), "good.example");
        message.Headers.Insert(0, new Header(HeaderId.From, "boss@bank.example"));

        var verdict = await JudgeAsync(message, Key());
        Result(verdict, "dmarc").ShouldBe(TestResult.PermError);
        verdict.Advice.ShouldBe(Advice.Defer);
    }

    [Theory]
    [InlineData("_dmarc.good.example TXT v=DMARC1; p=none", "none")]
    [InlineData("_dmarc.good.example TXT v=DMARC1; p=reject; t=y", "quarantine")]
    [InlineData("_dmarc.good.example TXT v=DMARC1; p=reject; pct=0", "quarantine")]
    [InlineData("_dmarc.good.example TXT v=DMARC1; p=bogus; rua=mailto:x@good.example", "none")]
    [InlineData("_dmarc.example TXT v=DMARC1; p=reject; psd=y", "reject")]
    public async Task The_policy_is_read_with_forgiveness(string record, string policy)
    {
        var zone = GoodServer.Replace("_dmarc.good.example TXT v=DMARC1; p=reject", record, StringComparison.Ordinal);
        var verdict = await JudgeAsync(SignedMessage.Bytes(SignedMessage.Plain("a@good.example")), "", "192.0.2.20", "lists.club.example", "x@club.example", zone);

        Result(verdict, "dmarc").ShouldBe(TestResult.Fail);
        verdict.Tests.Single(t => t.Name is "dmarc").Detail.ShouldContain($"policy is {policy}");
    }

    private static string Key() => "s._domainkey.good.example TXT v=DKIM1; k=rsa; p=" + s_key.PublicKey;

    private static TestResult Result(SenderVerdict verdict, string test) => verdict.Tests.Single(t => t.Name.Equals(test, StringComparison.Ordinal)).Result;

    private static Task<SenderVerdict> JudgeAsync(MimeMessage message, string zone) => JudgeAsync(SignedMessage.Bytes(message), zone, "192.0.2.10", "mail.good.example", "a@good.example");

    private static async Task<SenderVerdict> JudgeAsync(byte[] message, string zone, string client, string helo, string sender, string server = GoodServer)
    {
        ClientAddress.TryParse(client, out var address).ShouldBeTrue();
        var check = new SenderCheck(new FakeZone(server + "\n" + zone), new(), PublicSuffixes.Parse(["example"]), TimeProvider.System);
        var facts = await check.RunAsync(new() { Address = address, Helo = helo, Sender = sender, Message = message }, TestContext.Current.CancellationToken);
        return new LegitimacyScorer(LegitimacyPoints.Default).Judge(facts);
    }
}
