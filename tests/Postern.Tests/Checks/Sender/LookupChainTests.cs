using Postern.Checks.Dns;
using Postern.Checks.Sender;
using Postern.Facts;
using Postern.Tests.Support;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Sender;

/// <summary>A check waits only for answers without which the next question cannot be put.</summary>
public sealed class LookupChainTests
{
    private const string Zone = """
        192.0.2.10 PTR out1.pool.mail.big.example
        192.0.2.10 PTR alias.big.example
        out1.pool.mail.big.example A 192.0.2.10
        alias.big.example A 192.0.2.10
        big.example TXT v=spf1 include:a.big.example include:b.big.example include:c.big.example mx -all
        a.big.example TXT v=spf1 ip4:198.51.100.0/24 a:x.big.example ~all
        b.big.example TXT v=spf1 ip4:203.0.113.0/24 mx:y.big.example ~all
        c.big.example TXT v=spf1 ip4:192.0.2.0/24 ~all
        x.big.example A 198.51.100.1
        y.big.example MX 10 m1.big.example
        y.big.example MX 20 m2.big.example
        m1.big.example A 198.51.100.3
        m2.big.example A 198.51.100.4
        _dmarc.big.example TXT v=DMARC1; p=reject
        """;

    [Fact]
    public async Task A_provider_with_many_includes_and_a_message_costs_its_longest_chain()
    {
        var message = SignedMessage.Bytes(SignedMessage.Plain("a@news.eu.big.example"));

        // TXT of big, TXT of b, MX of y, A of m1 and m2: no question among them can be put before its forerunner's answer.
        (await FewestRoundsAsync(message)).ShouldBe(4);
    }

    [Fact]
    public async Task Without_a_message_it_is_the_same_chain() => (await FewestRoundsAsync(null)).ShouldBe(4);

    private static async Task<int> FewestRoundsAsync(byte[]? message)
    {
        var fewest = int.MaxValue;
        for (var i = 0; i < 20 && fewest > 4; i++)
        {
            fewest = Math.Min(fewest, await RoundsAsync(message));
        }

        return fewest;
    }

    private static async Task<int> RoundsAsync(byte[]? message)
    {
        var zone = new StepwiseZone(new FakeZone(Zone));
        var options = new SenderCheckOptions { Dns = new DnsOptions { QueryTimeout = TimeSpan.FromSeconds(10), CheckDeadline = TimeSpan.FromSeconds(30) } };
        var check = new SenderCheck(new CachingResolver(zone, options.Dns, TimeProvider.System), options, PublicSuffixes.Parse(["example"]), TimeProvider.System);
        ClientAddress.TryParse("192.0.2.10", out var client).ShouldBeTrue();
        var facts = await zone.ServeAsync(check.RunAsync(
            new SenderQuestion { Address = client, Helo = "out1.pool.mail.big.example", Sender = "a@big.example", Message = message }, TestContext.Current.CancellationToken));
        facts.Findings.Single(finding => finding.Test is "spf-mailfrom").Result.ShouldBe(TestResult.Pass);
        return zone.Rounds;
    }
}
