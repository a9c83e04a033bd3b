using Postern.Facts;

namespace Postern.Classification;

/// <summary>
/// The order of clients in a report: those to ban first, then those to watch, to protect and to ignore; among them the
/// heaviest, then the busiest, then by address.
/// </summary>
internal static class FindingOrder
{
    /// <summary>Sorts addresses; keeps no finding.</summary>
    /// <param name="clients">Whom to sort.</param>
    /// <param name="find">Makes a finding.</param>
    /// <param name="weight">What a client's sessions weigh.</param>
    public static IReadOnlyList<ClientAddress> Sort(IEnumerable<ClientAddress> clients, Func<ClientAddress, ClientFinding> find, Func<ClientAddress, double> weight)
    {
        var keys = clients.Select(address =>
        {
            var finding = find(address);
            return (Rank: Rank(finding.Verdict), Weight: weight(address), finding.Sessions, Address: address);
        }).ToArray();
        Array.Sort(keys, static (a, b) =>
            a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
            : a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight)
            : a.Sessions != b.Sessions ? b.Sessions.CompareTo(a.Sessions)
            : a.Address.CompareTo(b.Address));
        return Array.ConvertAll(keys, static key => key.Address);
    }

    private static int Rank(Verdict verdict) => verdict switch
    {
        Verdict.Ban => 0,
        Verdict.Watch => 1,
        Verdict.Protect => 2,
        _ => 3,
    };
}
