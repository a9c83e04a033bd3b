using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Postern.Facts;

namespace Postern.Cli.Daemon.Sources;

/// <summary>
/// The addresses of host names, for the jails: of <c>ignoreip</c>, and of logs that name clients so. Remembered for a while;
/// a name that the DNS says nothing of in time has the addresses that it had before, or none.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class HostAddresses(TimeProvider time)
{
    // Names are written by clients: no more of them are kept than a busy hour has.
    private const int MostNames = 10_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_holds = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<ClientAddress> Addresses, long At)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses; waits for the DNS, but not for long.</summary>
    public IReadOnlyList<ClientAddress> Of(string name)
    {
        if (_known.TryGetValue(name, out var known) && time.GetElapsedTime(known.At) < s_holds)
        {
            return known.Addresses;
        }

        if (_known.Count >= MostNames)
        {
            _known.Clear();
        }

        var found = Ask(name) ?? known.Addresses ?? [];
        _known[name] = (found, time.GetTimestamp());
        return found;
    }

    private static ClientAddress[]? Ask(string name)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            return [.. Dns.GetHostAddressesAsync(name, patience.Token).GetAwaiter().GetResult().Select(ClientAddress.From)];
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }
}
