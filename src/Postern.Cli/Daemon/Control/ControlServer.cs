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
/// group, mode 0660) may do everything. At most so many clients are served at once; each has a deadline, and where others wait, those
/// that have sent no whole request make room.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>The longest request: a notice of 1 MB in base64, and what is around it.</summary>
    public const int MostRequestBytes = 1_500_000;

    private const int MostClients = 64;

    // A client of ours sends its request as soon as it is connected.
    private static readonly TimeSpan s_shortestIdle = TimeSpan.FromSeconds(1);

    private readonly ControlDispatcher _dispatcher;
    private readonly ControlTimes _times;
    private readonly ILogger _log;
    private readonly ControlAccess _access;
    private GateListener? _listener;

    private ControlServer(IControlHandler handler, ControlTimes times, ILogger log, ControlAccess access) =>
        (_dispatcher, _times, _log, _access) = (new ControlDispatcher(handler, access.Only, (request, answer) => ControlLog.Changed(log, request, answer)), times, log, access);

    /// <summary>Listens at the path: makes its directory, takes over the socket that a dead daemon left, and refuses a living one's.</summary>
    /// <returns>The server, or why there is none, in one line.</returns>
    public static async Task<(ControlServer? Server, string? Failure)> OpenAsync(
        string path, IControlHandler handler, TimeProvider time, ILogger log, ControlTimes? times = null, ControlAccess? access = null, PartStarter? start = null)
    {
        try
        {
            if (await ClearAsync(path) is { } taken)
            {
                return (null, taken);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"the control socket {path} cannot be made: {e.Message}");
        }

        access ??= ControlAccess.Operators;
        var server = new ControlServer(handler, times ?? new ControlTimes(), log, access);
        (server._listener, var failure) = await GateListener.OpenAsync(
            new UnixDomainSocketEndPoint(path), "control", MostClients, server.ServeAsync, new ControlEvents(log), time, new SocketAccess(null, null, access.Mode), start, s_shortestIdle);
        return failure is null ? (server, null) : (null, failure);
    }

    /// <summary>Ends all clients and removes the socket.</summary>
    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<string?> ClearAsync(string path) => await SocketPath.ClearAsync(path) switch
    {
        SocketPathState.Free => null,
        SocketPathState.Answers => $"postern already runs: somebody answers at {path}",
        SocketPathState.Silent => $"postern already runs: {path} is taken, though nobody answers",
        _ => $"{path} is no socket; name another one, or remove it",
    };

    private async Task ServeAsync(Stream stream, CancellationToken stop)
    {
        try
        {
            byte[]? line;
            using (var request = Deadline(_times.Request, stop))
            {
                line = await ReadLineAsync(stream, request.Token);
            }

            if (line is null)
            {
                return;
            }
            // Refused only when all is read: whoever is hung up on while it still sends does not hear why.
            var mayAsk = _access.Users is not { } users || (stream is PeerStream { User: { } user } && users.Contains(user));
            ControlWriter reply;
            using (var answer = Deadline(_times.Answer, stop))
            {
                reply = mayAsk ? await AnswerAsync(line, answer.Token) : ControlDispatcher.Write(ControlAnswer.Failed("this user may hand over no notices: see users of [notices]"));
            }

            using var taken = Deadline(_times.Reply, stop);
            await reply(stream, taken.Token);
            await stream.WriteAsync("\n"u8.ToArray(), taken.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            ControlLog.ClientLost(_log, e.Message);
        }
    }

    // Each phase has its own time, and all end with the server.
    private static CancellationTokenSource Deadline(TimeSpan time, CancellationToken stop)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(stop);
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
                {
                    return read.Buffer.Slice(0, end).ToArray();
                }

                if (read.Buffer.Length > MostRequestBytes)
                {
                    return read.Buffer.Slice(0, MostRequestBytes + 1).ToArray();
                }

                if (read.IsCompleted)
                {
                    return null;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}

/// <summary>What the listener tells goes into the log.</summary>
internal sealed class ControlEvents(ILogger log) : IListenerEvents
{
    /// <inheritdoc/>
    public void Failed(string service, Exception fault) => ControlLog.RequestFailed(log, fault);

    /// <inheritdoc/>
    public void Trouble(string service, string words) => ControlLog.Trouble(log, words);
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
