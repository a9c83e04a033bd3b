using Postern.Cli.Daemon.Metrics;

namespace Postern.Cli.Daemon.History;

/// <summary>The series of the plots, made of the daemon's metrics. Their names stand in the database and never change.</summary>
internal static class HistorySeries
{
    /// <summary>Sessions that have ended.</summary>
    public const string Sessions = "sessions";

    /// <summary>Bans made.</summary>
    public const string Bans = "bans";

    /// <summary>Bans not made, because the client is protected or the brake holds.</summary>
    public const string Spared = "spared";

    /// <summary>The highest delay of a log, in milliseconds.</summary>
    public const string Lag = "lag_ms";

    /// <summary>What stands before the id of a behaviour.</summary>
    public const string Behaviour = "behaviour/";

    /// <summary>What stands before what became of mail: <c>mail/reject</c>, and <c>mail/would-reject</c> where the checks only observe.</summary>
    public const string Mail = "mail/";

    /// <summary>What has only grown since the daemon began.</summary>
    public static Dictionary<string, long> Sums(MetricsReply metrics)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var family in metrics.Metrics)
        {
            foreach (var sample in family.Samples)
            {
                if (NameOf(family.Name, sample.Labels) is { } name)
                {
                    sums[name] = sums.GetValueOrDefault(name) + (long)sample.Value;
                }
            }
        }

        return sums;
    }

    /// <summary>What is now so high.</summary>
    public static IEnumerable<KeyValuePair<string, long>> Peaks(MetricsReply metrics)
    {
        var lags = metrics.Metrics.Where(static family => string.Equals(family.Name, MetricCatalogue.SourceLag.Name, StringComparison.Ordinal)).SelectMany(static family => family.Samples).ToList();
        return lags.Count == 0 ? [] : [new(Lag, (long)(lags.Max(static sample => sample.Value) * 1000))];
    }

    private static string? NameOf(string metric, SortedDictionary<string, string> labels) =>
        Is(metric, MetricCatalogue.Sessions) ? Sessions
        : Is(metric, MetricCatalogue.Behaviours) ? Behaviour + labels["behaviour"]
        : Is(metric, MetricCatalogue.Bans) ? Bans
        : Is(metric, MetricCatalogue.Spared) ? Spared
        : Is(metric, MetricCatalogue.Decisions) ? Mail + (labels["enforced"] is "yes" || labels["action"] is "pass" ? "" : "would-") + labels["action"]
        : null;

    private static bool Is(string name, MetricDefinition metric) => string.Equals(name, metric.Name, StringComparison.Ordinal);
}
