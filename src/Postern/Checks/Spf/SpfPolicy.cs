using System.Collections.Immutable;
using Postern.Facts;

namespace Postern.Checks.Spf;

/// <summary>The mechanisms of RFC 7208, section 5.</summary>
internal enum SpfMechanism : byte
{
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
}

/// <summary>One directive of a policy.</summary>
/// <param name="Mechanism">What it tests.</param>
/// <param name="Verdict">The result where it matches.</param>
/// <param name="Target">The domain that it names; null where the policy's own is meant, or none.</param>
/// <param name="Network">For ip4 and ip6.</param>
/// <param name="Prefix4">Bits of an IPv4 address that count, 0 to 32.</param>
/// <param name="Prefix6">Bits of an IPv6 address that count, 0 to 128.</param>
/// <param name="Written">Where it stands in the record.</param>
internal readonly record struct SpfTerm(
    SpfMechanism Mechanism,
    SpfResult Verdict,
    MacroString? Target,
    ClientAddress Network,
    byte Prefix4,
    byte Prefix6,
    Range Written)
{
    /// <summary>True where an address counts as one of this term's, seen from the client: their families must agree, and an
    /// IPv4-mapped client is IPv4 (RFC 7208, 5).</summary>
    public bool Covers(ClientAddress address, ClientAddress client)
    {
        if (client.IsIPv4)
        {
            return address.IsIPv4 && ((address.Low ^ client.Low) & Mask(Prefix4 + 32)) == 0;
        }

        return ((address.High ^ client.High) & Mask(Math.Min(Prefix6, (byte)64))) == 0
            && ((address.Low ^ client.Low) & Mask(Math.Max(Prefix6 - 64, 0))) == 0;
    }

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}

/// <summary>A parsed record: immutable, and the same for every client, so that it can be kept.</summary>
/// <param name="Record">The text.</param>
/// <param name="Terms">The directives in order.</param>
/// <param name="Redirect">The domain whose policy follows where nothing matched.</param>
/// <param name="Explanation">The domain that explains a fail.</param>
/// <param name="Problem">Why the record cannot be read; the rest is empty then.</param>
internal sealed record SpfPolicy(
    string Record,
    ImmutableArray<SpfTerm> Terms,
    MacroString? Redirect,
    MacroString? Explanation,
    string? Problem)
{
    /// <summary>A term as the domain's owner wrote it.</summary>
    public string Written(in SpfTerm term) => Record[term.Written];
}
