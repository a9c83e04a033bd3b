using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Daemon.Control;

/// <summary>
/// Answers the other commands over a Unix socket, one request a connection. Who may open the socket (its owner and its
/// group, mode 0660) may do everything. At most so many clients are served at once, and each has a deadline, so that one
/// that hangs keeps nobody else out.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>The longest request: a notice of 1 MB in base64, and what is around it.</summary>
    public const int MostRequestBytes = 1_500_000;

    private const int MostClients = 64;
    private const int Backlog = 512;

    private readonly Socket _listener;
    private readonly string _path;
    private readonly ControlDispatcher _dispatcher;
    private readonly ControlTimes _times;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _places = new(MostClients);
    private readonly ControlAccess _access;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private ControlServer(Socket listener, string path, IControlHandler handler, ControlTimes times, TimeProvider time, ILogger log, ControlAccess access, PartStarter? start)
    {
        (_listener, _path, _times, _time, _log, _access) = (listener, path, times, time, log, access);
        _dispatcher = new ControlDispatcher(handler, access.Only);
        _accepting = start is null ? AcceptAsync(_stop.Token) : start($"the socket {path}", AcceptAsync, _stop.Token);
    }

    /// <summary>Listens at the path: makes its directory, takes over the socket that a dead daemon left, and refuses a living one's.</summary>
    /// <returns>The server, or why there is none, in one line.</returns>
    public static async Task<(ControlServer? Server, string? Failure)> OpenAsync(
        string path, IControlHandler handler, TimeProvider time, ILogger log, ControlTimes? times = null, ControlAccess? access = null, PartStarter? start = null)
    {
        access ??= ControlAccess.Operators;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (await ClearAsync(path) is { } failure)
            {
                listener.Dispose();
                return (null, failure);
            }

            listener.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before Listen, so that there is no moment with a looser mode.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, access.Mode);
            listener.Listen(Backlog);
            return (new ControlServer(listener, path, handler, times ?? new ControlTimes(), time, log, access, start), null);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            return (null, $"the control socket {path} cannot be made: {e.Message}");
        }
    }

    /// <summary>Ends all clients and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        // All places are free once every client is done.
        for (var i = 0; i < MostClients; i++)
            await _places.WaitAsync();
        _places.Dispose();
        _stop.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory may be gone already: it is systemd's.
            ControlLog.SocketRemains(_log, _path, e.Message);
        }
    }

    private static async Task<string?> ClearAsync(string path) => await SocketPath.ClearAsync(path) switch
    {
        SocketPathState.Free => null,
        SocketPathState.Answers => $"postern already runs: somebody answers at {path}",
        SocketPathState.Silent => $"postern already runs: {path} is taken, though nobody answers",
        _ => $"{path} is no socket; name another one, or remove it",
    };

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Socket client;
            try
            {
                client = await _listener.AcceptAsync(stop);
            }
            catch (Exception e) when (e is not SocketException)
            {
                _places.Release();
                if (e is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
                    return;
                throw;
            }
            catch (SocketException e)
            {
                _places.Release();
                ControlLog.AcceptFailed(_log, e.Message);
                // Out of descriptors, most likely: to ask again at once would only burn a processor.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None);
                continue;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new PeerStream(client, _time);
            byte[]? line;
            using (var request = Deadline(_times.Request))
                line = await ReadLineAsync(stream, request.Token);
            if (line is null)
                return;
            // Refused only when all is read: whoever is hung up on while it still sends does not hear why.
            var mayAsk = _access.Users is not { } users || (stream.User is { } user && users.Contains(user));
            ControlWriter reply;
            using (var answer = Deadline(_times.Answer))
                reply = mayAsk ? await AnswerAsync(line, answer.Token) : ControlDispatcher.Write(ControlAnswer.Failed("this user may hand over no notices: see users of [notices]"));
            using var taken = Deadline(_times.Reply);
            await reply(stream, taken.Token);
            await stream.WriteAsync("\n"u8.ToArray(), taken.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            ControlLog.ClientLost(_log, e.Message);
        }
#pragma warning disable CA1031 // One client must not end the daemon; the fault is logged with its place.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ControlLog.RequestFailed(_log, e);
        }
        finally
        {
            _places.Release();
        }
    }

    // Each phase has its own time, and all end with the server.
    private CancellationTokenSource Deadline(TimeSpan time)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        source.CancelAfter(time);
        return source;
    }

    private async Task<ControlWriter> AnswerAsync(byte[] line, CancellationToken cancellationToken)
    {
        try
        {
            return line.Length > MostRequestBytes
                ? ControlDispatcher.Write(ControlAnswer.Failed("the request is too large"))
                : await _dispatcher.AnswerAsync(line, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ControlDispatcher.Write(ControlAnswer.Failed("the daemon was too busy to answer in time, or is about to stop"));
        }
        catch (LedgerException e)
        {
            return ControlDispatcher.Write(ControlAnswer.Failed(e.Message));
        }
#pragma warning disable CA1031 // One client's request must not end the daemon; the fault is logged with its place.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ControlLog.RequestFailed(_log, e);
            return ControlDispatcher.Write(ControlAnswer.Failed("the daemon failed at this request; its log says why"));
        }
    }

    // A line that is too long comes back longer than allowed; null where the client left without one.
    private static async Task<byte[]?> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                    return read.Buffer.Slice(0, end).ToArray();
                if (read.Buffer.Length > MostRequestBytes)
                    return read.Buffer.Slice(0, MostRequestBytes + 1).ToArray();
                if (read.IsCompleted)
                    return null;
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}

/// <summary>Who may use a control socket, and for what.</summary>
/// <param name="Mode">Its rights.</param>
/// <param name="Users">The users that are answered, as the kernel vouches for them; null for whoever may open it.</param>
/// <param name="Only">The one command that is taken; null for all.</param>
internal sealed record ControlAccess(UnixFileMode Mode, IReadOnlySet<uint>? Users, string? Only)
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The owner and the group, for everything.</summary>
    public static ControlAccess Operators { get; } = new(OwnerAndGroup, null, null);

    /// <summary>These users, for notices.</summary>
    public static ControlAccess Notices(IReadOnlySet<uint> users) => new(OwnerAndGroup | UnixFileMode.OtherRead | UnixFileMode.OtherWrite, users, ControlCommands.Notice);
}

/// <summary>How long a client of the control socket is borne with.</summary>
internal sealed record ControlTimes
{
    /// <summary>Until its request is there; default 10 s.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the daemon has its answer; default 60 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Until the client has taken it; default 30 s.</summary>
    public TimeSpan Reply { get; init; } = TimeSpan.FromSeconds(30);
}
