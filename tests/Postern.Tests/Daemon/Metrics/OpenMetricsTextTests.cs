using System.Text.Json;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Daemon.Metrics;

namespace Postern.Tests.Daemon.Metrics;

public sealed class OpenMetricsTextTests
{
    [Fact]
    public void A_value_of_a_label_is_escaped() =>
        OpenMetricsText.Write(Of(new MetricFamily("t_total", "counter", null, "It has a \\ and\na line.")
        {
            Samples = [new(Labels(("source", "a\"b\\c\nd\u001b")), 5)],
        })).ShouldBe("# TYPE t_total counter\n# HELP t_total It has a \\\\ and\\na line.\nt_total{source=\"a\\\"b\\\\c\\nd\u001b\"} 5\n# EOF\n");

    [Fact]
    public void A_histogram_ends_with_infinity_sum_and_count_and_its_bounds_are_decimal() =>
        OpenMetricsText.Write(Of(new MetricFamily("t_seconds", "histogram", "seconds", "Times.")
        {
            Samples = [new(Labels(("kind", "a")), 12.5) { Buckets = [new(0.25, 1), new(1, 3)], Count = 4 }],
        })).ShouldBe("""
            # TYPE t_seconds histogram
            # UNIT t_seconds seconds
            # HELP t_seconds Times.
            t_seconds_bucket{kind="a",le="0.25"} 1
            t_seconds_bucket{kind="a",le="1.0"} 3
            t_seconds_bucket{kind="a",le="+Inf"} 4
            t_seconds_sum{kind="a"} 12.5
            t_seconds_count{kind="a"} 4
            # EOF

            """);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567890123, "1234567890123")]
    [InlineData(0.1, "0.1")]
    [InlineData(-3, "-3")]
    [InlineData(1e20, "1E+20")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_are_those_of_the_format(double number, string text) =>
        OpenMetricsText.Write(Of(new MetricFamily("t", "gauge", null, "A level.") { Samples = [new(Labels(), number)] })).ShouldContain($"\nt {text}\n");

    // Prometheus refuses a scrape in which a unit is not the end of the name.
    [Fact]
    public void A_unit_stands_only_where_the_name_ends_in_it() =>
        OpenMetricsText.Write(Of(new MetricFamily("t_seconds_total", "counter", "seconds", "Time."))).ShouldNotContain("UNIT");

    [Fact]
    public void The_names_follow_the_conventions_of_Prometheus()
    {
        MetricCatalogue.All.Select(metric => metric.Name).ShouldBeUnique(StringComparer.Ordinal);
        foreach (var metric in MetricCatalogue.All)
        {
            metric.Name.ShouldMatch("^postern_[a-z]+(_[a-z]+)*$");
            metric.Name.EndsWith("_total", StringComparison.Ordinal).ShouldBe(metric.Kind == MetricKind.Counter, metric.Name);
            (metric.Unit is null || metric.Name.EndsWith("_" + metric.Unit, StringComparison.Ordinal)).ShouldBeTrue(metric.Name);
            metric.Help.ShouldEndWith(".");
            metric.Help.ShouldNotContain("\"");
            metric.Labels.Count.ShouldBeLessThanOrEqualTo(LabelValues.Most);
            metric.Labels.ShouldNotContain(label => label.Contains("address", StringComparison.Ordinal) || label.Contains("client", StringComparison.Ordinal) || label.Contains("user", StringComparison.Ordinal));
            (metric.Buckets.Count > 0).ShouldBe(metric.Kind == MetricKind.Histogram, metric.Name);
            metric.Buckets.ShouldBe(metric.Buckets.Order());
        }
    }

    [Fact]
    public void The_text_is_made_of_the_json_without_a_loss()
    {
        var reply = Of(new MetricFamily("t_seconds", "histogram", "seconds", "Times.") { Samples = [new(Labels(("kind", "é\u202e")), 0.1) { Buckets = [new(0.25, 1)], Count = 1 }] });
        var json = JsonSerializer.Serialize(reply, ControlJson.Default.MetricsReply);
        json.ShouldStartWith("{\"schema\":\"postern.metrics/1\"");
        OpenMetricsText.Write(JsonSerializer.Deserialize(json, ControlJson.Default.MetricsReply)!).ShouldBe(OpenMetricsText.Write(reply));
    }

    private static MetricsReply Of(MetricFamily family) => new() { Metrics = [family] };

    private static SortedDictionary<string, string> Labels(params (string Name, string Value)[] labels) =>
        new(labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal), StringComparer.Ordinal);
}
