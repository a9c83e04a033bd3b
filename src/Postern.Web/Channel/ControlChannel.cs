using System.Net.Sockets;

namespace Postern.Web.Channel;

/// <summary>Asks the daemon over its control socket, one request a connection.</summary>
/// <param name="path">The socket.</param>
internal sealed class ControlChannel(string path)
{
    private const int MostReplyBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan s_full = TimeSpan.FromMilliseconds(20);

    /// <summary>The socket.</summary>
    public string Path => path;

    /// <summary>Sends a request and reads the whole reply.</summary>
    /// <param name="request">A line.</param>
    /// <param name="patience">How long to wait for the whole reply.</param>
    /// <param name="cancellationToken">The asker's patience.</param>
    /// <returns>The reply, a JSON document; or why there is none.</returns>
    public async Task<(ReadOnlyMemory<byte> Reply, ControlFailure Failure)> AskAsync(ReadOnlyMemory<byte> request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await ConnectAsync(socket, deadline.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(request, deadline.Token);
            return await ReadAsync(stream, deadline.Token);
        }
        catch (SocketException e)
        {
            return (default, e.SocketErrorCode == SocketError.AccessDenied ? ControlFailure.NoPermission : ControlFailure.Down);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return (default, e is IOException ? ControlFailure.NoAnswer : ControlFailure.Down);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, ControlFailure.NoAnswer);
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // The daemon's queue is full at this moment: a Unix socket does not wait for a place.
                await Task.Delay(s_full, cancellationToken);
            }
        }
    }

    private static async Task<(ReadOnlyMemory<byte> Reply, ControlFailure Failure)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var held = new MemoryStream();
        var buffer = new byte[32 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            held.Write(buffer, 0, read);
            if (held.Length > MostReplyBytes)
            {
                return (default, ControlFailure.NoAnswer);
            }
        }

        var bytes = held.GetBuffer().AsMemory(0, (int)held.Length);
        // A reply that was broken off has no end of line.
        return bytes.Length > 0 && bytes.Span[^1] == '\n' ? (bytes, ControlFailure.None) : (default, ControlFailure.NoAnswer);
    }
}
