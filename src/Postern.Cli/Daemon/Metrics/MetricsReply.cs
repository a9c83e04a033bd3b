using System.Text.Json.Serialization;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>The reply of <c>metrics</c>.</summary>
internal sealed record MetricsReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.metrics/1";

    /// <summary>All metrics, also those without a sample yet.</summary>
    public required IReadOnlyList<MetricFamily> Metrics { get; init; }
}

/// <summary>The reply of <c>metrics</c> as Prometheus reads it.</summary>
/// <param name="Text">The whole exposition.</param>
internal sealed record MetricsTextReply(string Text)
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.metrics-text/1";
}

/// <summary>A metric with its series.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Unit">Its unit; null for a plain number.</param>
/// <param name="Help">What it tells.</param>
internal sealed record MetricFamily(string Name, string Type, string? Unit, string Help)
{
    /// <summary>A sample each set of labels.</summary>
    public IReadOnlyList<MetricSample> Samples { get; init; } = [];
}

/// <summary>A series now.</summary>
/// <param name="Labels">Its labels, by name.</param>
/// <param name="Value">The number; of a histogram the sum of what was measured.</param>
internal sealed record MetricSample(SortedDictionary<string, string> Labels, double Value)
{
    /// <summary>Of a histogram: the buckets but for the last, which has no bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MetricBucket>? Buckets { get; init; }

    /// <summary>Of a histogram: how many measurements there were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }
}

/// <summary>A bucket of a histogram.</summary>
/// <param name="Le">Its upper bound, inclusive.</param>
/// <param name="Count">How many measurements were at most that.</param>
internal sealed record MetricBucket(double Le, long Count);
