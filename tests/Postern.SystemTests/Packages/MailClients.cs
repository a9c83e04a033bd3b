using System.Net;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>A network of clients beside a booted Debian, which is a mail server in it: an abusive client and a sender.</summary>
internal sealed class MailClients : IAsyncDisposable
{
    /// <summary>Sends lone dots.</summary>
    public const string Abusive = "198.51.100.66";

    /// <summary>Sends mail.</summary>
    public const string Sender = "198.51.100.51";

    private const string Server = "198.51.100.25";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly string _namespace = $"postern-clients-{Environment.ProcessId}";

    private MailClients()
    {
    }

    /// <summary>Makes the network.</summary>
    public static async Task<MailClients> CreateAsync(BootedDebian debian)
    {
        var clients = new MailClients();
        await ShellAsync($"ip netns add {clients._namespace}");
        await clients.ConnectAsync(debian);
        return clients;
    }

    /// <summary>Connects it to a machine, anew after each boot.</summary>
    public async Task ConnectAsync(BootedDebian debian)
    {
        await ShellAsync($"ip -n {_namespace} link add clients type veth peer name eth0 netns {debian.Leader}");
        await ShellAsync($"ip -n {_namespace} address add {Abusive}/24 dev clients && ip -n {_namespace} address add {Sender}/24 dev clients && ip -n {_namespace} link set clients up");
        await ShellAsync($"nsenter --net --target {debian.Leader} sh -c 'ip address add {Server}/24 dev eth0 && ip link set eth0 up'");
    }

    /// <summary>Opens a session from an address.</summary>
    public async Task<Dialogue> OpenAsync(string from) =>
        new(await NamespaceSocket.ConnectAsync(_namespace, new IPEndPoint(IPAddress.Parse(Server), 25), [], IPAddress.Parse(from)), "", TestContext.Current.CancellationToken);

    /// <summary>True where the server lets that address in.</summary>
    public async Task<bool> IsLetInAsync(string from)
    {
        var tried = await Command.RunAsync(
            ["ip", "netns", "exec", _namespace, "curl", "--silent", "--interface", from, "--connect-timeout", "3", "--max-time", "10", $"smtp://{Server}/", "-X", "NOOP"], s_patience);
        return tried.ExitCode == 0;
    }

    /// <summary>Removes the network.</summary>
    public async ValueTask DisposeAsync() => await Command.RunAsync(["ip", "netns", "delete", _namespace], s_patience);

    private static async Task ShellAsync(string shell) => (await Command.RunAsync(["sh", "-c", shell], s_patience)).OrThrow(shell);
}
