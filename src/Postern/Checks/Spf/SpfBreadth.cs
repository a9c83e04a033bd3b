namespace Postern.Checks.Spf;

/// <summary>
/// How much of the address space the policies of one check let pass by their address terms. A pass that a large part of the
/// Internet would get shows nothing of a client. The largest honest owners have some networks of 2^24 IPv4 addresses.
/// </summary>
internal sealed class SpfBreadth(bool isIPv4)
{
    // A sixteenth of the space: 2^28 IPv4 addresses, or the same share of the IPv6 addresses in use (2000::/3).
    private static readonly UInt128 s_most4 = UInt128.One << 28;
    private static readonly UInt128 s_most6 = UInt128.One << (125 - 4);

    private readonly List<(UInt128 First, UInt128 Last)> _networks = [];
    private UInt128 _unplaced;

    /// <summary>True where the terms seen so far let a sixteenth of the Internet pass.</summary>
    public bool IsOpen
    {
        get
        {
            var most = isIPv4 ? s_most4 : s_most6;
            return _unplaced >= most || Covered() >= most - _unplaced;
        }
    }

    /// <summary>Adds the terms of a policy whose match is a pass of the whole check.</summary>
    public void Add(SpfPolicy policy)
    {
        foreach (var term in policy.Terms)
        {
            if (term.Verdict != SpfResult.Pass)
            {
                continue;
            }

            var width = isIPv4 ? 32 - term.Prefix4 : 128 - term.Prefix6;
            if (term.Mechanism == (isIPv4 ? SpfMechanism.Ip4 : SpfMechanism.Ip6))
            {
                var address = isIPv4 ? new UInt128(0, (uint)term.Network.Low) : new UInt128(term.Network.High, term.Network.Low);
                var size = Size(width);
                var first = width >= 128 ? UInt128.Zero : address >> width << width;
                _networks.Add((first, first + (size - 1)));
            }
            else if (term.Mechanism is SpfMechanism.A or SpfMechanism.Mx && width > (isIPv4 ? 20 : 84))
            {
                // Where the network lies its addresses would tell; how large it is the prefix does.
                _unplaced = UInt128.MaxValue - _unplaced < Size(width) ? UInt128.MaxValue : _unplaced + Size(width);
            }
        }
    }

    private static UInt128 Size(int width) => width >= 128 ? UInt128.MaxValue : UInt128.One << width;

    private UInt128 Covered()
    {
        _networks.Sort();
        var (covered, last, isFirst) = (UInt128.Zero, UInt128.Zero, true);
        foreach (var network in _networks)
        {
            if (isFirst || network.First > last)
            {
                covered += network.Last - network.First + 1;
                (last, isFirst) = (network.Last, false);
            }
            else if (network.Last > last)
            {
                covered += network.Last - last;
                last = network.Last;
            }
        }

        return covered;
    }
}
