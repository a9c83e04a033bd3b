using Postern.Facts;

namespace Postern.Enforcement.BlockLists;

/// <summary>Networks that others name: all of one list.</summary>
/// <param name="Name">What the operator calls it.</param>
/// <param name="Networks">The networks in order, none within another.</param>
public sealed record BlockList(string Name, IReadOnlyList<ClientNetwork> Networks)
{
    /// <summary>True where the list names an address.</summary>
    public bool Contains(ClientAddress client)
    {
        var (low, high) = (0, Networks.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Networks[middle].Contains(client))
            {
                return true;
            }

            (low, high) = Networks[middle].First.CompareTo(client) < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    /// <summary>Networks in order, without those that lie within another.</summary>
    public static IReadOnlyList<ClientNetwork> Merge(IEnumerable<ClientNetwork> networks)
    {
        List<ClientNetwork> merged = [];
        foreach (var network in networks.Order())
        {
            if (merged.Count == 0 || !merged[^1].Contains(network))
            {
                merged.Add(network);
            }
        }

        return merged;
    }
}

/// <summary>What was read of a list.</summary>
/// <param name="Networks">The networks in order, none within another.</param>
/// <param name="Refused">Lines that name no network, or one that no list may name.</param>
/// <param name="FirstRefused">The first of them, counted from 1, and why it is refused; null where there is none.</param>
public sealed record BlockListText(IReadOnlyList<ClientNetwork> Networks, int Refused, (int Line, string Why)? FirstRefused);
