using Postern.Facts;

namespace Postern.Classification;

/// <summary>
/// The order of clients in a report: those to ban first, then those to watch, to protect and to ignore; among them the
/// heaviest, then the busiest, then by address.
/// </summary>
internal static class FindingOrder
{
    private const int MostKept = 20_000;

    /// <summary>
    /// The findings in order, made on all processors. Some thousand are kept; of more than that only the order is, and each
    /// finding is made anew when it is asked for, because a log may hold a million clients, whose histories are small and
    /// whose findings are not.
    /// </summary>
    /// <param name="clients">Whom to list.</param>
    /// <param name="find">Makes a finding; called by several threads.</param>
    /// <param name="weight">What a client's sessions weigh.</param>
    /// <param name="found">Called once with each client and its verdict; by several threads.</param>
    public static IReadOnlyList<ClientFinding> List(
        IEnumerable<ClientAddress> clients, Func<ClientAddress, ClientFinding> find, Func<ClientAddress, double> weight,
        Action<ClientAddress, Verdict> found)
    {
        var addresses = clients.ToArray();
        var kept = addresses.Length <= MostKept ? new ClientFinding[addresses.Length] : null;
        var keys = new (int Rank, double Weight, int Sessions, ClientAddress Address)[addresses.Length];
        Parallel.For(0, addresses.Length, i =>
        {
            var finding = find(addresses[i]);
            keys[i] = (Rank(finding.Verdict), weight(addresses[i]), finding.Sessions, addresses[i]);
            found(addresses[i], finding.Verdict);
            kept?[i] = finding;
        });
        if (kept is not null)
        {
            Array.Sort(keys, kept, Comparer<(int Rank, double Weight, int Sessions, ClientAddress Address)>.Create(Compare));
            return kept;
        }

        Array.Sort(keys, Compare);
        return new FindingList(Array.ConvertAll(keys, static key => key.Address), find);
    }

    private static int Compare((int Rank, double Weight, int Sessions, ClientAddress Address) a, (int Rank, double Weight, int Sessions, ClientAddress Address) b) =>
        a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
        : a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight)
        : a.Sessions != b.Sessions ? b.Sessions.CompareTo(a.Sessions)
        : a.Address.CompareTo(b.Address);

    private static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Ban => 0,
        Verdict.Watch => 1,
        Verdict.Protect => 2,
        _ => 3,
    };
}
