using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>
/// The DNS of one story: an nsd with the story's records as the root zone, and an unbound before it that validates. Names
/// that fail are sent to a closed port, silent ones to a socket that nobody reads, bogus ones have a trust anchor and no keys.
/// </summary>
internal sealed class StoryDns : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-check-").FullName;
    private readonly List<Process> _daemons = [];
    private readonly string? _namespace;
    private readonly Socket _silent;

    private StoryDns(string? @namespace, Socket silent) => (_namespace, _silent) = (@namespace, silent);

    /// <summary>Where unbound listens.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Starts both servers.</summary>
    /// <param name="records">The story's records.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="namespace">The network namespace whose loopback they listen at; null for the machine's own.</param>
    public static async Task<StoryDns> StartAsync(string records, CancellationToken cancellationToken, string? @namespace = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var dns = new StoryDns(@namespace, await NamespaceSocket.BindSilentAsync(@namespace));
            try
            {
                await dns.StartAsync(records, cancellationToken);
                return dns;
            }
            catch (Exception e)
            {
                await dns.DisposeAsync();
                // A port that was free may be another's by the time that a daemon wants it.
                if (e is not IOException || attempt == 5)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Ends both servers; what they said is kept in their logs until then.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in _daemons)
        {
            daemon.Kill(entireProcessTree: true);
            await daemon.WaitForExitAsync(CancellationToken.None);
            daemon.Dispose();
        }

        _silent.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(string records, CancellationToken cancellationToken)
    {
        var authority = FreePort();
        await File.WriteAllTextAsync(Path.Combine(_folder, "root.zone"), Zone(records), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "nsd.conf"), $"""
            server:
              ip-address: 127.0.0.1@{authority}
              port: {authority}
              username: ""
              chroot: ""
              zonesdir: "{_folder}"
              zonelistfile: "{_folder}/zone.list"
              xfrdfile: "{_folder}/xfrd"
              xfrdir: "{_folder}"
              database: ""
              pidfile: "{_folder}/nsd.pid"
              logfile: "{_folder}/nsd.log"
              server-count: 1
            remote-control:
              control-enable: no
            zone:
              name: "."
              zonefile: "root.zone"
            """, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "unbound.conf"), Unbound(records, authority), cancellationToken);
        var nsd = Start("nsd", "-d", "-c", Path.Combine(_folder, "nsd.conf"));
        var unbound = Start("unbound", "-d", "-c", Path.Combine(_folder, "unbound.conf"));
        await WaitAsync(nsd, authority, cancellationToken);
        await WaitAsync(unbound, Port, cancellationToken);
    }

    private string Unbound(string records, int authority)
    {
        var text = new StringBuilder($"""
            server:
              interface: 127.0.0.1@{Port}
              port: {Port}
              do-daemonize: no
              chroot: ""
              username: ""
              directory: "{_folder}"
              pidfile: "{_folder}/unbound.pid"
              use-syslog: no
              logfile: "{_folder}/unbound.log"
              do-not-query-localhost: no
              do-ip6: no
              num-threads: 1
              module-config: "validator iterator"
              ede: yes
              local-zone: "2.0.192.in-addr.arpa." nodefault
              local-zone: "100.51.198.in-addr.arpa." nodefault
              local-zone: "113.0.203.in-addr.arpa." nodefault
              local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
              local-zone: "test." nodefault

            """);
        foreach (var (name, type) in Troubles(records).Where(t => t.Type is "BOGUS"))
        {
            text.Append(CultureInfo.InvariantCulture, $"  trust-anchor: \"{name}. DS 12345 8 2 {new string('a', 64)}\"\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"remote-control:\n  control-enable: no\nstub-zone:\n  name: \".\"\n  stub-addr: 127.0.0.1@{authority}\n");
        foreach (var (name, type) in Troubles(records))
        {
            var port = type switch { "SILENT" => ((IPEndPoint)_silent.LocalEndPoint!).Port, "FAIL" => FreePort(), _ => authority };
            text.Append(CultureInfo.InvariantCulture, $"stub-zone:\n  name: \"{name}.\"\n  stub-addr: 127.0.0.1@{port}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string Type)> Troubles(string records) =>
        Lines(records).Where(l => l.Type is "FAIL" or "SILENT" or "BOGUS").Select(l => (l.Name, l.Type)).Distinct();

    private static string Zone(string records)
    {
        var zone = new StringBuilder("$TTL 60\n. SOA ns.root.example. admin.root.example. 1 60 60 60 60\n. NS ns.root.example.\nns.root.example. A 127.0.0.1\n");
        // The list's test point (RFC 5782, 5), without which it would be switched off.
        zone.Append("2.0.0.127.zen.spamhaus.org. A 127.0.0.2\n");
        foreach (var (name, type, value) in Lines(records))
        {
            var data = type switch
            {
                "TXT" => $"\"{value.Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                "PTR" or "MX" => value.EndsWith('.') ? value : value + ".",
                "BOGUS" => "192.0.2.99",
                _ => value,
            };
            if (type is not ("FAIL" or "SILENT"))
            {
                zone.Append(CultureInfo.InvariantCulture, $"{name}. {(type is "BOGUS" ? "A" : type)} {data}\n");
            }
        }

        return zone.ToString();
    }

    private static IEnumerable<(string Name, string Type, string Value)> Lines(string records)
    {
        foreach (var line in records.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            yield return (Owner(parts[0]), parts[1], parts.Length > 2 ? parts[2].Trim() : "");
        }
    }

    private static string Owner(string name)
    {
        if (!IPAddress.TryParse(name, out var address) || name.All(c => c != ':' && c != '.'))
        {
            return name;
        }

        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', bytes.Reverse()) + ".in-addr.arpa"
            : string.Join('.', Convert.ToHexStringLower(bytes).Reverse()) + ".ip6.arpa";
    }

    private Process Start(params string[] command)
    {
        string[] whole = [.. _namespace is null ? (string[])[] : ["ip", "netns", "exec", _namespace], "/usr/sbin/" + command[0], .. command.Skip(1)];
        var start = new ProcessStartInfo(whole[0], whole.Skip(1)) { UseShellExecute = false };
        var daemon = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} does not start");
        _daemons.Add(daemon);
        return daemon;
    }

    // Free for both: DNS goes by UDP and TCP.
    private static int FreePort()
    {
        while (true)
        {
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var place = (IPEndPoint)udp.Client.LocalEndPoint!;
            try
            {
                using var tcp = new TcpListener(place);
                tcp.Start();
                return place.Port;
            }
            catch (SocketException)
            {
                // Another's by TCP.
            }
        }
    }

    // Attempts are counted, not seconds: the machine itself may stand still for a minute.
    private async Task WaitAsync(Process daemon, int port, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(TimeSpan.FromSeconds(1));
                using var socket = await ConnectAsync(port, limit.Token);
                if (!daemon.HasExited)
                {
                    return;
                }
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Once more.
            }

            if (daemon.HasExited)
            {
                throw new IOException($"{daemon.StartInfo.ArgumentList[^1]}: the daemon ended with {daemon.ExitCode}");
            }
        }

        throw new TimeoutException($"nothing listens at port {port}");
    }

    private async Task<Socket> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        if (_namespace is not null)
        {
            return await NamespaceSocket.ConnectAsync(_namespace, new IPEndPoint(IPAddress.Loopback, port), []);
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
