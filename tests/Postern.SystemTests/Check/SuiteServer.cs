using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.Checks.Dns;

namespace Postern.SystemTests.Check;

/// <summary>A record of a suite's zone, its name and value as octets, each a character.</summary>
/// <param name="Name">The owner, without a final dot.</param>
/// <param name="Type">A, AAAA, MX, TXT, PTR or CNAME.</param>
/// <param name="Data">The value as a zone file has it.</param>
internal sealed record ZoneRecord(string Name, string Type, string Data);

/// <summary>
/// An unbound on loopback that serves the zone of one suite's scenario as the root zone, follows its aliases, and asks a socket
/// that nobody reads for whatever must time out.
/// </summary>
internal sealed class SuiteServer : IAsyncDisposable
{
    private static readonly DnsOptions s_options = new() { QueryTimeout = TimeSpan.FromSeconds(2), Retries = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-suite-").FullName;
    private readonly Socket _silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private Process? _daemon;

    private SuiteServer() => _silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Asks the server.</summary>
    public IResolver Resolver { get; private set; } = null!;

    /// <summary>Where it listens on loopback, for others than <see cref="Resolver"/>.</summary>
    public int Port { get; private set; }

    /// <summary>Starts a server.</summary>
    /// <param name="records">The zone.</param>
    /// <param name="silent">Names that answer only for the types of their records, and not at all for the rest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="refused">Zones that the server refuses to answer for.</param>
    public static async Task<SuiteServer> StartAsync(IReadOnlyList<ZoneRecord> records, IReadOnlyCollection<string> silent, CancellationToken cancellationToken, IReadOnlyCollection<string>? refused = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var server = new SuiteServer();
            try
            {
                await server.StartOnAsync(FreePort(), records, silent, refused ?? [], cancellationToken);
                return server;
            }
            catch (IOException) when (attempt < 5)
            {
                // The port became another's meanwhile.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A name in the form of zone files, every odd octet escaped.</summary>
    public static string Escape(string text, bool isName = true)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '=' or ':' or '/' || (c == '.' && isName) || (!isName && c is '.' or ' ' or '+' or '%' or '{' or '}' or '~' or '?'))
            {
                escaped.Append(c);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\{(int)c:d3}");
            }
        }

        return escaped.ToString();
    }

    /// <summary>Ends the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            _daemon.Kill(entireProcessTree: true);
            await _daemon.WaitForExitAsync(CancellationToken.None);
            _daemon.Dispose();
        }

        _silent.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOnAsync(int port, IReadOnlyList<ZoneRecord> records, IReadOnlyCollection<string> silent, IReadOnlyCollection<string> refused, CancellationToken cancellationToken)
    {
        Port = port;
        var zone = new StringBuilder("$TTL 60\n. SOA ns.root-servers.test. x.root-servers.test. 1 60 60 60 60\n. NS ns.root-servers.test.\nns.root-servers.test. A 127.0.0.1\n");
        var local = new StringBuilder();
        foreach (var name in silent)
        {
            local.Append(CultureInfo.InvariantCulture, $"  local-zone: \"{Escape(name)}.\" typetransparent\n");
        }

        foreach (var name in refused)
        {
            local.Append(CultureInfo.InvariantCulture, $"  local-zone: \"{Escape(name)}.\" refuse\n");
        }

        // What lies below a silent name is asked there too, unless it is known here.
        bool IsBelow(string name) => silent.Any(s => name.EndsWith("." + s, StringComparison.OrdinalIgnoreCase));
        foreach (var name in records.Select(r => r.Name).Distinct(StringComparer.OrdinalIgnoreCase).Where(n => IsBelow(n) && !silent.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            local.Append(CultureInfo.InvariantCulture, $"  local-zone: \"{Escape(name)}.\" static\n");
        }

        foreach (var record in records)
        {
            if (IsBelow(record.Name) || silent.Contains(record.Name, StringComparer.OrdinalIgnoreCase))
            {
                local.Append(CultureInfo.InvariantCulture, $"  local-data: '{Escape(record.Name)}. 60 IN {record.Type} {record.Data}'\n");
            }
            else
            {
                zone.Append(CultureInfo.InvariantCulture, $"{Escape(record.Name)}. {record.Type} {record.Data}\n");
            }
        }

        var stubs = string.Concat(silent.Select(name => $"stub-zone:\n  name: \"{Escape(name)}.\"\n  stub-addr: 127.0.0.1@{((IPEndPoint)_silent.LocalEndPoint!).Port}\n"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "root.zone"), zone.ToString(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "unbound.conf"), $"""
            server:
              interface: 127.0.0.1@{port}
              port: {port}
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
              msg-cache-size: 1m
              rrset-cache-size: 1m
              module-config: "iterator"
              unblock-lan-zones: yes
              insecure-lan-zones: yes
              local-zone: "2.0.192.in-addr.arpa." nodefault
              local-zone: "100.51.198.in-addr.arpa." nodefault
              local-zone: "113.0.203.in-addr.arpa." nodefault
              local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
              local-zone: "test." nodefault
              local-zone: "invalid." nodefault
              local-zone: "onion." nodefault
            {local}remote-control:
              control-enable: no
            auth-zone:
              name: "."
              zonefile: "root.zone"
              for-downstream: no
              for-upstream: yes
              fallback-enabled: no
            {stubs}
            """, cancellationToken);
        _daemon = Process.Start(new ProcessStartInfo("/usr/sbin/unbound", ["-d", "-c", Path.Combine(_folder, "unbound.conf")]) { RedirectStandardError = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("unbound does not start");
        Resolver = new DnsClientResolver(s_options with { Servers = [new IPEndPoint(IPAddress.Loopback, port)], QueryTimeout = silent.Count > 0 ? TimeSpan.FromMilliseconds(700) : s_options.QueryTimeout, Retries = silent.Count > 0 ? 0 : 2 });
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (_daemon.HasExited)
            {
                var log = Path.Combine(_folder, "unbound.log");
                throw new IOException($"unbound ended: {await _daemon.StandardError.ReadToEndAsync(cancellationToken)} {(File.Exists(log) ? await File.ReadAllTextAsync(log, cancellationToken) : "")}");
            }

            if ((await Resolver.QueryAsync(new("ns.root-servers.test", DnsType.A), cancellationToken)).Status == DnsStatus.Answer)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        throw new TimeoutException($"nothing answers at port {port}");
    }

    private static int FreePort()
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)udp.Client.LocalEndPoint!).Port;
    }
}
