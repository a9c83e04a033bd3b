using Postern.Facts;

namespace Postern.Reports.Html;

/// <summary>
/// The clients that a page shows, gathered in the one pass that sums up all: there may be a million, and each is made when it is
/// asked for. Only those that may be shown are held.
/// </summary>
internal sealed class PageClients
{
    /// <summary>Rows that a page has at most, so that a browser can show it.</summary>
    public const int MostRows = 200;

    // What each verdict gets before the rest is shared out, in the order of the page.
    private static readonly (Verdict Verdict, int Rows)[] s_shares = [(Verdict.Ban, 100), (Verdict.Protect, 40), (Verdict.Watch, 40), (Verdict.Ignore, 20)];

    private readonly Dictionary<Verdict, List<ClientFinding>> _first = s_shares.ToDictionary(static share => share.Verdict, static _ => new List<ClientFinding>());
    private readonly PriorityQueue<ClientFinding, (int Sessions, int Order)> _largest = new(Plot.MostRows + 1);
    private int _order;

    /// <summary>The order in which a page shows the verdicts.</summary>
    public static IEnumerable<Verdict> Verdicts => s_shares.Select(static share => share.Verdict);

    /// <summary>Takes the next client, in the order of the report.</summary>
    public void Add(ClientFinding client)
    {
        if (_first[client.Verdict] is { Count: < MostRows } rows)
        {
            rows.Add(client);
        }

        _order++;
        if (client.Sessions > 0)
        {
            _largest.Enqueue(client, (client.Sessions, -_order));
            if (_largest.Count > Plot.MostRows)
            {
                _largest.Dequeue();
            }
        }
    }

    /// <summary>The rows of each verdict, all together no more than a page has.</summary>
    public IReadOnlyDictionary<Verdict, IReadOnlyList<ClientFinding>> Rows()
    {
        var rows = s_shares.ToDictionary(static share => share.Verdict, share => Math.Min(share.Rows, _first[share.Verdict].Count));
        foreach (var verdict in Verdicts)
        {
            rows[verdict] = Math.Min(_first[verdict].Count, rows[verdict] + MostRows - rows.Values.Sum());
        }

        return rows.ToDictionary(static pair => pair.Key, pair => (IReadOnlyList<ClientFinding>)_first[pair.Key].GetRange(0, pair.Value));
    }

    /// <summary>The clients with the most sessions, the largest first.</summary>
    public IReadOnlyList<ClientFinding> Largest() =>
        [.. _largest.UnorderedItems.OrderByDescending(static item => item.Priority).Select(static item => item.Element)];
}
