using System.Globalization;

namespace Postern.Cli.Configuration;

/// <summary>Where the server of <c>[sharing]</c> is.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Servers">Names or addresses with their ports: one server, the nodes of a cluster, or sentinels.</param>
/// <param name="IsTls">True where it is spoken to over TLS.</param>
/// <param name="Service">The name by which sentinels know the servers; null where there are none.</param>
internal sealed record SharingAddress(string Text, IReadOnlyList<(string Host, int Port)> Servers, bool IsTls, string? Service)
{
    private static readonly (string Scheme, bool IsTls, bool IsSentinel, int Port)[] s_schemes =
    [
        ("redis://", false, false, 6379), ("rediss://", true, false, 6379), ("redis+sentinel://", false, true, 26379), ("rediss+sentinel://", true, true, 26379),
    ];

    /// <summary>Reads <c>redis://host:port</c>, <c>rediss://…</c>, several hosts by commas, and <c>redis+sentinel://host,host/service</c>; null for anything else.</summary>
    public static SharingAddress? TryParse(string text)
    {
        var (scheme, isTls, isSentinel, port) = Array.Find(s_schemes, scheme => text.StartsWith(scheme.Scheme, StringComparison.Ordinal));
        if (scheme is null)
        {
            return null;
        }

        var rest = text[scheme.Length..].TrimEnd('/').Split('/');
        if (rest.Length != (isSentinel ? 2 : 1) || rest.Any(static part => part.Length == 0))
        {
            return null;
        }

        var servers = new List<(string, int)>();
        foreach (var server in rest[0].Split(','))
        {
            if (Server(server, port) is not { } one)
            {
                return null;
            }

            servers.Add(one);
        }

        return new SharingAddress(text, servers, isTls, isSentinel ? rest[1] : null);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static (string Host, int Port)? Server(string text, int port)
    {
        var colon = text.EndsWith(']') ? -1 : text.LastIndexOf(':');
        var host = (colon < 0 ? text : text[..colon]).TrimStart('[').TrimEnd(']');
        if (colon >= 0 && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return null;
        }

        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? null : (host, port);
    }
}
