using System.Collections.Concurrent;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>The series of one metric. Bounded: what comes beyond shares one series whose labels say <c>other</c>.</summary>
internal sealed class SeriesTable
{
    /// <summary>So many series has a metric, besides the one of all others.</summary>
    public const int Most = 200;

    private readonly MetricDefinition _definition;
    private readonly bool _isObserved;
    private readonly ConcurrentDictionary<LabelValues, Series> _series = new();
    private volatile bool _isFull;
    private int _round;

    /// <summary>A table without a measurement.</summary>
    /// <param name="definition">The metric.</param>
    /// <param name="isObserved">True where its values are asked for at each collection, and false where each measurement is told.</param>
    public SeriesTable(MetricDefinition definition, bool isObserved)
    {
        (_definition, _isObserved) = (definition, isObserved);
        // What has no labels begins at zero, so that the first event is an increase.
        if (definition.Labels.Count == 0 && definition.Kind != MetricKind.Gauge)
        {
            Of(default);
        }
    }

    /// <summary>Begins a collection: what is not observed in it is gone.</summary>
    public void Begin() => _round++;

    /// <summary>Takes a measurement.</summary>
    public void Take(double number, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Of(LabelValues.Of(_definition.Labels, tags));
        switch (_definition.Kind)
        {
            case MetricKind.Histogram:
                series.Measure(number);
                break;
            case MetricKind.Gauge:
                series.Set(number, _round);
                break;
            case MetricKind.Counter when _isObserved:
                series.RaiseTo(number, _round);
                break;
            default:
                series.Add((long)number);
                break;
        }
    }

    /// <summary>The metric with what its series have come to.</summary>
    public MetricFamily ToFamily() => new(_definition.Name, _definition.Kind.ToString().ToLowerInvariant(), _definition.Unit, _definition.Help)
    {
        Samples =
        [
            .. _series.Where(pair => _definition.Kind != MetricKind.Gauge || pair.Value.Round == _round)
                .Select(pair => Sample(pair.Key, pair.Value))
                .OrderBy(static sample => string.Join('\0', sample.Labels.Values), StringComparer.Ordinal),
        ],
    };

    private Series Of(LabelValues labels)
    {
        if (_series.TryGetValue(labels, out var known))
        {
            return known;
        }
        // Two at once may pass the bound by one; it holds all the same.
        _isFull = _isFull || _series.Count >= Most;
        return _series.GetOrAdd(_isFull ? LabelValues.Others(_definition.Labels.Count) : labels, static (_, buckets) => new Series(buckets), _definition.Buckets);
    }

    private MetricSample Sample(LabelValues labels, Series series)
    {
        var named = labels.ByName(_definition.Labels);
        if (_definition.Kind != MetricKind.Histogram)
        {
            return new MetricSample(named, series.Value);
        }

        var counts = series.Cumulative();
        return new MetricSample(named, series.Value)
        {
            Buckets = [.. _definition.Buckets.Select((bound, i) => new MetricBucket(bound, counts[i]))],
            Count = counts[^1],
        };
    }
}
