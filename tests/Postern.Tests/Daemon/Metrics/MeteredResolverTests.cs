using Microsoft.Extensions.Time.Testing;
using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Cli.Daemon.Metrics;
using Postern.Facts;

namespace Postern.Tests.Daemon.Metrics;

public sealed class MeteredResolverTests : IDisposable
{
    private const string Key = "abcdefghijklmnopqrstuvwxy2";
    private readonly FakeTimeProvider _time = new();
    private readonly PosternMeter _meter = new();
    private readonly MetricsExporter _exporter;

    public MeteredResolverTests() => _exporter = new MetricsExporter(_meter.Meter, MetricCatalogue.All);

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Theory]
    [InlineData("7.2.0.192.zen.spamhaus.org", "127.0.0.2", "listed")]
    [InlineData("7.2.0.192.ZEN.spamhaus.org", "127.0.0.4", "listed")]
    [InlineData("7.2.0.192.zen.spamhaus.org", null, "not_listed")]
    [InlineData("7.2.0.192.zen.spamhaus.org", "127.255.255.254", "error")]
    [InlineData("7.2.0.192.zen.spamhaus.org", "203.0.113.9", "error")]
    [InlineData("2.0.0.127.zen.spamhaus.org", "127.0.0.2", "test")]
    [InlineData("INVALID.zen.spamhaus.org", null, "test")]
    public async Task A_question_to_a_list_is_counted_by_its_result(string name, string? answer, string result)
    {
        await Ask(name, answer is null ? DnsAnswer.Without(DnsStatus.NxDomain) : new DnsAnswer { Status = DnsStatus.Answer, Addresses = [ClientAddress.TryParse(answer, out var a) ? a : default] });
        Text().ShouldContain($"postern_dns_list_queries_total{{list=\"zen.spamhaus.org\",result=\"{result}\"}} 1\n");
    }

    [Fact]
    public async Task Silence_is_a_failure_and_its_time_is_measured()
    {
        await Ask("7.2.0.192.zen.spamhaus.org", DnsAnswer.Without(DnsStatus.Timeout), TimeSpan.FromSeconds(3));
        Text().ShouldContain("postern_dns_list_queries_total{list=\"zen.spamhaus.org\",result=\"failed\"} 1\n");
        Text().ShouldContain("postern_dns_queries_total{result=\"timeout\",type=\"A\"} 1\n");
        Text().ShouldContain("postern_dns_query_seconds_bucket{le=\"2.0\"} 0\npostern_dns_query_seconds_bucket{le=\"5.0\"} 1\n");
    }

    // Customers of Spamhaus and Abusix have a key in the name of the zone.
    [Fact]
    public async Task A_customers_key_is_not_told()
    {
        await Ask($"7.2.0.192.{Key}.zen.dq.spamhaus.net", DnsAnswer.Without(DnsStatus.NxDomain), zone: $"{Key}.zen.dq.spamhaus.net");
        Text().ShouldContain("{list=\"KEY.zen.dq.spamhaus.net\",result=\"not_listed\"} 1\n");
        Text().ShouldNotContain(Key);
    }

    [Fact]
    public async Task A_name_is_told_of_no_list()
    {
        await Ask("zen.spamhaus.org.example.org", DnsAnswer.Without(DnsStatus.NoData));
        Text().ShouldContain("postern_dns_queries_total{result=\"no_data\",type=\"A\"} 1\n");
        Text().ShouldNotContain("list=\"");
    }

    private string Text() => OpenMetricsText.Write(_exporter.Collect(MetricCatalogue.All));

    private async Task Ask(string name, DnsAnswer answer, TimeSpan takes = default, string zone = "zen.spamhaus.org")
    {
        var inner = new Scripted(() =>
        {
            _time.Advance(takes);
            return answer;
        });
        var resolver = new MeteredResolver(inner, [DnsblZone.Zen with { Zone = zone }], _meter, _time);
        (await resolver.QueryAsync(new DnsQuestion(name, DnsType.A), TestContext.Current.CancellationToken)).ShouldBeSameAs(answer);
    }

    private sealed class Scripted(Func<DnsAnswer> answer) : IResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult(answer());
    }
}
