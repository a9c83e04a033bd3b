using System.Runtime.InteropServices;
using Postern.Cli.Sharing.Records;
using Postern.Facts;

namespace Postern.Cli.Sharing.Merging;

/// <summary>
/// The bans of all hosts as one host knows them. Whatever the order in which changes come, and however often, hosts that have seen the
/// same changes hold the same bans: of a network and jail the later end wins, an unban ends all bans that began until then, a veto those
/// of a client that began before its end. No I/O, no clock; for one thread at a time.
/// </summary>
internal sealed class SharedBans
{
    private readonly Dictionary<(ClientNetwork Network, string Jail), BanSpans> _bans = [];
    private readonly Dictionary<ClientAddress, SharedVeto> _vetoes = [];
    private readonly Dictionary<string, SharedAllow> _allowed = new(StringComparer.Ordinal);

    /// <summary>Networks and jails of which anything is remembered.</summary>
    public int Count => _bans.Count;

    /// <summary>The vetoes that are remembered.</summary>
    public IEnumerable<SharedVeto> Vetoes => _vetoes.Values;

    /// <summary>The last word on each entry that a command allowed.</summary>
    public IEnumerable<SharedAllow> Allowed => _allowed.Values;

    /// <summary>The ends of bans that are remembered.</summary>
    public IEnumerable<(ClientNetwork Network, string Jail, long At, long Keep)> Unbans =>
        _bans.Where(static pair => pair.Value.Keep > 0).Select(static pair => (pair.Key.Network, pair.Key.Jail, pair.Value.UnbannedAt, pair.Value.Keep));

    /// <summary>The bans that hold.</summary>
    public IEnumerable<(ClientNetwork Network, string Jail, BanSpan Span)> Active(long now)
    {
        foreach (var ((network, jail), spans) in _bans)
        {
            if (spans.Effective(VetoedUntil(network, jail)) is { } span && span.End > now)
            {
                yield return (network, jail, span);
            }
        }
    }

    /// <summary>The ban of a network by a jail that holds, ended by its time or not; null where there is none.</summary>
    public BanSpan? Of(ClientNetwork network, string jail) =>
        _bans.TryGetValue((network, jail), out var spans) ? spans.Effective(VetoedUntil(network, jail)) : null;

    /// <summary>True where an unban or a veto has ended a ban that began then.</summary>
    public bool HasEnded(ClientNetwork network, string jail, long at) =>
        at < VetoedUntil(network, jail) || (_bans.TryGetValue((network, jail), out var spans) && at <= spans.UnbannedAt);

    /// <summary>Bans of a network by a jail that began until then have ended; 0 where none has.</summary>
    public long UnbannedAt(ClientNetwork network, string jail) => _bans.TryGetValue((network, jail), out var spans) ? Math.Max(0, spans.UnbannedAt) : 0;

    /// <summary>Makes room for so many bans.</summary>
    public void Reserve(int bans) => _bans.EnsureCapacity(bans);

    /// <summary>Takes a change.</summary>
    /// <returns>True where it made a difference to what is remembered.</returns>
    public bool Merge(SharedChange change)
    {
        switch (change)
        {
            case SharedBan ban:
                ref var spans = ref SpansOf(ban.Network, ban.Jail);
                return spans.Add(new BanSpan(ban.At, ban.End, ban.Host));
            case SharedUnban unban:
                ref var ended = ref SpansOf(unban.Network, unban.Jail);
                var before = (ended.UnbannedAt, ended.Keep);
                ended.End(unban.At, unban.Keep);
                return before != (ended.UnbannedAt, ended.Keep);
            case SharedVeto veto:
                return Merge(veto);
            case SharedAllow allow:
                var isNews = !_allowed.TryGetValue(allow.Entry, out var known) || IsLater(allow, known);
                if (isNews)
                {
                    _allowed[allow.Entry] = allow;
                }

                return isNews;
            default:
                return false;
        }
    }

    /// <summary>Forgets what is of no use any more.</summary>
    public void Forget(long now)
    {
        foreach (var (key, spans) in _bans)
        {
            if (spans.LastUse <= now)
            {
                _bans.Remove(key);
            }
        }

        foreach (var (client, veto) in _vetoes)
        {
            if (Math.Max(veto.End, veto.Keep) <= now)
            {
                _vetoes.Remove(client);
            }
        }

        foreach (var (entry, allow) in _allowed)
        {
            if (allow.End <= now)
            {
                _allowed.Remove(entry);
            }
        }
    }

    /// <summary>True where bans of that network by that jail are one client's, whom a veto spares.</summary>
    public static bool IsVetoable(ClientNetwork network, string jail) =>
        jail is not Ban.OperatorJail && (network.IsIPv4 ? network.IsSingle : network.PrefixLength >= 64);

    /// <summary>The veto that concerns bans of that network by that jail; null for none.</summary>
    public SharedVeto? VetoOf(ClientNetwork network, string jail) =>
        IsVetoable(network, jail) ? _vetoes.GetValueOrDefault(ClientNetwork.HostOf(network.First)) : null;

    private long VetoedUntil(ClientNetwork network, string jail) => VetoOf(network, jail)?.End ?? long.MinValue;

    private bool Merge(SharedVeto veto)
    {
        if (!_vetoes.TryGetValue(veto.Client, out var known))
        {
            _vetoes[veto.Client] = veto;
            return true;
        }

        var winner = IsLater(veto, known) ? veto : known;
        var merged = winner with { Keep = Math.Max(veto.Keep, known.Keep) };
        _vetoes[veto.Client] = merged;
        return merged != known;
    }

    private static bool IsLater(SharedVeto one, SharedVeto other) =>
        (one.End, one.At).CompareTo((other.End, other.At)) is var order && order != 0 ? order > 0
        : string.CompareOrdinal(one.Host + one.Detail + (int)one.Reason, other.Host + other.Detail + (int)other.Reason) > 0;

    private static bool IsLater(SharedAllow one, SharedAllow other) =>
        (one.At, one.IsRemoved, one.End).CompareTo((other.At, other.IsRemoved, other.End)) is var order && order != 0 ? order > 0
        : string.CompareOrdinal(one.Host, other.Host) > 0;

    private ref BanSpans SpansOf(ClientNetwork network, string jail) => ref CollectionsMarshal.GetValueRefOrAddDefault(_bans, (network, jail), out _);
}
