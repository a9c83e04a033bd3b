using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>What counts as one client in the brake.</summary>
public enum BrakeGrain : byte
{
    /// <summary>The address; of IPv6 the /64. Where few networks are known, they cannot be told apart otherwise.</summary>
    Address,
    /// <summary>The /24 of IPv4, the /48 of IPv6.</summary>
    Network,
    /// <summary>The network, and of a block (the /16 of IPv4, the /32 of IPv6) three at most.</summary>
    Block,
}

/// <summary>
/// Where a client lives, as far as the brake tells clients apart: on a server that knows many networks, whoever rents many addresses
/// of one speaks once, and with three voices at most in all of a provider's larger block.
/// </summary>
/// <param name="Host">The address of IPv4, the /64 of IPv6.</param>
/// <param name="Network">The /24 of IPv4, the /48 of IPv6.</param>
/// <param name="Block">The /16 of IPv4, the /32 of IPv6.</param>
public readonly record struct ClientPlace(ClientAddress Host, ClientAddress Network, ClientAddress Block)
{
    /// <summary>So many networks of one block count.</summary>
    public const int MostOfBlock = 3;

    /// <summary>The place of a client.</summary>
    public static ClientPlace Of(ClientAddress client) => client.IsIPv4
        ? new(client, ClientNetwork.Of(client, 24).First, ClientNetwork.Of(client, 16).First)
        : new(ClientNetwork.Of(client, 64).First, ClientNetwork.Of(client, 48).First, ClientNetwork.Of(client, 32).First);

    /// <summary>What counts as one client at that grain.</summary>
    public ClientAddress At(BrakeGrain grain) => grain == BrakeGrain.Address ? Host : Network;
}

/// <summary>How many places clients live in.</summary>
/// <param name="Addresses">Addresses; of IPv6 /64.</param>
/// <param name="Networks">Networks.</param>
/// <param name="Blocks">Blocks.</param>
/// <param name="Voices">Networks, of each block three at most.</param>
public readonly record struct PlaceCount(int Addresses, int Networks, int Blocks, int Voices)
{
    // With fewer of them, one network or block has more than a twentieth of all voices, and those of the others are too few to tell an outage by.
    private const int Many = 20;

    /// <summary>As coarse as the number of places allows.</summary>
    public BrakeGrain Grain => Blocks >= Many ? BrakeGrain.Block : Networks >= Many ? BrakeGrain.Network : BrakeGrain.Address;

    /// <summary>How many clients these are at a grain.</summary>
    public int At(BrakeGrain grain) => grain switch
    {
        BrakeGrain.Address => Addresses,
        BrakeGrain.Network => Networks,
        _ => Voices,
    };
}

/// <summary>Counts places.</summary>
internal sealed class PlaceCounter
{
    private readonly HashSet<ClientAddress> _hosts = [];
    private readonly HashSet<ClientAddress> _networks = [];
    private readonly Dictionary<ClientAddress, int> _blocks = [];

    /// <summary>The places so far.</summary>
    public PlaceCount Total => new(_hosts.Count, _networks.Count, _blocks.Count, _blocks.Values.Sum(static count => Math.Min(count, ClientPlace.MostOfBlock)));

    /// <summary>Counts one.</summary>
    public void Add(in ClientPlace place)
    {
        _hosts.Add(place.Host);
        if (_networks.Add(place.Network))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_blocks, place.Block, out _)++;
        }
    }
}
