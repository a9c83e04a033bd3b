using System.Text.Json;
using System.Text.RegularExpressions;
using Postern.Cli.Daemon.Metrics;
using Postern.Tests.Support;

namespace Postern.Tests.Daemon.Metrics;

/// <summary>What is told of the metrics is what there is: the documents, the alert rules, the dashboard.</summary>
public sealed partial class MonitoringDocumentTests
{
    private static readonly string s_rules = File.ReadAllText(RepositoryRoot.Of("packaging", "prometheus", "postern.rules.yml"));
    private static readonly string s_dashboard = File.ReadAllText(RepositoryRoot.Of("packaging", "grafana", "postern.json"));

    public static TheoryData<string> Documents => ["docs/monitoring.md", "docs/ja/monitoring.md"];

    [Fact]
    public void The_table_is_the_catalogue() =>
        Rows("docs/monitoring.md").ShouldBe(MetricCatalogue.All.Select(metric => $"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()} | {Labels(metric)} | {metric.Help} |"));

    [Fact]
    public void The_Japanese_table_has_the_same_metrics_types_and_labels() =>
        Rows("docs/ja/monitoring.md").Select(row => row[..row.LastIndexOf(" | ", StringComparison.Ordinal)]).ShouldBe(MetricCatalogue.All.Select(metric =>
            $"| `{metric.Name}` | {metric.Kind switch { MetricKind.Counter => "カウンター", MetricKind.Gauge => "ゲージ", _ => "ヒストグラム" }} | {Labels(metric)}"));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_alert_is_told(string document)
    {
        var told = Alert().Matches(File.ReadAllText(RepositoryRoot.Of(document))).Select(match => match.Groups["alert"].Value);
        told.ShouldBe(RuleName().Matches(s_rules).Select(match => match.Groups["alert"].Value));
    }

    [Fact]
    public void The_rules_and_the_dashboard_name_only_metrics_that_there_are()
    {
        var known = MetricCatalogue.All.SelectMany(metric => metric.Kind == MetricKind.Histogram ? (string[])[metric.Name + "_bucket", metric.Name + "_sum", metric.Name + "_count"] : [metric.Name]).ToHashSet(StringComparer.Ordinal);
        var expressions = RuleExpressions().Concat(DashboardExpressions()).ToList();
        expressions.Count.ShouldBeGreaterThan(40);
        expressions.SelectMany(expression => Metric().Matches(expression)).Select(match => match.Value).Distinct(StringComparer.Ordinal).Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void They_use_only_labels_that_the_metrics_have()
    {
        var labels = MetricCatalogue.All.SelectMany(metric => metric.Labels).Concat(["instance", "le"]).ToHashSet(StringComparer.Ordinal);
        var used = RuleExpressions().Concat(DashboardExpressions()).SelectMany(expression => Grouping().Matches(expression)).SelectMany(match => match.Groups["labels"].Value.Split(", "))
            .Concat(Shown().Matches(s_rules + s_dashboard).Select(match => match.Groups["label"].Value)).ToList();
        used.Contains("behaviour", StringComparer.Ordinal).ShouldBeTrue();
        used.Where(label => !labels.Contains(label)).ShouldBeEmpty();
    }

    // A metric that no panel shows is looked at by nobody.
    [Fact]
    public void The_dashboard_shows_every_metric_but_the_start() =>
        MetricCatalogue.All.Where(metric => !s_dashboard.Contains(metric.Name, StringComparison.Ordinal)).ShouldBe([MetricCatalogue.Started]);

    [Fact]
    public void The_package_has_the_examples()
    {
        var build = File.ReadAllText(RepositoryRoot.Of("packaging", "build"));
        foreach (var file in (string[])["redis/postern.acl", "grafana/postern.json", "prometheus/postern.rules.yml", "prometheus/postern-metrics.service", "prometheus/postern-metrics.timer"])
        {
            File.Exists(RepositoryRoot.Of("packaging", file)).ShouldBeTrue(file);
            build.ShouldContain(file);
        }
    }

    private static IEnumerable<string> Rows(string document) =>
        File.ReadLines(RepositoryRoot.Of(document)).Where(line => line.StartsWith("| `postern_", StringComparison.Ordinal));

    private static string Labels(MetricDefinition metric) => metric.Labels.Count == 0 ? "-" : string.Join(", ", metric.Labels.Select(label => $"`{label}`"));

    private static IEnumerable<string> RuleExpressions() => RuleExpression().Matches(s_rules).Select(match => match.Groups["expression"].Value);

    private static List<string> DashboardExpressions()
    {
        using var dashboard = JsonDocument.Parse(s_dashboard);
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!)];
    }

    [GeneratedRegex(@"^\| `(?<alert>Postern\w+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"- alert: (?<alert>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RuleName();

    [GeneratedRegex(@"^ +expr: (?<expression>[^|\n][^\n]*|\|\n(?: {10}[^\n]*\n)+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RuleExpression();

    [GeneratedRegex(@"\bpostern_[a-z_]+", RegexOptions.None, 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bby \((?<labels>[^)]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\$labels\.(?<label>\w+)|""\{\{(?<label>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shown();
}
