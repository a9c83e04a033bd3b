using System.Net;
using System.Net.Sockets;

namespace Postern.Checks.Dns;

/// <summary>
/// Finds out whether nobody listens at the resolvers, or no way leads there. A host or router says so at once (ICMP), but only
/// to a socket that is connected, which the DNS library's are not: without this, a resolver that was never started looks like
/// a slow one.
/// </summary>
internal sealed class RefusalProbe(IReadOnlyList<IPEndPoint> servers, TimeProvider time)
{
    /// <summary>A question that has no answer for so long makes the probe worth its packet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(2);

    // The name servers of the root, recursion desired: every resolver knows them.
    private static readonly byte[] s_question = [0x50, 0x4F, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

    private readonly Lock _lock = new();
    private Task<string?>? _last;
    private long _started;

    /// <summary>Why no answer can come, or null where one still may; asked once in two seconds.</summary>
    public Task<string?> FindAsync()
    {
        lock (_lock)
        {
            if (_last is null || time.GetElapsedTime(_started) > s_fresh)
            {
                _started = time.GetTimestamp();
                _last = AskAllAsync();
            }

            return _last;
        }
    }

    /// <summary>What an error of a socket says of a server, to follow its name.</summary>
    public static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "refuses the question: nothing listens there",
        SocketError.HostUnreachable or SocketError.HostDown => "cannot be reached: the host is unreachable",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "cannot be reached: no way leads to its network",
        SocketError.AccessDenied => "cannot be reached: the system forbids it",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "broke the connection off",
        var other => $"cannot be reached ({other})",
    };

    private async Task<string?> AskAllAsync()
    {
        var errors = await Task.WhenAll(servers.Select(AskAsync));
        return errors.All(e => e is not null)
            ? string.Join("; ", servers.Zip(errors, (server, error) => $"the DNS server {server} {Describe(error!.Value)}"))
            : null;
    }

    /// <summary>Why no question can reach the server; null where one may.</summary>
    private async Task<SocketError?> AskAsync(IPEndPoint server)
    {
        using var limit = new CancellationTokenSource(s_wait, time);
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(server, limit.Token);
            await socket.SendAsync(s_question, limit.Token);
            await socket.ReceiveAsync(new byte[512], limit.Token);
            return null;
        }
        catch (SocketException e)
        {
            // An answer that is longer than the buffer is an answer.
            return e.SocketErrorCode is SocketError.MessageSize ? null : e.SocketErrorCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
