using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Gate;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>A daemon in a dry run, its three sockets, and what an honest program says at each.</summary>
internal sealed class AttackedSockets : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly AbuseLog _log = new();
    private RunningPostern? _postern;

    /// <summary>The daemon.</summary>
    public RunningPostern Postern => _postern!;

    /// <summary>The policy server's.</summary>
    public string Policy => Path.Combine(_log.Folder, "policy");

    /// <summary>The milter's.</summary>
    public string Milter => Path.Combine(_log.Folder, "milter");

    /// <summary>The one of the commands.</summary>
    public string Control => Path.Combine(Postern.Folder, "socket");

    /// <summary>A request of Postfix's.</summary>
    public static byte[] PolicyRequest { get; } = Encoding.ASCII.GetBytes(
        "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=203.0.113.7\nclient_name=mx.example.com\nreverse_client_name=mx.example.com\n"
        + "helo_name=mx.example.com\nsender=ann@example.com\nrecipient=bob@example.org\nrecipient_count=0\ninstance=1.2.3\nsasl_method=\nsasl_username=\nsize=0\n\n");

    /// <summary>What Postfix says to a milter.</summary>
    public static byte[] MilterSession { get; } = new MilterWords().Negotiate().Session().Bytes;

    /// <summary>What a command of ours says.</summary>
    public static byte[] ControlRequest { get; } = "{\"command\":\"status\"}\n"u8.ToArray();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts it.</summary>
    public static async Task<AttackedSockets> OpenAsync()
    {
        var sockets = new AttackedSockets();
        sockets._postern = await RunningPostern.StartAsync(sockets._log.Path, null, $"[policy]\nlisten = \"unix:{sockets.Policy}\"\n[milter]\nlisten = \"unix:{sockets.Milter}\"\n", Stop);
        return sockets;
    }

    /// <summary>The path of the service of that name, and a whole conversation there.</summary>
    public (string Path, byte[] Words) Of(string service) => service switch
    {
        "policy" => (Policy, PolicyRequest),
        "milter" => (Milter, MilterSession),
        _ => (Control, ControlRequest),
    };

    /// <summary>A connection. A Unix socket whose queue is full says so at once.</summary>
    public static async Task<Socket> ConnectAsync(string path, CancellationToken stop)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                socket.Dispose();
                await Task.Delay(20, stop);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>An honest program says its words at a service, and must hear what it always hears.</summary>
    public async Task ServesAsync(string service)
    {
        var (path, words) = Of(service);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(s_patience);
        using var socket = await ConnectAsync(path, limit.Token);
        await socket.SendAsync(words, limit.Token);
        var heard = await HearAsync(socket, answer => IsWhole(service, answer), limit.Token);
        IsWhole(service, heard).ShouldBeTrue($"{service}: {Encoding.Latin1.GetString(heard)}");
    }

    /// <summary>All that comes until the end, or until it is enough.</summary>
    public static async Task<byte[]> HearAsync(Socket socket, Func<byte[], bool> isEnough, CancellationToken stop)
    {
        using var held = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await socket.ReceiveAsync(buffer, stop)) > 0;)
        {
            held.Write(buffer, 0, read);
            if (isEnough(held.ToArray()))
            {
                break;
            }
        }

        return held.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postern is not null)
        {
            await _postern.DisposeAsync();
        }

        _log.Dispose();
    }

    private static bool IsWhole(string service, byte[] answer) => service switch
    {
        "policy" => Encoding.ASCII.GetString(answer) is var text && text.StartsWith("action=", StringComparison.Ordinal) && text.EndsWith("\n\n", StringComparison.Ordinal),
        // The negotiation, the results as header fields, and that the message may go on.
        "milter" => MilterWords.Commands(answer) is var commands && commands is ['O', .., 'c'] && commands.Contains('i', StringComparison.Ordinal) && !commands.Contains('?', StringComparison.Ordinal),
        _ => Encoding.UTF8.GetString(answer) is var line && line.StartsWith("{\"schema\":\"postern.status/1\"", StringComparison.Ordinal) && line.EndsWith('\n'),
    };
}
