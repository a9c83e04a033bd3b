using Postern.Cli.Storage;

namespace Postern.Cli.GateReports;

/// <summary>Gathers the gate's journal and counts into a report: a row for each client, sender's domain and action. Bounded.</summary>
internal sealed class GateReporter
{
    private const int MostRows = 50_000;
    private const string Own = "own";
    private static readonly string[] s_verdicts = ["genuine", "allowed", "unproven", "untested", "suspect", "forged", "banned"];

    private readonly Dictionary<(string Address, string Domain, string Action, bool IsEnforced), GateReportRow> _rows = [];
    private readonly Dictionary<string, int> _would = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _did = new(StringComparer.Ordinal);
    private IReadOnlyList<GateCountRow> _counts = [];
    private int _decisions;
    private int _beyond;

    /// <summary>The report of a state folder.</summary>
    /// <param name="state">The folder, absolute.</param>
    /// <param name="to">Until when.</param>
    /// <param name="days">So many days back; what is counted is counted by the hour.</param>
    /// <param name="most">Rows listed, at most.</param>
    /// <param name="stop">The asker's patience.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="Engine.Ledger.LedgerException">The counts cannot be read.</exception>
    public static GateReport Read(string state, DateTimeOffset to, int days, int most, CancellationToken stop)
    {
        var from = to.AddDays(-days).AddTicks(-(to.Ticks % TimeSpan.TicksPerHour));
        var reporter = new GateReporter();
        foreach (var entry in GateJournal.Read(state, from))
        {
            stop.ThrowIfCancellationRequested();
            reporter.Add(entry);
        }

        reporter.Add(GateStore.ReadCounts(Path.Combine(state, GateStore.FileName), from));
        return reporter.Report(from, to, most);
    }

    /// <summary>Takes one decision.</summary>
    public void Add(GateEntry entry)
    {
        _decisions++;
        var counts = entry.Enforced ? _did : _would;
        counts[entry.Action] = counts.GetValueOrDefault(entry.Action) + 1;
        var key = (entry.Client, DomainOf(entry.Sender), entry.Action, entry.Enforced);
        if (_rows.TryGetValue(key, out var row))
        {
            _rows[key] = Join(row, entry);
        }
        else if (_rows.Count < MostRows)
        {
            _rows[key] = Begin(entry, key.Item2);
        }
        else
        {
            _beyond++;
        }
    }

    /// <summary>Takes the counts of all decisions of the same time.</summary>
    public void Add(IReadOnlyList<GateCountRow> counts) => _counts = counts;

    /// <summary>The report.</summary>
    /// <param name="from">From when.</param>
    /// <param name="to">Until when.</param>
    /// <param name="most">Rows listed, at most.</param>
    public GateReport Report(DateTimeOffset from, DateTimeOffset to, int most) => new()
    {
        From = from,
        To = to,
        Seen = AllCounted() ? _counts.Where(IsFromOutside).Sum(row => row.Number) : null,
        Own = _counts.Where(row => !IsFromOutside(row)).Sum(row => row.Number),
        Counts =
        [
            .. _counts.Where(IsFromOutside).GroupBy(row => (row.Service, row.Verdict))
                .OrderByDescending(group => group.Key.Service, StringComparer.Ordinal).ThenBy(group => Array.IndexOf(s_verdicts, group.Key.Verdict))
                .Select(group => new GateReportCount
                {
                    Service = group.Key.Service,
                    Verdict = group.Key.Verdict,
                    Seen = group.Sum(row => row.Number),
                    Would = Actions(group.Where(row => !row.IsEnforced)),
                    Did = Actions(group.Where(row => row.IsEnforced)),
                }),
        ],
        Decisions = _decisions,
        Would = _would,
        Did = _did,
        Senders = [.. _rows.Values.OrderByDescending(row => row.Points ?? double.NegativeInfinity).ThenByDescending(row => row.Count).ThenBy(row => row.Address, StringComparer.Ordinal).Take(most)],
        More = Math.Max(0, _rows.Count - most) + _beyond,
    };

    // The journal is older than the count, and what is counted is written a moment later.
    private bool AllCounted() => _counts.Count > 0 && _counts.Where(row => row.Action is not "pass").Sum(row => row.Number) >= _decisions;

    private static bool IsFromOutside(GateCountRow row) => row.Verdict is not Own;

    private static Dictionary<string, long> Actions(IEnumerable<GateCountRow> rows) =>
        rows.Where(row => row.Action is not "pass").ToDictionary(row => row.Action, row => row.Number, StringComparer.Ordinal);

    private static GateReportRow Begin(GateEntry entry, string domain) => new()
    {
        Action = entry.Action,
        Enforced = entry.Enforced,
        Address = entry.Client,
        Helo = entry.Helo,
        Domain = domain,
        Count = 1,
        First = entry.At,
        Last = entry.At,
        Verdict = entry.Verdict,
        Points = entry.Points,
        Deciding = entry.Deciding,
        Sender = entry.Sender,
        Recipient = entry.Recipient,
    };

    private static GateReportRow Join(GateReportRow row, GateEntry entry) => row with
    {
        Helo = entry.Helo ?? row.Helo,
        Count = row.Count + 1,
        First = entry.At < row.First ? entry.At : row.First,
        Last = entry.At > row.Last ? entry.At : row.Last,
        Verdict = entry.Verdict,
        Points = row.Points is { } points && entry.Points is { } other ? Math.Max(points, other) : row.Points ?? entry.Points,
        Deciding = entry.Deciding,
    };

    private static string DomainOf(string? sender) => sender is null ? "" : sender[(sender.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
