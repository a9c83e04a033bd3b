using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Postern.Checks.Dns;
using Postern.Checks.Spf;
using Postern.Facts;

namespace Postern.Tests.Checks.Spf;

public sealed class SpfEvaluatorTests
{
    private static readonly ClientAddress s_client = ClientAddress.FromIPv4(0xC0000203);

    [Fact]
    public async Task The_term_that_decided_and_the_questions_are_told()
    {
        var outcome = await CheckAsync("v=spf1 a:mail.example.org ~include:_spf.example.org -all", ("_spf.example.org", "v=spf1 ip4:192.0.2.0/24"));
        outcome.Result.ShouldBe(SpfResult.SoftFail);
        outcome.Mechanism.ShouldBe("~include:_spf.example.org");
        outcome.Lookups.ShouldBe(["TXT example.org", "A mail.example.org", "TXT _spf.example.org"]);
        outcome.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task A_fail_without_words_gets_the_default_and_other_results_get_none()
    {
        var options = new SpfOptions { DefaultExplanation = "no" };
        (await CheckAsync("v=spf1 -all", options)).Explanation.ShouldBe("no");
        (await CheckAsync("v=spf1 ~all", options)).Explanation.ShouldBeNull();
    }

    [Fact]
    public async Task The_operator_is_told_what_is_wrong_with_the_record_and_in_plain_signs()
    {
        var outcome = await CheckAsync("v=spf1 a:192.0.2.1 -all");
        outcome.Result.ShouldBe(SpfResult.PermError);
        outcome.Problem.ShouldBe("the SPF record of 'example.org' is wrong: 'a:192.0.2.1': for an address ip4: is meant");
        (await CheckAsync("v=spf1 \x1b[2J -all")).Problem!.ShouldNotContain('\x1b');
    }

    [Fact]
    public async Task An_unknown_client_and_a_domain_that_is_none_have_no_result()
    {
        var evaluator = new SpfEvaluator(Zone(("example.org", "v=spf1 +all")), new SpfOptions());
        var unknown = await evaluator.EvaluateAsync(ClientAddress.Unknown, "example.org", "", "", CancellationToken.None);
        unknown.Result.ShouldBe(SpfResult.None);
        var literal = await evaluator.EvaluateAsync(s_client, "[192.0.2.3]", "", "", CancellationToken.None);
        literal.Result.ShouldBe(SpfResult.None);
        literal.Lookups.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_time_macro_takes_the_given_clock()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        var zone = Zone(("example.org", "v=spf1 -all exp=why.example.org"), ("why.example.org", "at %{t} by %{R}"));
        var evaluator = new SpfEvaluator(zone, new SpfOptions { ReceiverName = "mx one" }, time);
        var outcome = await evaluator.EvaluateAsync(s_client, "example.org", "", "", CancellationToken.None);
        outcome.Explanation.ShouldBe("at 1700000000 by mx%20one");
    }

    [Fact]
    public async Task The_end_of_the_time_is_a_temporary_error()
    {
        using var limit = new CancellationTokenSource();
        var check = new SpfEvaluator(new SilentResolver(), new SpfOptions()).EvaluateAsync(s_client, "example.org", "", "", limit.Token);
        check.IsCompleted.ShouldBeFalse();
        await limit.CancelAsync();
        var outcome = await check;
        outcome.Result.ShouldBe(SpfResult.TempError);
        outcome.Lookups.ShouldBe(["TXT example.org"]);
        outcome.Problem.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_end_of_the_program_is_not_a_result()
    {
        using var stopping = new CancellationTokenSource();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var evaluator = new SpfEvaluator(new SilentResolver(), new SpfOptions());
        var check = evaluator.EvaluateAsync(s_client, "example.org", "", "", limit.Token, stopping.Token).AsTask();
        await stopping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(check);
    }

    [Fact]
    public async Task A_fail_whose_words_do_not_come_in_time_stays_a_fail()
    {
        using var limit = new CancellationTokenSource();
        var resolver = new SilentResolver { Known = Zone(("example.org", "v=spf1 -all exp=slow.example.org")) };
        var options = new SpfOptions { DefaultExplanation = "no" };
        var check = new SpfEvaluator(resolver, options).EvaluateAsync(s_client, "example.org", "", "", limit.Token);
        await limit.CancelAsync();
        var outcome = await check;
        outcome.Result.ShouldBe(SpfResult.Fail);
        outcome.Explanation.ShouldBe("no");
        outcome.Mechanism.ShouldBe("-all");
    }

    [Theory]
    [InlineData("v=spf1 include:%{d}")]
    [InlineData("v=spf1 redirect=%{d}")]
    [InlineData("v=spf1 include:x.%{d} -all")]
    public async Task An_endless_chain_ends_by_the_limit_of_lookups(string record)
    {
        var resolver = new EndlessResolver(_ => [record]);
        var outcome = await new SpfEvaluator(resolver, new SpfOptions()).EvaluateAsync(s_client, "example.org", "", "", CancellationToken.None);
        outcome.Result.ShouldBe(SpfResult.PermError);
        outcome.Lookups.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_chain_as_deep_as_the_limit_allows_is_followed()
    {
        var resolver = new EndlessResolver(name => name.Length > 60_000 ? [] : [name.StartsWith("i10.", StringComparison.Ordinal) ? "v=spf1 +all" : $"v=spf1 include:{Next(name)} -all"]);
        var outcome = await new SpfEvaluator(resolver, new SpfOptions()).EvaluateAsync(s_client, "i0.example.org", "", "", CancellationToken.None);
        outcome.Result.ShouldBe(SpfResult.Pass);
        outcome.Mechanism.ShouldBe("include:i1.example.org");
    }

    [Fact]
    public async Task Records_of_64_kilobytes_are_read_and_swell_nothing()
    {
        var manyTerms = "v=spf1 " + string.Concat(Enumerable.Repeat("ip4:10.0.0.1 ", 5000)) + "+ip4:192.0.2.3";
        (await CheckAsync(manyTerms)).Result.ShouldBe(SpfResult.Pass);
        (await CheckAsync("v=spf1 a:" + string.Concat(Enumerable.Repeat("%{d}", 1000)) + " -all")).Result.ShouldBe(SpfResult.Fail);
        (await CheckAsync("v=spf1 a:" + string.Concat(Enumerable.Repeat("%{d}", 16_000)) + " -all")).Result.ShouldBe(SpfResult.PermError);
        (await CheckAsync("v=spf1 a:" + new string('a', 64_000) + ".org -all")).Result.ShouldBe(SpfResult.Fail);
        (await CheckAsync("v=spf1 " + new string('%', 64_000))).Result.ShouldBe(SpfResult.PermError);
    }

    [Fact]
    public async Task Endless_words_are_no_words()
    {
        var options = new SpfOptions { DefaultExplanation = "no" };
        var words = string.Concat(Enumerable.Repeat("%{s}", 1000));
        (await CheckAsync("v=spf1 -all exp=why.example.org", options, new string('x', 60_000), ("why.example.org", words))).Explanation.ShouldBe("no");
    }

    [Fact]
    public async Task A_client_with_ten_thousand_names_costs_no_more_than_ten()
    {
        var resolver = new EndlessResolver(_ => ["v=spf1 ptr:example.org -all"]);
        var outcome = await new SpfEvaluator(resolver, new SpfOptions()).EvaluateAsync(s_client, "example.org", "", "", CancellationToken.None);
        outcome.Result.ShouldBe(SpfResult.Fail);
        outcome.Lookups.Count.ShouldBe(12);
    }

    private static string Next(string name)
    {
        var number = int.Parse(name.AsSpan(1, name.IndexOf('.', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"i{number + 1}.example.org");
    }

    private static SuiteZone Zone(params (string Name, string Text)[] texts) => new(new YamlTree
    {
        Pairs = [.. texts.Select(pair => KeyValuePair.Create(pair.Name, new YamlTree
        {
            Items = [new YamlTree { Pairs = [KeyValuePair.Create("TXT", new YamlTree { Scalar = pair.Text })] }],
        }))],
    });

    private static ValueTask<SpfOutcome> CheckAsync(string record, params (string Name, string Text)[] more) =>
        CheckAsync(record, new SpfOptions(), "a", more);

    private static ValueTask<SpfOutcome> CheckAsync(string record, SpfOptions options) => CheckAsync(record, options, "a");

    private static ValueTask<SpfOutcome> CheckAsync(string record, SpfOptions options, string local, params (string Name, string Text)[] more)
    {
        var zone = Zone([("example.org", record), .. more]);
        return new SpfEvaluator(zone, options).EvaluateAsync(s_client, "example.org", $"{local}@example.org", "mx.example.org", CancellationToken.None);
    }

    /// <summary>Answers what it knows, and keeps silent to all else until the caller gives up.</summary>
    private sealed class SilentResolver : IResolver
    {
        public SuiteZone Known { get; init; } = Zone();

        public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            var answer = await Known.QueryAsync(question, cancellationToken);
            if (answer.Status == DnsStatus.NxDomain)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return answer;
        }
    }

    /// <summary>A hostile DNS in which every name has texts, and every address ten thousand names that do not lead back.</summary>
    private sealed class EndlessResolver(Func<string, IReadOnlyList<string>> texts) : IResolver
    {
        private readonly string[] _names = [.. Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i}.example.org"))];

        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
        {
            var answer = new DnsAnswer { Status = DnsStatus.Answer };
            return new(question.Type switch
            {
                DnsType.Txt => answer with { Texts = texts(question.Name) },
                DnsType.Ptr => answer with { Names = _names },
                _ => DnsAnswer.Without(DnsStatus.NoData),
            });
        }
    }
}
