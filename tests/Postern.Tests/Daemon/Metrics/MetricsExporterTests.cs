using System.Diagnostics.Metrics;
using System.Globalization;
using Postern.Checks.Dns;
using Postern.Cli.Daemon.Metrics;
using Postern.Facts;

namespace Postern.Tests.Daemon.Metrics;

public sealed class MetricsExporterTests : IDisposable
{
    private static readonly MetricDefinition s_times = new("t_times_seconds", MetricKind.Histogram, "Times.", "kind") { Unit = "seconds", Buckets = [0.1, 0.5, 1] };
    private static readonly MetricDefinition s_events = new("t_events_total", MetricKind.Counter, "Events.", "kind");
    private static readonly MetricDefinition s_kept = new("t_kept_total", MetricKind.Counter, "Kept elsewhere.", "kind");
    private static readonly MetricDefinition s_level = new("t_level", MetricKind.Gauge, "A level.", "kind");
    private static readonly MetricDefinition s_plain = new("t_plain_total", MetricKind.Counter, "Without labels.");
    private static readonly MetricDefinition[] s_all = [s_times, s_events, s_kept, s_level, s_plain];
    private readonly Meter _meter = new("test");
    private readonly MetricsExporter _exporter;

    public MetricsExporterTests() => _exporter = new MetricsExporter(_meter, s_all);

