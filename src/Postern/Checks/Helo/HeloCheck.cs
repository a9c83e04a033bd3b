using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Facts;

namespace Postern.Checks.Helo;

/// <summary>The tests <c>helo-syntax</c>, <c>helo-rdns</c> and <c>helo-ptr</c>.</summary>
internal sealed class HeloCheck(HeloOptions options, PublicSuffixes suffixes)
{
    /// <summary>Is it a name that a mail server may give itself (RFC 5321, 4.1.1.1 and 4.1.3)?</summary>
    public SenderFinding Syntax(string? helo, ClientAddress client)
    {
        if (helo is null)
        {
            return Finding("helo-syntax", TestResult.Skipped, null, "no HELO name was given");
        }

        var name = helo.TrimEnd('.');
        var shown = Show.Text(helo);
        if (name.Length == 0)
        {
            return Finding("helo-syntax", TestResult.Fail, "malformed", "the HELO name is empty");
        }

        if (IsOwn(name))
        {
            return Finding("helo-syntax", TestResult.Fail, "own-name", $"{shown} is this server's own name");
        }

        if (name.StartsWith('['))
        {
            if (!TryReadLiteral(name, out var literal))
            {
                return Finding("helo-syntax", TestResult.Fail, "malformed", $"{shown} is not an address literal");
            }

            return literal == client
                ? Finding("helo-syntax", TestResult.Neutral, "literal", $"{shown} is allowed, and the client's address, but no name")
                : Finding("helo-syntax", TestResult.Fail, "foreign-address", $"{shown} is not the client's address");
        }

        if (ClientAddress.TryParse(name, out var bare))
        {
            return bare == client
                ? Finding("helo-syntax", TestResult.Fail, "bare-address", $"{shown} is an address without brackets")
                : Finding("helo-syntax", TestResult.Fail, "foreign-address", $"{shown} is an address, and not the client's");
        }

        if (IsLocalHost(name))
        {
            return Finding("helo-syntax", TestResult.Fail, "localhost", $"{shown} is this machine's name for itself; the client is another");
        }

        if (!DnsName.IsFullyQualified(name))
        {
            return Finding("helo-syntax", TestResult.Fail, name.Contains('.', StringComparison.Ordinal) ? "malformed" : "single-label", $"{shown} is not a fully qualified domain name");
        }

        return IsPrivate(name)
            ? Finding("helo-syntax", TestResult.SoftFail, "private-name", $"{shown} can exist inside of one network only")
            : Finding("helo-syntax", TestResult.Pass, null, $"{shown} is a fully qualified domain name");
    }

    /// <summary>Does the HELO name resolve to the client?</summary>
    public static async Task<SenderFinding> ResolvesAsync(string? helo, ClientAddress client, LookupRecorder dns, CancellationToken cancellationToken)
    {
        if (helo is null || !DnsName.IsFullyQualified(helo) || IsPrivate(helo.TrimEnd('.')))
        {
            return Finding("helo-rdns", TestResult.Skipped, null, helo is null ? "no HELO name was given" : "the HELO name is none that could be looked up");
        }

        var answer = await dns.QueryAsync(new(helo, client.IsIPv4 ? DnsType.A : DnsType.Aaaa), cancellationToken);
        var shown = Show.Text(helo);
        var (result, reason, detail) = answer switch
        {
            { IsTrouble: true } => (TestResult.TempError, null, $"{shown} could not be looked up: {answer.Problem}"),
            _ when answer.Addresses.Contains(client) => (TestResult.Pass, (string?)null, $"{shown} resolves to the client"),
            { Status: DnsStatus.Answer } => (TestResult.Fail, "elsewhere", $"{shown} resolves to {answer.Addresses[0]}{(answer.Addresses.Count > 1 ? " and others" : "")}, not to the client"),
            { Status: DnsStatus.NxDomain } => (TestResult.Fail, "no-such-name", $"{shown} does not exist"),
            _ => (TestResult.Fail, "no-address", $"{shown} has no address of the client's kind"),
        };
        return Finding("helo-rdns", result, reason, detail) with { Lookups = dns.Lookups };
    }

    /// <summary>Does the HELO name agree with the PTR name?</summary>
    public SenderFinding Agrees(string? helo, ReverseNames names)
    {
        if (helo is null || !DnsName.IsFullyQualified(helo))
        {
            return Finding("helo-ptr", TestResult.Skipped, null, "no HELO name to compare");
        }

        if (names.Pointer.IsTrouble)
        {
            return Finding("helo-ptr", TestResult.TempError, null, "the PTR name could not be looked up");
        }

        if (names.Best is not { } best)
        {
            return Finding("helo-ptr", TestResult.Skipped, null, "no PTR name to compare with");
        }

        var shown = Show.Text(helo);
        if (names.Names.FirstOrDefault(n => DnsName.AreEqual(n.Name, helo)) is { } same)
        {
            // An unconfirmed PTR name is anybody's claim: agreement with it shows nothing.
            return same.IsConfirmed ? Finding("helo-ptr", TestResult.Pass, null, $"{shown} is the PTR name")
                : same.Trouble is not null ? Finding("helo-ptr", TestResult.TempError, null, $"{shown} is the PTR name, which could not be looked up")
                : Finding("helo-ptr", TestResult.Neutral, null, $"{shown} is the PTR name, but that does not resolve back");
        }

        var domain = suffixes.RegisteredDomain(helo);
        if (domain is not null && names.Names.FirstOrDefault(n => string.Equals(suffixes.RegisteredDomain(n.Name), domain, StringComparison.Ordinal)) is { } related)
        {
            return related.IsConfirmed
                ? Finding("helo-ptr", TestResult.Pass, "same-domain", $"{shown} and the PTR name {Show.Text(related.Name)} are of one domain")
                : Finding("helo-ptr", TestResult.Neutral, null, $"{shown} is of the PTR name's domain, but that name does not resolve back");
        }

        return Finding("helo-ptr", TestResult.SoftFail, null, $"{shown} has nothing in common with the PTR name {Show.Text(best.Name)}");
    }

    private bool IsOwn(string name) =>
        options.OwnNames.Any(own => DnsName.AreEqual(own, name)) || options.OwnAddresses.Contains(name.Trim('[', ']'), StringComparer.OrdinalIgnoreCase);

    private static bool IsLocalHost(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.StartsWith("localhost.", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Endings that are reserved for use inside of a network (RFC 6762, RFC 8375, RFC 6761, ICANN's .internal).</summary>
    private static bool IsPrivate(string name)
    {
        foreach (var ending in (string[])[".local", ".localdomain", ".lan", ".internal", ".intranet", ".home", ".corp", ".home.arpa", ".invalid", ".workgroup"])
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadLiteral(string name, out ClientAddress address)
    {
        address = default;
        if (!name.EndsWith(']'))
        {
            return false;
        }

        var inner = name.AsSpan(1, name.Length - 2);
        var isTagged = inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase);
        return ClientAddress.TryParse(isTagged ? inner[5..] : inner, out address) && (isTagged || address.IsIPv4);
    }

    private static SenderFinding Finding(string test, TestResult result, string? reason, string detail) =>
        new() { Test = test, Result = result, Reason = reason, Detail = detail };
}
