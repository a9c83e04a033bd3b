using System.Globalization;
using Postern.Facts;

namespace Postern.Fail2Ban.Filters;

/// <summary>Tells by the groups of a failure whom it is counted by.</summary>
internal sealed class FailureNamer(string useDns, FilterOptions options)
{
    /// <summary>
    /// The identifiers: one; several where a host name has several addresses; none where it has none; null in place of
    /// one that waits for a later line of the connection.
    /// </summary>
    public IReadOnlyList<FailureId?> Name(FilterFailure failure, out bool isNameOnly)
    {
        isNameOnly = false;
        var isRaw = options.RawNames || useDns is "raw";
        var id = failure[KnownGroup.Id];
        var address = failure[KnownGroup.Ip4] ?? failure[KnownGroup.Ip6];
        if (address is not null)
        {
            return [Of(failure, id, address, FailureId.FromAddress(address, Prefix(failure[KnownGroup.Cidr])))];
        }

        var name = failure[KnownGroup.Dns];
        if (name is null)
        {
            return id is null ? [null] : [isRaw ? new FailureId(id, ParseOnly(id)) : FailureId.From(id)];
        }

        if (isRaw)
        {
            return [Of(failure, id, name, new FailureId(name, ParseOnly(name)))];
        }

        if (ClientAddress.TryParse(name, out var plain))
        {
            return [new FailureId(plain.ToString(), plain)];
        }

        var found = useDns is "yes" or "warn" && options.Resolve is not null ? options.Resolve(name) : [];
        isNameOnly = found.Count == 0;
        return [.. found.Select(one => new FailureId(one.ToString(), one))];
    }

    private static FailureId Of(FilterFailure failure, string? id, string text, FailureId own)
    {
        if (id is null || string.Equals(id, text, StringComparison.Ordinal))
        {
            return own;
        }

        failure.Address = own;
        return FailureId.From(id);
    }

    private static ClientAddress ParseOnly(string text) => ClientAddress.TryParse(text, out var address) ? address : ClientAddress.Unknown;

    private static int? Prefix(string? cidr) =>
        int.TryParse(cidr, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
}