    public void Dispose()
    {
        _exporter.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Buckets_are_cumulative_and_a_bound_belongs_to_its_own_bucket()
    {
        var times = _meter.CreateHistogram<double>(s_times.Name);
        foreach (var seconds in (double[])[0.05, 0.1, 0.11, 0.5, 0.9, 7])
        {
            times.Record(seconds, Kind("a"));
        }

        var sample = Samples(s_times).ShouldHaveSingleItem();
        sample.Buckets!.Select(bucket => (bucket.Le, bucket.Count)).ShouldBe([(0.1, 2L), (0.5, 4L), (1d, 5L)]);
        sample.Count.ShouldBe(6);
        sample.Value.ShouldBe(0.05 + 0.1 + 0.11 + 0.5 + 0.9 + 7, 1e-9);
    }

    [Fact]
    public async Task Many_threads_lose_no_measurement()
    {
        var (times, events) = (_meter.CreateHistogram<double>(s_times.Name), _meter.CreateCounter<long>(s_events.Name));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                times.Record(0.5, Kind("a"));
                events.Add(1, Kind(thread % 2 == 0 ? "even" : "odd"));
            }
        })));
        var sample = Samples(s_times).ShouldHaveSingleItem();
        (sample.Count, sample.Value).ShouldBe((40_000L, 20_000d));
        Values(s_events).ShouldBe([("even", 20_000d), ("odd", 20_000d)]);
    }

    [Fact]
    public void A_counter_never_falls()
    {
        var kept = 7d;
        _meter.CreateObservableCounter(s_kept.Name, () => new Measurement<double>(kept, Kind("a")));
        var events = _meter.CreateCounter<long>(s_events.Name);
        events.Add(3, Kind("a"));
        Values(s_kept).ShouldBe([("a", 7d)]);
        kept = 2;
        events.Add(-2, Kind("a"));
        Values(s_kept).ShouldBe([("a", 7d)]);
        Values(s_events).ShouldBe([("a", 3d)]);
        kept = 9;
        Values(s_kept).ShouldBe([("a", 9d)]);
    }

    [Fact]
    public void A_level_that_is_observed_no_more_is_gone_and_a_count_stays()
    {
        string[] kinds = ["a", "b"];
        _meter.CreateObservableGauge(s_level.Name, () => kinds.Select(kind => new Measurement<double>(1, Kind(kind))));
        _meter.CreateObservableCounter(s_kept.Name, () => kinds.Select(kind => new Measurement<double>(1, Kind(kind))));
        Values(s_level).ShouldBe([("a", 1d), ("b", 1d)]);
        kinds = ["b"];
        Values(s_level).ShouldBe([("b", 1d)]);
        Values(s_kept).ShouldBe([("a", 1d), ("b", 1d)]);
    }

    [Fact]
    public void Labels_are_bounded_in_number_and_length()
    {
        var events = _meter.CreateCounter<long>(s_events.Name);
        events.Add(1, Kind(new string('x', 5000)));
        for (var i = 0; i < 5000; i++)
        {
            events.Add(1, Kind(i.ToString("D5", CultureInfo.InvariantCulture)));
        }

        var values = Values(s_events);
        values.Count.ShouldBe(SeriesTable.Most + 1);
        values.ShouldContain((LabelValues.Other, 5001d - SeriesTable.Most));
        values.Sum(static one => one.Value).ShouldBe(5001);
        values.Max(static one => one.Kind.Length).ShouldBe(200);
        // What was there before goes on.
        events.Add(1, Kind("00000"));
        Values(s_events).ShouldContain(("00000", 2d));
    }

    [Fact]
    public void What_has_no_labels_begins_at_zero_and_labels_that_are_none_are_left_out()
    {
        var plain = _meter.CreateCounter<long>(s_plain.Name);
        Samples(s_plain).ShouldHaveSingleItem().Value.ShouldBe(0);
        plain.Add(2, new KeyValuePair<string, object?>("client", "192.0.2.1"));
        var sample = Samples(s_plain).ShouldHaveSingleItem();
        (sample.Value, sample.Labels.Count).ShouldBe((2d, 0));
    }

    [Fact]
    public void Another_meter_of_the_same_name_is_not_listened_to()
    {
        using var other = new Meter("test");
        other.CreateCounter<long>(s_events.Name).Add(1, Kind("a"));
        _exporter.Collect(s_all).Metrics.ShouldBeEmpty();
    }

    [Fact]
    public void The_daemons_meter_has_an_instrument_for_each_event_and_words_of_its_own_for_labels()
    {
        using var meter = new PosternMeter();
        using var exporter = new MetricsExporter(meter.Meter, MetricCatalogue.All);
        meter.BeginAtZero();
        meter.Banned(new Ban { Network = ClientNetwork.Of(ClientAddress.FromIPv4(0xC000_0207)), Client = ClientAddress.FromIPv4(0xC000_0207), Jail = "postfix", From = default, Until = default, Reason = "12 lone-dot within 10m", Trigger = "lone-dot" });
        meter.Spared(ProtectionReason.ProvenSender);
        meter.Queried(DnsType.Txt, DnsStatus.NxDomain, TimeSpan.FromMilliseconds(3));
        meter.Answered("milter", TimeSpan.FromMilliseconds(30));
        var text = OpenMetricsText.Write(exporter.Collect(MetricCatalogue.All));
        text.ShouldContain("postern_bans_total{jail=\"postfix\",reason=\"lone-dot\"} 1\n");
        text.ShouldContain("postern_bans_withheld_total{reason=\"proven_sender\"} 1\n");
        text.ShouldContain("postern_bans_withheld_total{reason=\"brake\"} 0\n");
        text.ShouldContain("postern_dns_queries_total{result=\"nx_domain\",type=\"TXT\"} 1\n");
        text.ShouldContain("postern_dns_query_seconds_bucket{le=\"0.005\"} 1\n");
        text.ShouldContain("postern_milter_message_seconds_count 1\n");
        text.ShouldContain("postern_policy_answer_seconds_count 0\n");
        text.ShouldNotContain("192.0.2.7");
    }

    private static KeyValuePair<string, object?> Kind(string kind) => new("kind", kind);

    private IReadOnlyList<MetricSample> Samples(MetricDefinition metric) =>
        _exporter.Collect(s_all).Metrics.Single(family => string.Equals(family.Name, metric.Name, StringComparison.Ordinal)).Samples;

    private IReadOnlyList<(string Kind, double Value)> Values(MetricDefinition metric) => [.. Samples(metric).Select(sample => (sample.Labels["kind"], sample.Value))];
}
