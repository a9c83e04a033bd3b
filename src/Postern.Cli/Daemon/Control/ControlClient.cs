using System.Net.Sockets;
using System.Text.Json;

namespace Postern.Cli.Daemon.Control;

/// <summary>Asks the running daemon.</summary>
/// <param name="path">Its socket.</param>
internal sealed class ControlClient(string path)
{
    // A hundred thousand bans are 30 MB.
    private const int MostReplyBytes = 512 * 1024 * 1024;
    private static readonly TimeSpan s_queue = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(75);

    /// <summary>Sends a request and reads the reply.</summary>
    /// <returns>The reply, or why there is none, in one line.</returns>
    public async Task<(JsonDocument? Reply, string? Failure)> AskAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await ConnectAsync(socket, patience.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n'], patience.Token);
            var held = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, patience.Token)) > 0;)
            {
                held.Write(buffer, 0, read);
                if (held.Length > MostReplyBytes)
                    return (null, "the daemon's reply is too large");
            }

            var bytes = held.GetBuffer().AsMemory(0, (int)held.Length);
            return bytes is { Length: > 0 } && bytes.Span[^1] == '\n'
                ? (JsonDocument.Parse(bytes), null)
                : (null, "the daemon ended before it had answered");
        }
        catch (SocketException e)
        {
            return (null, Explain(e));
        }
        catch (ArgumentException)
        {
            return (null, $"{path} is no path for a socket");
        }
        catch (IOException)
        {
            return (null, "the daemon ended before it had answered");
        }
        catch (JsonException)
        {
            return (null, $"what answers at {path} is not postern");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "the daemon does not answer in time");
        }
    }

    // EAGAIN says that the daemon's queue is full at this moment: a Unix socket does not wait for a place.
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
                await Task.Delay(s_queue, cancellationToken);
            }
        }
    }

    private string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"no permission for {path}: its owner, its group and root may use it",
        SocketError.ConnectionRefused or SocketError.AddressNotAvailable => NotRunning(),
        // ENOENT has no code of its own.
        _ when !File.Exists(path) => NotRunning(),
        _ => $"{path}: {e.Message}",
    };

    private string NotRunning() => $"postern does not run (nobody answers at {path}); start it with 'systemctl start postern' or 'postern run'";
}
