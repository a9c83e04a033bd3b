using System.Net;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>A real Postfix, the daemon beside it, and an attacker who owns whole networks. Bans close no port, so that an attack may go on to its end.</summary>
internal sealed class AttackLaboratory : IAsyncDisposable
{
    /// <summary>The attacker's own host.</summary>
    public static readonly Host Attacker = new("198.51.100.66");

    /// <summary>Somebody honest.</summary>
    public static readonly Host Honest = new("203.0.113.66", "mail.partner.example");

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Laboratory _laboratory;

    private AttackLaboratory(Laboratory laboratory, RunningPostern postern) => (_laboratory, Postern) = (laboratory, postern);

    /// <summary>The daemon.</summary>
    public RunningPostern Postern { get; }

    /// <summary>The mail server.</summary>
    public PrivatePostfix Postfix => _laboratory.Postfix;

    /// <summary>The mail server's network namespace.</summary>
    public string Server => _laboratory.Server;

    /// <summary>Sets it up.</summary>
    /// <param name="more">More of Postern's configuration.</param>
    /// <param name="settings">How Postfix is set; null for as it comes.</param>
    public static async Task<AttackLaboratory> OpenAsync(string more = "[nftables]\nenabled = false", PostfixSettings? settings = null)
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        settings ??= PostfixSettings.Current;
        settings = settings with
        {
            Main = new Dictionary<string, string>(settings.Main, StringComparer.Ordinal)
            {
                ["notify_classes"] = "",
                ["smtpd_client_restrictions"] = "permit_mynetworks",
                ["smtpd_client_connection_count_limit"] = "0",
            },
        };
        var laboratory = await Laboratory.OpenAsync(settings, [Attacker, Honest], [], ct);
        try
        {
            return new AttackLaboratory(laboratory, await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, more, ct));
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the attacker further addresses, which the server finds at his link.</summary>
    public async Task OwnAsync(IEnumerable<string> addresses, string network)
    {
        var client = _laboratory.Client(Attacker.Address);
        var isV6 = network.Contains(':', StringComparison.Ordinal);
        var add = string.Join('\n', addresses.Select(address => $"addr add {address}/{(isV6 ? "128" : "32")} dev eth0{(isV6 ? " nodad" : "")}"));
        (await Command.RunAsync(["sh", "-ec", $"ip -n {client.Namespace} -b -; ip -n {Server} route replace {network} dev br0; ip -n {client.Namespace} route replace {(isV6 ? Network.ServerAddressV6 + "/128" : Network.ServerAddress + "/32")} dev eth0"], s_patience, add)).OrThrow("ip");
    }

    /// <summary>A session from one of the attacker's addresses.</summary>
    /// <param name="address">The address.</param>
    /// <param name="opening">What is sent at once, before the server can say anything.</param>
    public async Task<Dialogue> ConnectAsync(string address, string opening = "")
    {
        var isV6 = address.Contains(':', StringComparison.Ordinal);
        var server = new IPEndPoint(IPAddress.Parse(isV6 ? Network.ServerAddressV6 : Network.ServerAddress), 25);
        return new Dialogue(await NamespaceSocket.ConnectAsync(_laboratory.Client(Attacker.Address).Namespace, server, System.Text.Encoding.Latin1.GetBytes(opening), IPAddress.Parse(address)), opening, TestContext.Current.CancellationToken);
    }

    /// <summary>A session of a host.</summary>
    public Task<Dialogue> ConnectAsync(Host host) => _laboratory.Client(host.Address).ConnectAsync(TestContext.Current.CancellationToken);

    /// <summary>A lone dot from one of the attacker's addresses.</summary>
    public async Task AbuseAsync(string address)
    {
        using var s = await ConnectAsync(address);
        await s.Hear();
        await s.Ask(".");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Postern.DisposeAsync();
        await _laboratory.DisposeAsync();
    }
}
