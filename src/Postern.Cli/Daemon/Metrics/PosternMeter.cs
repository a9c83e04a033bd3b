using System.Diagnostics.Metrics;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>The instruments of the daemon (System.Diagnostics.Metrics), one a definition of <see cref="MetricCatalogue"/>.</summary>
internal sealed class PosternMeter : IDisposable
{
    private readonly Counter<long> _bans;
    private readonly Counter<long> _spared;
    private readonly Counter<long> _pulls;
    private readonly Counter<long> _queries;
    private readonly Counter<long> _listQueries;
    private readonly Histogram<double> _lineToBan;
    private readonly Histogram<double> _policyAnswer;
    private readonly Histogram<double> _milterMessage;
    private readonly Histogram<double> _query;

    /// <summary>Makes those that are told of each event; the others are added by <see cref="Observe(MetricDefinition, Func{IEnumerable{Measurement{double}}})"/>.</summary>
    public PosternMeter()
    {
        (_bans, _spared, _pulls) = (Counter(MetricCatalogue.Bans), Counter(MetricCatalogue.Spared), Counter(MetricCatalogue.BrakePulls));
        (_queries, _listQueries) = (Counter(MetricCatalogue.DnsQueries), Counter(MetricCatalogue.ListQueries));
        (_lineToBan, _query) = (Histogram(MetricCatalogue.LineToBan), Histogram(MetricCatalogue.DnsQuery));
        (_policyAnswer, _milterMessage) = (Histogram(MetricCatalogue.PolicyAnswer), Histogram(MetricCatalogue.MilterMessage));
    }

    /// <summary>The meter, by whose name other tools of .NET find it.</summary>
    public Meter Meter { get; } = new("Postern");

    /// <summary>A ban was made.</summary>
    public void Banned(Ban ban) => _bans.Add(1, Tag(MetricCatalogue.Bans, 0, ban.Jail), Tag(MetricCatalogue.Bans, 1, ban.Trigger));

    /// <summary>A ban was not made.</summary>
    public void Spared(ProtectionReason reason) => _spared.Add(1, Tag(MetricCatalogue.Spared, 0, Word(reason.ToString())));

    /// <summary>Begins the count of the bans that were not made, so that the first one is an increase.</summary>
    public void BeginAtZero()
    {
        foreach (var reason in Enum.GetValues<ProtectionReason>())
        {
            _spared.Add(0, Tag(MetricCatalogue.Spared, 0, Word(reason.ToString())));
        }
    }

    /// <summary>The brake was pulled.</summary>
    public void BrakePulled(string reason) => _pulls.Add(1, Tag(MetricCatalogue.BrakePulls, 0, reason));

    /// <summary>A ban took effect.</summary>
    public void TookEffect(string firewall, TimeSpan took) => _lineToBan.Record(took.TotalSeconds, Tag(MetricCatalogue.LineToBan, 0, firewall));

    /// <summary>The policy server or the milter answered.</summary>
    public void Answered(string service, TimeSpan took) => (service is "milter" ? _milterMessage : _policyAnswer).Record(took.TotalSeconds);

    /// <summary>The resolver answered, or did not.</summary>
    /// <param name="type">What was asked for.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="took">How long it took.</param>
    public void Queried(DnsType type, DnsStatus status, TimeSpan took)
    {
        _queries.Add(1, Tag(MetricCatalogue.DnsQueries, 0, type.ToString().ToUpperInvariant()), Tag(MetricCatalogue.DnsQueries, 1, Word(status.ToString())));
        _query.Record(took.TotalSeconds);
    }

    /// <summary>A DNS list was asked.</summary>
    public void ListQueried(string list, string result) => _listQueries.Add(1, Tag(MetricCatalogue.ListQueries, 0, list), Tag(MetricCatalogue.ListQueries, 1, result));

    /// <summary>Adds a metric whose values are asked for at each collection.</summary>
    public void Observe(MetricDefinition definition, Func<IEnumerable<Measurement<double>>> values)
    {
        if (definition.Kind == MetricKind.Counter)
        {
            Meter.CreateObservableCounter(definition.Name, values, definition.Unit, definition.Help);
        }
        else
        {
            Meter.CreateObservableGauge(definition.Name, values, definition.Unit, definition.Help);
        }
    }

    /// <summary>Adds a metric of one value.</summary>
    public void Observe(MetricDefinition definition, Func<double> value) => Observe(definition, () => [Measured(definition, value())]);

    /// <summary>A value of a metric.</summary>
    /// <param name="definition">The metric.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">The values of its labels, in their order.</param>
    public static Measurement<double> Measured(MetricDefinition definition, double value, params string[] labels) =>
        new(value, labels.Select((label, i) => Tag(definition, i, label)));

    /// <summary>A word of the program as a label: <c>NotListed</c> is <c>not_listed</c>.</summary>
    public static string Word(string name) =>
        string.Concat(name.Select((letter, i) => char.IsAsciiLetterUpper(letter) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Tag(MetricDefinition definition, int index, string value) => new(definition.Labels[index], value);

    private Counter<long> Counter(MetricDefinition definition) => Meter.CreateCounter<long>(definition.Name, definition.Unit, definition.Help);

    private Histogram<double> Histogram(MetricDefinition definition) => Meter.CreateHistogram<double>(
        definition.Name, definition.Unit, definition.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = definition.Buckets });
}
