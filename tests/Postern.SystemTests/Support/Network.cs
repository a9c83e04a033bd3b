using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>
/// A server and its clients, each in a network namespace of its own, joined by a bridge at the server. A namespace a
/// client means that any tool comes from that client's address without being told so. Nothing of it reaches the
/// machine's own network, and all of it is gone after <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    /// <summary>The server's IPv4 address for clients of every range.</summary>
    public const string ServerAddress = "192.0.2.1";

    /// <summary>The server's IPv6 address.</summary>
    public const string ServerAddressV6 = "2001:db8::1";

    private const string Prefix = "postern-lab-";
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private static int s_last;

    private readonly List<string> _namespaces = [];

    private Network(string name) => Name = name;

    /// <summary>Unique on this machine: names the namespaces and the folder of this laboratory.</summary>
    public string Name { get; }

    /// <summary>The server's namespace.</summary>
    public string Server => $"{Name}-s";

    /// <summary>The clients, by address.</summary>
    public IReadOnlyDictionary<string, ClientHost> Clients { get; private set; } = new Dictionary<string, ClientHost>(StringComparer.Ordinal);

    /// <summary>Makes the namespaces, their links and their addresses; the clients are told which port greets late.</summary>
    public static async Task<Network> CreateAsync(IReadOnlyList<Host> hosts, int latePort, CancellationToken cancellationToken)
    {
        await SweepAsync();
        var network = new Network($"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}");
        try
        {
            await network.BuildAsync(hosts, latePort, cancellationToken);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends whatever still runs in the namespaces and removes them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces.AsEnumerable().Reverse())
        {
            await RemoveAsync(name);
        }

        _namespaces.Clear();
    }

    private async Task BuildAsync(IReadOnlyList<Host> hosts, int latePort, CancellationToken cancellationToken)
    {
        var clients = hosts.Select((host, i) => new ClientHost(host, $"{Name}-c{i}", latePort)).ToList();
        _namespaces.Add(Server);
        _namespaces.AddRange(clients.Select(client => client.Namespace));
        foreach (var name in _namespaces)
        {
            Directory.CreateDirectory($"/etc/netns/{name}");
        }

        var links = new StringBuilder();
        foreach (var name in _namespaces)
        {
            links.AppendLine(CultureInfo.InvariantCulture, $"netns add {name}");
        }

        for (var i = 0; i < clients.Count; i++)
        {
            links.AppendLine(CultureInfo.InvariantCulture, $"link add name v{i} netns {Server} type veth peer name eth0 netns {clients[i].Namespace}");
        }

        await IpAsync(links.ToString(), cancellationToken);

        var server = new StringBuilder("""
            link set lo up
            link add br0 type bridge
            link set br0 up
            addr add 192.0.2.1/24 dev br0
            addr add 198.51.100.1/24 dev br0
            addr add 203.0.113.1/24 dev br0
            addr add 2001:db8::1/32 dev br0 nodad

            """);
        for (var i = 0; i < clients.Count; i++)
        {
            server.AppendLine(CultureInfo.InvariantCulture, $"link set v{i} master br0 up");
        }

        await IpAsync(server.ToString(), cancellationToken, "-n", Server);

        foreach (var client in clients)
        {
            await IpAsync(ClientCommands(client.Host), cancellationToken, "-n", client.Namespace);
        }

        Clients = clients.ToDictionary(client => client.Host.Address, StringComparer.Ordinal);
    }

    // Every client reaches the one server address, whichever range it is of itself.
    private static string ClientCommands(Host host) => host.IsV6
        ? $"link set lo up\nlink set eth0 up\naddr add {host.Address}/64 dev eth0 nodad\n"
        : $"link set lo up\nlink set eth0 up\naddr add {host.Address}/24 dev eth0\nroute add default via {host.Address[..host.Address.LastIndexOf('.')]}.1\n";

    private static async Task IpAsync(string batch, CancellationToken cancellationToken, params string[] options) =>
        (await Command.RunAsync(["ip", .. options, "-batch", "-"], s_deadline, batch, cancellationToken: cancellationToken)).OrThrow("ip -batch");

    // Only what runs inside the namespace is ended: it can be nothing but the laboratory's.
    private static async Task RemoveAsync(string name)
    {
        var inside = await Command.RunAsync(["ip", "netns", "pids", name], s_deadline);
        foreach (var pid in inside.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It ended by itself in the meantime.
            }
        }

        await Command.RunAsync(["ip", "netns", "del", name], s_deadline);
        if (Directory.Exists($"/etc/netns/{name}"))
        {
            Directory.Delete($"/etc/netns/{name}", recursive: true);
        }
    }

    // A run that was killed could not clean up after itself; its process id tells that it is dead.
    private static async Task SweepAsync()
    {
        foreach (var name in OfTheDead("/etc/netns"))
        {
            await RemoveAsync(name);
        }

        foreach (var name in OfTheDead("/var/tmp"))
        {
            Directory.Delete(Path.Combine("/var/tmp", name), recursive: true);
        }
    }

    private static List<string> OfTheDead(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.GetDirectories(folder, $"{Prefix}*")
            .Select(path => Path.GetFileName(path))
            .Where(name => !Directory.Exists($"/proc/{name[Prefix.Length..].Split('-')[0]}"))];
}
