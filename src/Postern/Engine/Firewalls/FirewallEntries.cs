using Postern.Decisions.Bans;
using Postern.Enforcement;
using Postern.Facts;

namespace Postern.Engine.Firewalls;

/// <summary>
/// The bans in the form that a firewall keeps: a network whose ban leaves somebody out becomes the networks around him. Every firewall
/// can do that, and each of its entries still ends by itself.
/// </summary>
/// <param name="jails">The jails whose bans the firewall is for; null for all.</param>
internal sealed class FirewallEntries(Predicate<string>? jails)
{
    // Only of networks that are kept in pieces, and of the pieces the networks that they are of.
    private readonly Dictionary<ClientNetwork, IReadOnlyList<ClientNetwork>> _split = [];
    private readonly Dictionary<ClientNetwork, List<ClientNetwork>> _wholes = [];

    /// <summary>All that should stand.</summary>
    /// <param name="book">The bans.</param>
    /// <param name="jails">Which jails; null for all.</param>
    public static IReadOnlyCollection<FirewallEntry> Standing(BanTable book, Predicate<string>? jails)
    {
        if (book.SparedClients == 0)
        {
            return [.. book.Networks(jails).Select(entry => new FirewallEntry(entry.Network, entry.Until, entry.Rank))];
        }

        var entries = new Dictionary<ClientNetwork, (DateTimeOffset Until, long Rank)>();
        foreach (var (network, until, rank) in book.Networks(jails))
        {
            foreach (var piece in PiecesOf(network, book.Spared(network, jails)))
            {
                var other = entries.GetValueOrDefault(piece);
                entries[piece] = (other.Until > until ? other.Until : until, Math.Max(other.Rank, rank));
            }
        }

        return [.. entries.Select(entry => new FirewallEntry(entry.Key, entry.Value.Until, entry.Value.Rank))];
    }

    /// <summary>Takes note of the networks that are in pieces at the start.</summary>
    public void Learn(BanTable book)
    {
        foreach (var (network, _, _) in book.Networks(jails))
        {
            if (book.Spared(network, jails) is { Count: > 0 } spared)
            {
                Note(network, [], PiecesOf(network, spared));
            }
        }
    }

    /// <summary>What a firewall must change after the bans of a network have changed.</summary>
    public IEnumerable<FirewallChange> Change(ClientNetwork network, BanTable book)
    {
        var before = _split.GetValueOrDefault(network) ?? [];
        var spared = book.Spared(network, jails);
        var now = spared.Count == 0 ? [] : PiecesOf(network, spared);
        if (before.Count == 0 && now.Count == 0)
        {
            // Nearly always.
            return [new FirewallChange(network, Until(network, book))];
        }

        Note(network, before, now);
        return before.Concat(now).Append(network).Distinct().Select(piece => new FirewallChange(piece, Until(piece, book))).ToList();
    }

    private void Note(ClientNetwork network, IReadOnlyList<ClientNetwork> before, IReadOnlyList<ClientNetwork> now)
    {
        foreach (var piece in before)
        {
            if (_wholes[piece].Remove(network) && _wholes[piece].Count == 0)
            {
                _wholes.Remove(piece);
            }
        }

        _split.Remove(network);
        if (now.Count > 0)
        {
            _split[network] = now;
        }

        foreach (var piece in now)
        {
            if (!_wholes.TryGetValue(piece, out var wholes))
            {
                _wholes[piece] = wholes = [];
            }

            wholes.Add(network);
        }
    }

    // A piece may be banned for itself, too, and a network be a piece of a larger one.
    private DateTimeOffset? Until(ClientNetwork piece, BanTable book)
    {
        var until = _split.ContainsKey(piece) ? null : book.Until(piece, jails);
        foreach (var whole in _wholes.GetValueOrDefault(piece) ?? [])
        {
            until = book.Until(whole, jails) is { } other && (until is null || other > until) ? other : until;
        }

        return until;
    }

    private static IReadOnlyList<ClientNetwork> PiecesOf(ClientNetwork network, IReadOnlyList<ClientNetwork> spared) => spared.Count == 0 ? [network] : network.Without(spared);
}
