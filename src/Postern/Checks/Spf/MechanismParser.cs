using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Postern.Facts;

namespace Postern.Checks.Spf;

/// <summary>Reads one directive (RFC 7208, section 5).</summary>
internal static class MechanismParser
{
    private static readonly SearchValues<char> s_ip6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>The directive; null, and the problem, where it is none.</summary>
    public static SpfTerm? Parse(ReadOnlySpan<char> term, Range written, out string? problem)
    {
        var verdict = Qualifier(term[0]);
        var text = verdict is null ? term : term[1..];
        var end = text.IndexOfAny(':', '/') is var sign and >= 0 ? sign : text.Length;
        if (!TryName(text[..end], out var mechanism))
        {
            problem = "there is no such mechanism";
            return null;
        }

        var result = new SpfTerm(mechanism, verdict ?? SpfResult.Pass, null, ClientAddress.Unknown, 32, 128, written);
        var rest = text[end..];
        return mechanism switch
        {
            SpfMechanism.All => Bare(result, rest, out problem),
            SpfMechanism.Ip4 => Ip4(result, rest, out problem),
            SpfMechanism.Ip6 => Ip6(result, rest, out problem),
            SpfMechanism.Include or SpfMechanism.Exists => Target(result, rest, out problem),
            SpfMechanism.Ptr => rest.IsEmpty ? Bare(result, rest, out problem) : Target(result, rest, out problem),
            _ => TargetAndPrefix(result, rest, out problem),
        };
    }

    private static SpfResult? Qualifier(char c) => c switch
    {
        '+' => SpfResult.Pass,
        '-' => SpfResult.Fail,
        '~' => SpfResult.SoftFail,
        '?' => SpfResult.Neutral,
        _ => null,
    };

    private static bool TryName(ReadOnlySpan<char> name, out SpfMechanism mechanism)
    {
        Span<char> lower = stackalloc char[8];
        mechanism = default;
        if (name.Length > lower.Length)
        {
            return false;
        }

        SpfMechanism? found = lower[..name.ToLowerInvariant(lower)] switch
        {
            "all" => SpfMechanism.All,
            "include" => SpfMechanism.Include,
            "a" => SpfMechanism.A,
            "mx" => SpfMechanism.Mx,
            "ptr" => SpfMechanism.Ptr,
            "ip4" => SpfMechanism.Ip4,
            "ip6" => SpfMechanism.Ip6,
            "exists" => SpfMechanism.Exists,
            _ => null,
        };
        mechanism = found ?? default;
        return found is not null;
    }

    private static SpfTerm? Bare(in SpfTerm term, ReadOnlySpan<char> rest, out string? problem)
    {
        problem = rest.IsEmpty ? null : "nothing may follow the mechanism's name";
        return problem is null ? term : null;
    }

    private static SpfTerm? Target(in SpfTerm term, ReadOnlySpan<char> rest, out string? problem)
    {
        if (rest is not [':', ..])
        {
            problem = rest.IsEmpty ? "the domain is missing" : "a prefix length is not allowed here";
            return null;
        }

        return MacroParser.ParseDomain(rest[1..], out problem) is { } target ? term with { Target = target } : null;
    }

    private static SpfTerm? TargetAndPrefix(in SpfTerm term, ReadOnlySpan<char> rest, out string? problem)
    {
        var prefix6 = Prefix(ref rest, "//") ?? 128;
        var prefix4 = Prefix(ref rest, "/") ?? 32;
        problem = prefix4 > 32 || prefix6 > 128 ? "the prefix length is too large" : null;
        if (problem is not null)
        {
            return null;
        }

        var sized = term with { Prefix4 = (byte)prefix4, Prefix6 = (byte)prefix6 };
        if (rest is [':', .. var name] && IPAddress.TryParse(name, out _) && ClientAddress.TryParse(name, out _))
        {
            problem = name.Contains(':') ? "for an address ip6: is meant" : "for an address ip4: is meant";
            return null;
        }

        return rest.IsEmpty ? sized : Target(sized, rest, out problem);
    }

    private static SpfTerm? Ip4(in SpfTerm term, ReadOnlySpan<char> rest, out string? problem)
    {
        var prefix = Prefix(ref rest, "/") ?? 32;
        if (rest is not [':', .. var name] || name.Contains(':') || !ClientAddress.TryParse(name, out var network) || prefix > 32)
        {
            problem = "this is no IPv4 network";
            return null;
        }

        problem = null;
        return term with { Network = network, Prefix4 = (byte)prefix };
    }

    private static SpfTerm? Ip6(in SpfTerm term, ReadOnlySpan<char> rest, out string? problem)
    {
        var prefix = Prefix(ref rest, "/") ?? 128;
        if (rest is not [':', .. var name] || !TryIp6(name, out var network) || prefix > 128)
        {
            problem = "this is no IPv6 network";
            return null;
        }

        problem = null;
        return term with { Network = network, Prefix6 = (byte)prefix };
    }

    /// <summary>RFC 4291 text. The framework's reader takes zones, brackets and short IPv4 tails too; they are kept from it.</summary>
    private static bool TryIp6(ReadOnlySpan<char> text, out ClientAddress address)
    {
        address = ClientAddress.Unknown;
        var tail = text[(text.LastIndexOf(':') + 1)..];
        if (text.Length > 45 || !text.Contains(':') || text.ContainsAnyExcept(s_ip6)
            || (tail.Contains('.') && !ClientAddress.TryParse(tail, out _))
            || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        address = ClientAddress.From(parsed);
        return true;
    }

    /// <summary>Takes a length from the end: the mark, then a number without leading zeros. Null where there is none; 999 for
    /// one that is too large for any address.</summary>
    private static int? Prefix(ref ReadOnlySpan<char> text, ReadOnlySpan<char> mark)
    {
        var start = text.LastIndexOfAnyExceptInRange('0', '9') + 1;
        var digits = text[start..];
        if (digits.IsEmpty || (digits[0] == '0' && digits.Length > 1) || !text[..start].EndsWith(mark, StringComparison.Ordinal))
        {
            return null;
        }

        text = text[..(start - mark.Length)];
        return digits.Length > 3 ? 999 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }
}
