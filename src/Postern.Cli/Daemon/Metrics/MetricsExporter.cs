using System.Diagnostics.Metrics;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>
/// Listens to the instruments of one meter and keeps what they tell: an addition each measurement, without a lock. Values that the
/// program keeps anyway are asked for at each collection and cost nothing in between.
/// </summary>
internal sealed class MetricsExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, SeriesTable> _tables = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Listens to a meter, to instruments that are there and to those that come.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="definitions">Its metrics; an instrument of another name is not listened to.</param>
    public MetricsExporter(Meter meter, IEnumerable<MetricDefinition> definitions)
    {
        var known = definitions.ToDictionary(static definition => definition.Name, StringComparer.Ordinal);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && known.TryGetValue(instrument.Name, out var definition))
            {
                listener.EnableMeasurementEvents(instrument, Add(definition, instrument.IsObservable));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, number, tags, table) => ((SeriesTable)table!).Take(number, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, number, tags, table) => ((SeriesTable)table!).Take(number, tags));
        _listener.Start();
    }

    /// <summary>All metrics as they are now.</summary>
    /// <param name="order">The order in which they are shown.</param>
    public MetricsReply Collect(IEnumerable<MetricDefinition> order)
    {
        lock (_lock)
        {
            foreach (var table in _tables.Values)
            {
                table.Begin();
            }

            _listener.RecordObservableInstruments();
            return new MetricsReply { Metrics = [.. order.Select(definition => _tables.GetValueOrDefault(definition.Name)).OfType<SeriesTable>().Select(static table => table.ToFamily())] };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private SeriesTable Add(MetricDefinition definition, bool isObserved)
    {
        lock (_lock)
        {
            return _tables[definition.Name] = new SeriesTable(definition, isObserved);
        }
    }
}
