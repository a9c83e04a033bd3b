using System.Text;
using MimeKit;
using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Tests.Checks.Spf;
using TestResult = Postern.Facts.TestResult;

namespace Postern.Tests.Checks.Arc;

public sealed class ArcCheckTests
{
    private static readonly string s_file = Path.Combine(AppContext.BaseDirectory, "Cases", "arc", "chains.yml");
    private static readonly Lazy<YamlTree> s_chains = new(() => YamlTree.ReadDocuments(new StringReader(File.ReadAllText(s_file)))[0]);

    [Fact]
    public async Task Every_case_of_the_own_chains_ends_as_stated()
    {
        var (count, failures) = await ArcSuite.RunFileAsync(s_file, TestContext.Current.CancellationToken);

        failures.ShouldBeEmpty();
        count.ShouldBeGreaterThan(150);
    }

    [Theory]
    [InlineData("list.example", true)]
    [InlineData("LIST.example", true)]
    [InlineData("relay.example", false)]
    [InlineData("ist.example", false)]
    public async Task Only_the_last_sealer_is_trusted(string trusted, bool isTrusted)
    {
        var outcome = await RunAsync("chain_2", new() { TrustedSealers = [trusted] });

        outcome.Result.ShouldBe(TestResult.Pass);
        outcome.Sealer.ShouldBe("list.example");
        outcome.IsTrusted.ShouldBe(isTrusted);
    }

    [Theory]
    [InlineData("header_names_none")]
    [InlineData("header_second_from")]
    [InlineData("body_length")]
    public async Task A_chain_that_leaves_room_for_a_forger_is_whole_but_never_trusted(string name)
    {
        var outcome = await RunAsync(name, new() { TrustedSealers = ["relay.example"] });

        outcome.Result.ShouldBe(TestResult.Pass);
        outcome.IsWeak.ShouldBeTrue();
        outcome.IsTrusted.ShouldBeFalse();
        outcome.Remark.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("chain_2", TestResult.TempError)]
    [InlineData("second_cv_none", TestResult.Fail)]
    [InlineData("body_changed", TestResult.TempError)]
    [InlineData("no_chain", TestResult.None)]
    public async Task Without_a_DNS_a_chain_is_open_unless_its_structure_is_broken(string name, TestResult result) =>
        (await RunAsync(name, new(), new Zone(_ => DnsAnswer.Without(DnsStatus.Timeout)))).Result.ShouldBe(result);

    [Fact]
    public async Task A_certain_fault_counts_though_another_key_could_not_be_asked_for()
    {
        var dns = new Zone(name => name.EndsWith("list.example", StringComparison.Ordinal)
            ? DnsAnswer.Without(DnsStatus.ServerFailure) : DnsAnswer.Without(DnsStatus.NxDomain));

        (await RunAsync("chain_2", new(), dns)).Result.ShouldBe(TestResult.Fail);
    }

    [Fact]
    public async Task A_key_is_asked_for_once()
    {
        var dns = new Zone(name => new DnsAnswer { Status = DnsStatus.Answer, Texts = [Record(name)] });

        (await RunAsync("fifty", new(), dns)).Result.ShouldBe(TestResult.Pass);
        dns.Asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=s; t=1; b=AAAA\r\n", 1000)]
    [InlineData("ARC-Authentication-Results: i=1; a.example\r\n", 100_000)]
    [InlineData("ARC-Message-Signature: ;;;;\r\n", 1000)]
    public async Task Floods_of_fields_break_the_chain_without_a_question(string field, int times) =>
        await BreaksAsync(string.Concat(Enumerable.Repeat(field, times)));

    [Fact]
    public async Task Giant_fields_break_the_chain_without_a_question()
    {
        var filling = new string('x', 200_000);
        await BreaksAsync($"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=s; t=1; z={filling}; b=AAAA\r\n");
        await BreaksAsync($"ARC-Authentication-Results: ({filling}) i=1; a.example\r\n");
        await BreaksAsync("ARC-Message-Signature: " + string.Concat(Enumerable.Repeat("a=b;", 50_000)) + "\r\n");
    }

    [Theory]
    [InlineData("ARC-Seal:\r\n")]
    [InlineData("ARC-Seal: i=99999999999999999999; cv=none\r\n")]
    [InlineData("ARC-Message-Signature: i=1; a=; b=; c=/; d=.; h=:; l=-1; s=\0\r\n")]
    [InlineData("ARC-Authentication-Results: (((((\r\n")]
    [InlineData("ARC-Authentication-Results: i=(\\\r\n")]
    public async Task Rubbish_breaks_the_chain(string field) => await BreaksAsync(field);

    private static async Task BreaksAsync(string fields)
    {
        var dns = new Zone(_ => DnsAnswer.Without(DnsStatus.NxDomain));
        var outcome = await CheckAsync(fields + "From: a@a.example\r\n\r\nHello\r\n", new(), dns);
        outcome.Result.ShouldBe(TestResult.Fail);
        dns.Asked.ShouldBe(0);
    }

    private static Task<ArcOutcome> RunAsync(string name, ArcOptions options, Zone? dns = null) =>
        CheckAsync(s_chains.Value["tests"][name]["message"].Text, options, dns ?? new Zone(n => new DnsAnswer { Status = DnsStatus.Answer, Texts = [Record(n)] }));

    private static string Record(string name) => s_chains.Value["txt-records"][name].Text;

    private static async Task<ArcOutcome> CheckAsync(string text, ArcOptions options, IResolver dns)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(text));
        var message = await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken);
        return await new ArcCheck(options, new()).RunAsync(message, new DkimBody(Encoding.Latin1.GetBytes(text)), dns, TestContext.Current.CancellationToken);
    }

    private sealed class Zone(Func<string, DnsAnswer> answer) : IResolver
    {
        private int _asked;

        public int Asked => _asked;

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return new(answer(question.Name));
        }
    }
}
