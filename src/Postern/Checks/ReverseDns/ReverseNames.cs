using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.ReverseDns;

/// <summary>A PTR name, and whether it resolves back to the client.</summary>
/// <param name="Name">The name, without a final dot.</param>
/// <param name="IsConfirmed">True where one of its addresses is the client's.</param>
/// <param name="Trouble">What kept it from being known; null where the DNS answered.</param>
internal sealed record ReverseName(string Name, bool IsConfirmed, string? Trouble);

/// <summary>All that the reverse look-up of a client gives; the tests of the PTR name read it.</summary>
/// <param name="Pointer">The answer to the PTR question.</param>
/// <param name="Names">Its names, in order, at most <see cref="ReverseDnsOptions.MaxNames"/>.</param>
internal sealed record ReverseNames(DnsAnswer Pointer, IReadOnlyList<ReverseName> Names)
{
    /// <summary>The first name that resolves back, else the first; null where there is none.</summary>
    public ReverseName? Best => Names.FirstOrDefault(n => n.IsConfirmed) ?? (Names.Count > 0 ? Names[0] : null);

    /// <summary>Asks for the names, then for the addresses of all of them at once.</summary>
    public static async Task<ReverseNames> FindAsync(ClientAddress client, ReverseDnsOptions options, LookupRecorder pointerDns, LookupRecorder forwardDns, CancellationToken cancellationToken)
    {
        var pointer = await pointerDns.QueryAsync(DnsName.Pointer(client), cancellationToken);
        // Only the client's own family is asked: a name without AAAA is no fault of an IPv4 client, nor the other way about.
        var type = client.IsIPv4 ? DnsType.A : DnsType.Aaaa;
        var names = pointer.Names.Distinct(StringComparer.OrdinalIgnoreCase).Take(options.MaxNames);
        var confirmed = await Task.WhenAll(names.Select(async name =>
        {
            var forward = await forwardDns.QueryAsync(new(name, type), cancellationToken);
            return new ReverseName(name, forward.Addresses.Contains(client), forward.IsTrouble ? forward.Problem : null);
        }));
        return new(pointer, confirmed);
    }
}
