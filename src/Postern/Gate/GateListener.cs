using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Postern.Facts;

namespace Postern.Gate;

/// <summary>
/// Takes connections at one place, Postfix's above all, and serves each on its own, so many at once at most; further ones wait in the
/// system's queue. Where all places are taken, those that have been silent for longest make room.
/// </summary>
internal sealed class GateListener : IAsyncDisposable
{
    private const int Backlog = 1024;
    private const int FewestEndedAtOnce = 16;
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    // Postfix itself says something at once.
    private static readonly TimeSpan s_shortestIdle = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _shortestIdle;
    private readonly ConcurrentDictionary<PeerStream, bool> _connections = new();
    private readonly Socket _listener;
    private readonly string _service;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly IListenerEvents _events;
    private readonly TimeProvider _time;
    private readonly int _most;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private GateListener(Socket listener, string service, int most, Func<Stream, CancellationToken, Task> serve, IListenerEvents events, TimeProvider time, TimeSpan? shortestIdle, PartStarter? start)
    {
        (_listener, _service, _most, _serve, _events, _time, _shortestIdle) = (listener, service, most, serve, events, time, shortestIdle ?? s_shortestIdle);
        _places = new SemaphoreSlim(most);
        _accepting = start is null ? AcceptAsync(_stop.Token) : start($"the {service} server", AcceptAsync, _stop.Token);
    }

    /// <summary>Where it listens.</summary>
    public EndPoint? LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Listens at an address, or at a path, where it takes over the socket that a dead process left.</summary>
    /// <param name="at">An <see cref="IPEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    /// <param name="service">What is served: <c>policy</c>, <c>milter</c>, <c>control</c>.</param>
    /// <param name="most">Connections served at once, at most.</param>
    /// <param name="serve">Serves one connection to its end; its faults are told and end that connection alone.</param>
    /// <param name="events">Told of troubles.</param>
    /// <param name="time">The clock.</param>
    /// <param name="access">Who may enter a Unix socket; null for everybody who may enter the folder around it.</param>
    /// <param name="start">Owns the task that takes connections; null where nobody does.</param>
    /// <param name="shortestIdle">How long a connection that says nothing whole keeps its place where others wait for one; null for 5 s.</param>
    /// <returns>The listener, or why there is none, in one line.</returns>
    public static async Task<(GateListener? Listener, string? Failure)> OpenAsync(
        EndPoint at, string service, int most, Func<Stream, CancellationToken, Task> serve, IListenerEvents events, TimeProvider time, SocketAccess? access = null, PartStarter? start = null, TimeSpan? shortestIdle = null)
    {
        var isUnix = at is UnixDomainSocketEndPoint;
        var listener = new Socket(at.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (isUnix && await PrepareAsync(at.ToString()!) is { } failure)
            {
                listener.Dispose();
                return (null, $"the {service} socket cannot be made: {failure}");
            }

            listener.Bind(at);
            if (isUnix)
            {
                (access ?? SocketAccess.Everybody).Set(at.ToString()!);
            }

            listener.Listen(Backlog);
            return (new GateListener(listener, service, most, serve, events, time, shortestIdle, start), null);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            return (null, $"the {service} server cannot listen at {at}: {e.Message}");
        }
    }

    /// <summary>Ends all connections, and removes a Unix socket.</summary>
    public async ValueTask DisposeAsync()
    {
        var path = _listener.LocalEndPoint is UnixDomainSocketEndPoint unix ? unix.ToString() : null;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        // All places are free once every connection is done.
        for (var i = 0; i < _most; i++)
        {
            await _places.WaitAsync();
        }

        _places.Dispose();
        _stop.Dispose();
        try
        {
            if (path is not null)
            {
                File.Delete(path);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // systemd has removed its folder already.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _events.Trouble(_service, $"the socket {path} remains: {e.Message}");
        }
    }

    private static async Task<string?> PrepareAsync(string path) => await SocketPath.ClearAsync(path) switch
    {
        SocketPathState.Free => null,
        SocketPathState.Answers => $"somebody answers at {path} already",
        SocketPathState.Silent => $"{path} is taken, though nobody answers",
        _ => $"{path} is no socket; name another one, or remove it",
    };

    private async Task AcceptAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await TakePlaceAsync();
                if (await TakeAsync() is { } client)
                {
                    _ = ServeAsync(client);
                }
                else
                {
                    _places.Release();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task TakePlaceAsync()
    {
        while (!await _places.WaitAsync(s_look, _stop.Token))
        {
            if (_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                EndIdle();
            }
        }
    }

    private void EndIdle()
    {
        foreach (var (connection, since) in _connections.Keys.Select(static connection => (connection, connection.IdleSince))
            .Where(one => one.IdleSince != 0 && _time.GetElapsedTime(one.IdleSince) > _shortestIdle).OrderBy(static one => one.IdleSince).Take(Math.Max(FewestEndedAtOnce, _most / 16)))
        {
            // It may have begun to speak meanwhile.
            if (connection.IdleSince == since)
            {
                connection.Dispose();
            }
        }
    }

    private async Task<Socket?> TakeAsync()
    {
        try
        {
            return await _listener.AcceptAsync(_stop.Token);
        }
        catch (Exception e) when (e is not SocketException)
        {
            _places.Release();
            throw;
        }
        catch (SocketException e)
        {
            // Out of descriptors, most likely: to ask again at once would only burn a processor.
            _events.Trouble(_service, $"no connection could be taken: {e.Message}");
            await Task.Delay(s_breath, _time, CancellationToken.None);
            return null;
        }
    }

    private async Task ServeAsync(Socket client)
    {
        // Who accepts goes on at once, whatever the first read brings.
        await Task.Yield();
        try
        {
            if (client.AddressFamily != AddressFamily.Unix)
            {
                client.NoDelay = true;
            }

            await using var stream = new PeerStream(client, _time);
            _connections[stream] = true;
            try
            {
                await _serve(stream, _stop.Token);
            }
            finally
            {
                _connections.TryRemove(stream, out _);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Postfix went away, or we do.
        }
#pragma warning disable CA1031 // One connection's fault must not end the others'; it is told with its place.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _events.Failed(_service, e);
        }
        finally
        {
            _places.Release();
        }
    }
}
