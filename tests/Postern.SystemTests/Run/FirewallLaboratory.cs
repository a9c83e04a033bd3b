using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Postern.Enforcement;
using Postern.Enforcement.Nftables;
using Postern.Facts;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>A server that answers on a mail port and on another one, its clients, and its firewall; each in a namespace of its own.</summary>
internal sealed class FirewallLaboratory : IAsyncDisposable
{
    /// <summary>A mail port.</summary>
    public const int MailPort = 25;

    /// <summary>A port that is none.</summary>
    public const int OtherPort = 8080;

    /// <summary>Two clients of one /24, one of another, two of one IPv6 /64.</summary>
    public static readonly string[] Clients = ["192.0.2.10", "192.0.2.11", "198.51.100.10", "2001:db8::10", "2001:db8::11"];

    // A machine behind the server, for what containers do.
    private const string Container = "203.0.113.10";

    // A connection that is let in is there at once; one that is not waits for seconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    private readonly Network _network;
    private readonly List<Socket> _listeners = [];
    private readonly List<NftablesFirewall> _firewalls = [];
    private volatile int _connections;

    private FirewallLaboratory(Network network) => _network = network;

    /// <summary>Makes it.</summary>
    public static async Task<FirewallLaboratory> CreateAsync()
    {
        Machine.RequireLaboratory();
        var laboratory = new FirewallLaboratory(await Network.CreateAsync([.. Clients.Append(Container).Select(address => new Host(address))], latePort: 0, TestContext.Current.CancellationToken));
        foreach (var port in new[] { MailPort, OtherPort })
        {
            await laboratory.ListenAsync(laboratory._network.Server, port);
        }

        return laboratory;
    }

    /// <summary>Publishes a port of the server's as Docker does: whoever connects to it is handed on to the container, which listens there.</summary>
    public async Task PublishAsync(int port, string container, int portInContainer)
    {
        await ListenAsync(_network.Clients[container].Namespace, portInContainer);
        (await Command.RunAsync(["ip", "netns", "exec", _network.Server, "sysctl", "-qw", "net.ipv4.ip_forward=1"], TimeSpan.FromSeconds(30), cancellationToken: TestContext.Current.CancellationToken)).OrThrow("sysctl");
        await NftAsync($"add table ip nat; add chain ip nat prerouting {{ type nat hook prerouting priority dstnat; }}; add rule ip nat prerouting ip daddr {Network.ServerAddress} tcp dport {port} dnat to {container}:{portInContainer}");
    }

    /// <summary>Returns when the servers have that many connections.</summary>
    public async Task ServesAsync(int connections)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (_connections != connections)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private async Task ListenAsync(string name, int port)
    {
        var listener = await SocketAsync(name, AddressFamily.InterNetworkV6);
        listener.DualMode = true;
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        listener.Listen();
        _listeners.Add(listener);
        _ = EchoAsync(listener);
    }

    /// <summary>A firewall at the server.</summary>
    /// <param name="options">Its options; null for the usual ones.</param>
    /// <param name="isPowerless">True to take away the right to change the firewall.</param>
    public NftablesFirewall Firewall(NftablesOptions? options = null, bool isPowerless = false)
    {
        var firewall = new NftablesFirewall(options ?? new NftablesOptions(), TimeProvider.System, () =>
        {
            NamespaceSocket.Enter(_network.Server);
            if (isPowerless)
            {
                Capabilities.DropAll();
            }
        });
        _firewalls.Add(firewall);
        return firewall;
    }

    /// <summary>The namespace of the server.</summary>
    public string Server => _network.Server;

    /// <summary>Runs nft at the server.</summary>
    public async Task<string> NftAsync(params string[] arguments) =>
        (await Command.RunAsync(["ip", "netns", "exec", _network.Server, "nft", .. arguments], TimeSpan.FromSeconds(30), cancellationToken: TestContext.Current.CancellationToken))
            .OrThrow("nft").Output;

    /// <summary>Connects as the client; null where nothing answers.</summary>
    /// <exception cref="SocketException">The connection is refused.</exception>
    public async Task<Socket?> ConnectAsync(string client, int port = MailPort, TimeSpan? patience = null, string? server = null)
    {
        var isV6 = client.Contains(':', StringComparison.Ordinal);
        var socket = await SocketAsync(_network.Clients[client].Namespace, isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience ?? s_patience);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server ?? (isV6 ? Network.ServerAddressV6 : Network.ServerAddress)), port), limit.Token);
            return socket;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Whether the client can connect.</summary>
    public async Task<bool> ReachesAsync(string client, int port = MailPort, TimeSpan? patience = null, string? server = null)
    {
        using var socket = await ConnectAsync(client, port, patience, server);
        return socket is not null;
    }

    /// <summary>Whether the server answers on this connection.</summary>
    public static async Task<bool> AnswersAsync(Socket connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            await connection.SendAsync("x"u8.ToArray(), SocketFlags.None, limit.Token);
            return await connection.ReceiveAsync(new byte[1], SocketFlags.None, limit.Token) == 1;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Reads a network.</summary>
    public static ClientNetwork Net(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new ArgumentException(text, nameof(text));

    /// <summary>A ban from now on.</summary>
    public static FirewallEntry Entry(string network, double seconds = 600) => new(Net(network), TimeProvider.System.GetUtcNow().AddSeconds(seconds));

    /// <summary>The same as a change.</summary>
    public static FirewallChange Ban(string network, double seconds = 600) => new(Net(network), TimeProvider.System.GetUtcNow().AddSeconds(seconds));

    /// <summary>The end of a ban.</summary>
    public static FirewallChange Lift(string network) => new(Net(network), null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var firewall in _firewalls)
        {
            await firewall.DisposeAsync();
        }

        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        await _network.DisposeAsync();
    }

    private static Task<Socket> SocketAsync(string name, AddressFamily family)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                NamespaceSocket.Enter(name);
                made.SetResult(new Socket(family, SocketType.Stream, ProtocolType.Tcp));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
            {
                made.SetException(e);
            }
        }).Start();
        return made.Task;
    }

    private async Task EchoAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The laboratory is closed.
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        Interlocked.Increment(ref _connections);
        using (connection)
        {
            try
            {
                var buffer = new byte[16];
                while (await connection.ReceiveAsync(buffer) is var length and > 0)
                {
                    await connection.SendAsync(buffer.AsMemory(0, length));
                }
            }
            catch (SocketException)
            {
                // The client is gone.
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }

    private static class Capabilities
    {
        private const uint Version3 = 0x20080522;

        // Of the calling thread alone.
        public static void DropAll()
        {
            if (NativeMethods.capset([Version3, 0], new uint[6]) != 0)
            {
                throw new InvalidOperationException($"capset: error {Marshal.GetLastPInvokeError()}");
            }
        }

        private static class NativeMethods
        {
            [DllImport("libc", SetLastError = true)]
            [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
            public static extern int capset(uint[] header, uint[] data);
        }
    }
}
