using System.Net;
using System.Net.Sockets;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Cli.Daemon.Sources;

/// <summary>Finds out whom no jail may ban: the allow-list with its names resolved, this host's addresses, Postfix's mynetworks.</summary>
internal static class ProtectionSource
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks at all of it; what cannot be found out now stays as it was.</summary>
    /// <param name="allow">The allow-list of the configuration, and what was allowed by command.</param>
    /// <param name="last">What was found before.</param>
    /// <param name="cancellationToken">The end of the program.</param>
    public static async Task<ProtectedNetworks> FindAsync(IReadOnlyList<AllowEntry> allow, ProtectedNetworks last, CancellationToken cancellationToken)
    {
        var allowed = await Task.WhenAll(allow.Select(entry => ResolveAsync(entry, last, cancellationToken)));
        return new ProtectedNetworks
        {
            Allowed = [.. allowed.SelectMany(networks => networks)],
            Own = OwnAddresses.Find(),
            MyNetworks = await MyNetworksAsync(cancellationToken) ?? last.MyNetworks,
        };
    }

    private static async Task<IEnumerable<(ClientNetwork Network, string Entry)>> ResolveAsync(AllowEntry entry, ProtectedNetworks last, CancellationToken cancellationToken)
    {
        var text = entry.ToString();
        if (entry.Network is { } network)
        {
            return [(network, text)];
        }

        try
        {
            // A name that does not resolve for a moment must not cost anybody his protection.
            return await ResolveAsync(entry.Name!, cancellationToken) is { } networks ? networks.Select(found => (found, text)) : Known();
        }
        catch (OperationCanceledException)
        {
            return Known();
        }

        IEnumerable<(ClientNetwork Network, string Entry)> Known() => last.Allowed.Where(pair => string.Equals(pair.Entry, text, StringComparison.Ordinal));
    }

    /// <summary>The addresses of a name, each as a network of its own; null where it does not resolve in time.</summary>
    /// <exception cref="OperationCanceledException">The caller does not wait for it any longer.</exception>
    public static async Task<IReadOnlyList<ClientNetwork>?> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            return [.. (await Dns.GetHostAddressesAsync(name, patience.Token)).Select(static address => ClientNetwork.Of(ClientAddress.From(address)))];
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    // "127.0.0.0/8 [::1]/128 hash:/etc/postfix/networks": the tables among them are Postfix's own to read.
    private static async Task<IReadOnlyList<ClientNetwork>?> MyNetworksAsync(CancellationToken cancellationToken)
    {
        var (text, _) = await Postconf.AskAsync(s_patience, cancellationToken, "-h", "mynetworks");
        return text is null
            ? null
            : [.. text.Split((char[])[' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(word => ClientNetwork.TryParse(word.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal), out var network) ? network : (ClientNetwork?)null)
                .OfType<ClientNetwork>()];
    }
}
