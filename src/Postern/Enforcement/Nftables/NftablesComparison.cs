using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>Compares the elements that the kernel tells, one by one, with the bans that should stand.</summary>
internal sealed class NftablesComparison
{
    // The kernel ends entries when it comes to it, and bans are told in whole seconds.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ClientNetwork, (DateTimeOffset Until, bool IsRight)> _expected;
    private readonly HashSet<ClientNetwork> _told;
    private readonly DateTimeOffset _now;
    private readonly List<FirewallChange> _foreign = [];

    // There, and not told by us, or until another time.
    private readonly List<ClientNetwork> _there = [];

    /// <summary>Begins.</summary>
    /// <param name="standing">What should stand.</param>
    /// <param name="told">What was told to the kernel; holds all that is there when this is over.</param>
    /// <param name="now">The time.</param>
    public NftablesComparison(IReadOnlyCollection<FirewallEntry> standing, HashSet<ClientNetwork> told, DateTimeOffset now)
    {
        (_told, _now) = (told, now);
        _expected = new(standing.Count);
        foreach (var entry in standing)
        {
            _expected[entry.Network] = (entry.Until, false);
        }
    }

    /// <summary>Takes an element.</summary>
    public void Take(ClientNetwork network, DateTimeOffset until)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_expected, network);
        if (Unsafe.IsNullRef(ref entry))
        {
            _foreign.Add(new FirewallChange(network, null));
            return;
        }

        entry.IsRight = (until - Possible(entry.Until)).Duration() <= s_tolerance;
        if (!entry.IsRight || !_told.Contains(network))
        {
            _there.Add(network);
        }
    }

    /// <summary>What has to change so that the kernel has what should stand, and how much of it is somebody else's doing.</summary>
    public (IReadOnlyList<FirewallChange> Changes, FirewallDrift Drift) Finish()
    {
        var missing = _expected.Where(entry => !entry.Value.IsRight && entry.Value.Until > _now + s_tolerance)
            .Select(entry => new FirewallChange(entry.Key, entry.Value.Until)).ToList();
        var drift = new FirewallDrift(missing.Count(change => _told.Contains(change.Network)), _foreign.Count(change => !_told.Contains(change.Network)), WasRebuilt: false);
        _told.RemoveWhere(network => !_expected.ContainsKey(network));
        // What stands there by another's hand is there all the same.
        _told.UnionWith(_there);
        _told.UnionWith(_foreign.Select(change => change.Network));
        return ([.. missing, .. _foreign], drift);
    }

    private DateTimeOffset Possible(DateTimeOffset until) => until - _now < NftablesScript.Longest ? until : _now + NftablesScript.Longest;
}
