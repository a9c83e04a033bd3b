using System.Net.Sockets;
using System.Text.Json;
using Postern.Cli.Words;

namespace Postern.Cli.Daemon.Control;

/// <summary>Asks the running daemon.</summary>
/// <param name="path">Its socket.</param>
/// <param name="words">The language in which it says that it got no answer.</param>
internal sealed class ControlClient(string path, IErrorWords words)
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
                {
                    return (null, words.ReplyTooLarge);
                }
            }

            var bytes = held.GetBuffer().AsMemory(0, (int)held.Length);
            return bytes is { Length: > 0 } && bytes.Span[^1] == '\n'
                ? (JsonDocument.Parse(bytes), null)
                : (null, words.DaemonEnded);
        }
        catch (SocketException e)
        {
            return (null, Explain(e));
        }
        catch (ArgumentException)
        {
            return (null, words.BadSocket(path));
        }
        catch (IOException)
        {
            return (null, words.DaemonEnded);
        }
        catch (JsonException)
        {
            return (null, words.NotPostern(path));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, words.NoAnswer);
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
        SocketError.AccessDenied => words.NoSocketPermission(path),
        SocketError.ConnectionRefused or SocketError.AddressNotAvailable => words.NotRunning(path),
        // ENOENT has no code of its own.
        _ when !File.Exists(path) => words.NotRunning(path),
        _ => $"{path}: {e.Message}",
    };
}
