namespace Postern.Cli.Daemon.Metrics;

/// <summary>What a metric is, in the words of Prometheus.</summary>
internal enum MetricKind : byte
{
    /// <summary>A number that only grows; begins anew with the daemon.</summary>
    Counter,
    /// <summary>A number that goes up and down.</summary>
    Gauge,
    /// <summary>How many measurements were at most so long.</summary>
    Histogram,
}

/// <summary>A metric: its name by Prometheus' conventions, and what it tells.</summary>
/// <param name="Name">Its name; that of a counter ends in <c>_total</c>, and a unit stands at the end of the name, before that.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Help">What it tells, in a sentence without quotes and backslashes.</param>
/// <param name="Labels">The names of its labels. None ever holds an address, a name of a client or a user.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Help, params IReadOnlyList<string> Labels)
{
    /// <summary>The unit: <c>seconds</c>, <c>bytes</c>, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>The upper bounds of a histogram's buckets, in the unit, ascending; infinity is not among them.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];
}
