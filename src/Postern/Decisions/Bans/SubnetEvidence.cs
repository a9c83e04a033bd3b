using System.Numerics;
using System.Runtime.InteropServices;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Bans;

/// <summary>
/// What the clients of one network show together, each of them below the threshold: an IPv4 /24 or an IPv6 /48, in which one owner
/// has many addresses. Only what no honest client does counts here. Bounded: the least are forgotten.
/// </summary>
/// <param name="most">The most networks that are kept.</param>
public sealed class SubnetEvidence(int most = 100_000)
{
    /// <summary>So many times maxretry, of as many clients as make a subnet, are a ban of the network.</summary>
    public const int Factor = 3;

    private readonly Dictionary<ClientNetwork, Slot> _networks = [];

    /// <summary>Networks that are kept.</summary>
    public int Count => _networks.Count;

    /// <summary>The network that is judged as a whole.</summary>
    public static ClientNetwork NetworkOf(ClientAddress client) => ClientNetwork.Of(client, client.IsIPv4 ? SubnetBan.Prefix : 48);

    /// <summary>Notes what a client has shown, and says whether its network has shown enough.</summary>
    /// <param name="client">Who; of IPv6 the /64.</param>
    /// <param name="weight">How much.</param>
    /// <param name="time">When.</param>
    /// <param name="jail">The jail.</param>
    /// <returns>What the network has shown within findtime, where that is a ban; else null.</returns>
    public double? Note(ClientAddress client, double weight, LogTime time, JailOptions jail)
    {
        ArgumentNullException.ThrowIfNull(jail);
        if (jail.SubnetThreshold <= 0 || weight <= 0)
        {
            return null;
        }

        var network = NetworkOf(client);
        if (_networks.Count >= most && !_networks.ContainsKey(network))
        {
            Sweep(time.UtcTicks - (2 * jail.FindTime.Ticks));
        }

        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_networks, network, out _);
        slot.Turn(time.UtcTicks / jail.FindTime.Ticks, time.UtcTicks);
        slot.Weight += weight;
        slot.Clients |= 1ul << (int)(Mix(client) >> 58);
        // A sliding window of two halves: of the earlier one that part counts which is still within findtime.
        var rest = 1 - ((double)(time.UtcTicks % jail.FindTime.Ticks) / jail.FindTime.Ticks);
        var sum = slot.Weight + (slot.EarlierWeight * rest);
        return sum >= jail.MaxRetry * Factor && Estimate(slot.Clients | slot.EarlierClients) >= jail.SubnetThreshold ? sum : null;
    }

    /// <summary>Forgets what a network has shown: it is banned, or somebody lives there who must not be.</summary>
    public void Forget(ClientNetwork network) => _networks.Remove(network);

    // So many bits of 64 are set by so many clients, those that fell on the same bit counted in.
    private static double Estimate(ulong bits) => BitOperations.PopCount(bits) is var set && set >= 64 ? 256 : -64 * Math.Log(1 - (set / 64.0));

    private static ulong Mix(ClientAddress client)
    {
        var hash = (client.High ^ (client.Low * 0x9E3779B97F4A7C15)) * 0xBF58476D1CE4E5B9;
        return (hash ^ (hash >> 31)) * 0x94D049BB133111EB;
    }

    private void Sweep(long oldest)
    {
        Remove(slot => slot.Last < oldest);
        for (var least = 1.0; _networks.Count > most / 4 * 3; least *= 2)
        {
            Remove(slot => slot.Weight + slot.EarlierWeight <= least);
        }
    }

    private void Remove(Func<Slot, bool> isLittle)
    {
        foreach (var network in _networks.Where(pair => isLittle(pair.Value)).Select(static pair => pair.Key).ToList())
        {
            _networks.Remove(network);
        }
    }

    private struct Slot
    {
        public long Window;
        public long Last;
        public double Weight;
        public double EarlierWeight;
        public ulong Clients;
        public ulong EarlierClients;

        public void Turn(long window, long ticks)
        {
            Last = Math.Max(Last, ticks);
            if (window <= Window)
            {
                return;
            }

            (EarlierWeight, EarlierClients) = window == Window + 1 ? (Weight, Clients) : (0, 0);
            (Weight, Clients) = (0, 0);
            Window = window;
        }
    }
}
