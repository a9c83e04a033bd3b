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
    /// finding is made anew when it is asked for, because a log may hold a million clients, whose records are small and
    /// whose findings are not.
    /// </summary>
    /// <param name="clients">Whom to list, by number.</param>
    /// <param name="address">The address of a client.</param>
    /// <param name="find">Makes a finding; called by several threads.</param>
    /// <param name="weigh">Makes a finding and tells what its sessions weigh; called once a client, by several threads.</param>
    public static IReadOnlyList<ClientFinding> List(
        int[] clients, Func<int, ClientAddress> address, Func<int, ClientFinding> find, Func<int, (ClientFinding Finding, double Weight)> weigh)
    {
        var kept = clients.Length <= MostKept ? new ClientFinding[clients.Length] : null;
        var keys = new Key[clients.Length];
        Parallel.For(0, clients.Length, i =>
        {
            var (finding, weight) = weigh(clients[i]);
            keys[i] = new Key(weight, finding.Sessions, (byte)Rank(finding.Verdict), address(clients[i]));
            kept?[i] = finding;
        });
        var order = new int[clients.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        // The keys themselves are sorted, addresses included: to fetch both for each comparison took longer than all the judging of a flood.
        Array.Sort(keys, order, Comparer<Key>.Create(Compare));
        return kept is null ? new FindingList(Array.ConvertAll(order, i => clients[i]), find) : Array.ConvertAll(order, i => kept[i]);
    }

    private static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Ban => 0,
        Verdict.Watch => 1,
        Verdict.Protect => 2,
        _ => 3,
    };

    private static int Compare(Key a, Key b) =>
        a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
        : a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight)
        : a.Sessions != b.Sessions ? b.Sessions.CompareTo(a.Sessions)
        : a.Address.CompareTo(b.Address);

    private readonly record struct Key(double Weight, int Sessions, byte Rank, ClientAddress Address);
}
