using Postern.Checks.Dns;
using Postern.Checks.Helo;
using Postern.Facts;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Helo;

public class HeloCheckTests
{
    private static readonly ClientAddress s_client = Address("192.0.2.1");
    private static readonly HeloCheck s_check = new(new() { OwnNames = ["mx.we.example"], OwnAddresses = ["198.51.100.25"] }, PublicSuffixes.Parse(["example", "org"]));

    [Theory]
    [InlineData("mail.example.org", TestResult.Pass, null)]
    [InlineData("mail.example.org.", TestResult.Pass, null)]
    [InlineData("my_host.example.org", TestResult.Pass, null)]
    [InlineData("[192.0.2.1]", TestResult.Neutral, "literal")]
    [InlineData("[192.0.2.2]", TestResult.Fail, "foreign-address")]
    [InlineData("[192.0.2.1", TestResult.Fail, "malformed")]
    [InlineData("[IPv6:2001:db8::1]", TestResult.Fail, "foreign-address")]
    [InlineData("[2001:db8::1]", TestResult.Fail, "malformed")]
    [InlineData("[]", TestResult.Fail, "malformed")]
    [InlineData("[", TestResult.Fail, "malformed")]
    [InlineData("192.0.2.1", TestResult.Fail, "bare-address")]
    [InlineData("192.0.2.2", TestResult.Fail, "foreign-address")]
    [InlineData("localhost", TestResult.Fail, "localhost")]
    [InlineData("LOCALHOST.localdomain", TestResult.Fail, "localhost")]
    [InlineData("MX.we.example", TestResult.Fail, "own-name")]
    [InlineData("[198.51.100.25]", TestResult.Fail, "own-name")]
    [InlineData("ylmf-pc", TestResult.Fail, "single-label")]
    [InlineData("a..example.org", TestResult.Fail, "malformed")]
    [InlineData("-a.example.org", TestResult.Fail, "malformed")]
    [InlineData("a b.example.org", TestResult.Fail, "malformed")]
    [InlineData("mail.example.123", TestResult.Fail, "malformed")]
    [InlineData("", TestResult.Fail, "malformed")]
    [InlineData(".", TestResult.Fail, "malformed")]
    [InlineData("desktop.lan", TestResult.SoftFail, "private-name")]
    public void A_name_is_judged_by_its_form(string helo, TestResult result, string? reason)
    {
        var finding = s_check.Syntax(helo, s_client);

        finding.Result.ShouldBe(result);
        finding.Reason.ShouldBe(reason);
    }

    [Fact]
    public void An_IPv6_literal_is_the_clients_own() =>
        s_check.Syntax("[IPv6:2001:DB8:0::1]", Address("2001:db8::1")).Reason.ShouldBe("literal");

    [Fact]
    public void Odd_octets_are_shown_escaped() =>
        s_check.Syntax("a\u001b[31m.example.org", s_client).Detail.ShouldNotContain("\u001b");

    [Theory]
    [InlineData(DnsStatus.NxDomain, TestResult.Fail, "no-such-name")]
    [InlineData(DnsStatus.NoData, TestResult.Fail, "no-address")]
    [InlineData(DnsStatus.Timeout, TestResult.TempError, null)]
    [InlineData(DnsStatus.ServerFailure, TestResult.TempError, null)]
    [InlineData(DnsStatus.Bogus, TestResult.TempError, null)]
    public async Task A_name_that_does_not_resolve_is_told_from_a_DNS_that_does_not_answer(DnsStatus status, TestResult result, string? reason)
    {
        var finding = await ResolveAsync(DnsAnswer.Without(status, "why"));

        finding.Result.ShouldBe(result);
        finding.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task A_name_passes_where_one_of_its_addresses_is_the_client()
    {
        (await ResolveAsync(new() { Status = DnsStatus.Answer, Addresses = [Address("192.0.2.9"), s_client] })).Result.ShouldBe(TestResult.Pass);
        (await ResolveAsync(new() { Status = DnsStatus.Answer, Addresses = [Address("192.0.2.9")] })).Reason.ShouldBe("elsewhere");
    }

    private static Task<SenderFinding> ResolveAsync(DnsAnswer answer) =>
        HeloCheck.ResolvesAsync("mail.example.org", s_client, new LookupRecorder(new OneAnswer(answer), CancellationToken.None), TestContext.Current.CancellationToken);

    private static ClientAddress Address(string text) =>
        ClientAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    private sealed class OneAnswer(DnsAnswer answer) : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken) => new(answer);
    }
}
