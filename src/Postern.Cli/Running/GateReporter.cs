namespace Postern.Cli.Running;

/// <summary>Gathers the gate's journal into a report: a row for each client and sender's domain. Bounded.</summary>
internal sealed class GateReporter
{
    private const int MostRows = 50_000;
    private static readonly string[] s_hardness = ["quarantine", "defer", "reject"];

    private readonly Dictionary<(string Address, string Domain), GateReportRow> _rows = [];
    private readonly Dictionary<string, int> _would = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _did = new(StringComparer.Ordinal);
    private int _decisions;
    private int _beyond;

    /// <summary>Takes one decision.</summary>
    public void Add(GateEntry entry)
    {
        _decisions++;
        var counts = entry.Enforced ? _did : _would;
        counts[entry.Action] = counts.GetValueOrDefault(entry.Action) + 1;
        var key = (entry.Client, DomainOf(entry.Sender));
        if (_rows.TryGetValue(key, out var row))
            _rows[key] = Join(row, entry);
        else if (_rows.Count < MostRows)
            _rows[key] = Begin(entry, key.Item2);
        else
            _beyond++;
    }

    /// <summary>The report.</summary>
    /// <param name="from">From when.</param>
    /// <param name="to">Until when.</param>
    /// <param name="most">Rows listed, at most.</param>
    public GateReport Report(DateTimeOffset from, DateTimeOffset to, int most) => new()
    {
        From = from,
        To = to,
        Decisions = _decisions,
        Would = _would,
        Did = _did,
        Senders = [.. _rows.Values.OrderByDescending(row => row.Points ?? double.NegativeInfinity).ThenByDescending(row => row.Count).ThenBy(row => row.Address, StringComparer.Ordinal).Take(most)],
        More = Math.Max(0, _rows.Count - most) + _beyond,
    };

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
        Action = Hardness(entry.Action) > Hardness(row.Action) ? entry.Action : row.Action,
        Enforced = row.Enforced || entry.Enforced,
        Helo = entry.Helo ?? row.Helo,
        Count = row.Count + 1,
        First = entry.At < row.First ? entry.At : row.First,
        Last = entry.At > row.Last ? entry.At : row.Last,
        Verdict = entry.Verdict,
        Points = row.Points is { } points && entry.Points is { } other ? Math.Max(points, other) : row.Points ?? entry.Points,
        Deciding = entry.Deciding,
    };

    private static int Hardness(string action) => Array.IndexOf(s_hardness, action);

    private static string DomainOf(string? sender) => sender is null ? "" : sender[(sender.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
