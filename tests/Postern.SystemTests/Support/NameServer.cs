using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>An unbound in the server's namespace that knows the laboratory's names, one DNS list, and nothing else.</summary>
internal sealed class NameServer : IDisposable
{
    private readonly Process _process;

    private NameServer(Process process) => _process = process;

    /// <summary>The zone of the laboratory's DNS list.</summary>
    public const string DnsList = "dnsbl.example";

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<NameServer> StartAsync(
        Network network, string folder, IReadOnlyList<Host> hosts, IReadOnlyList<string> listed, IReadOnlyList<string> texts, CancellationToken cancellationToken,
        IReadOnlyList<string>? records = null)
    {
        foreach (var client in network.Clients.Values)
        {
            await File.WriteAllTextAsync($"/etc/netns/{client.Namespace}/resolv.conf", $"nameserver {Network.ServerAddress}\n", cancellationToken);
        }

        await File.WriteAllTextAsync($"/etc/netns/{network.Server}/resolv.conf", "nameserver 127.0.0.1\n", cancellationToken);
        var file = Path.Combine(folder, "unbound.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, hosts, listed, texts, records ?? []), cancellationToken);

        var start = new ProcessStartInfo("ip", ["netns", "exec", network.Server, "unbound", "-c", file]) { UseShellExecute = false };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        var server = new NameServer(Process.Start(start) ?? throw new InvalidOperationException("unbound did not start."));
        await Port.WaitUntilOpenAsync(network.Server, IPAddress.Loopback, 53, cancellationToken);
        return server;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Configuration(string folder, IReadOnlyList<Host> hosts, IReadOnlyList<string> listed, IReadOnlyList<string> texts, IReadOnlyList<string> records)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            server:
              interface: 0.0.0.0
              access-control: 0.0.0.0/0 allow
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "{folder}"
              pidfile: "{folder}/unbound.pid"
              use-syslog: no
              logfile: "{folder}/unbound.log"
              module-config: "iterator"
              local-zone: "." static
              local-data: "mx.example.org. A {Network.ServerAddress}"
              local-data: "example.org. MX 10 mx.example.org."

            """);
        foreach (var host in hosts.Where(host => host.Name is not null))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  local-data-ptr: \"{host.Address} {host.Name}\"");
            if (host.ResolvesBack)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  local-data: \"{host.Name}. {(host.IsV6 ? "AAAA" : "A")} {host.Address}\"");
            }
        }

        // The list's test point (RFC 5782, 5).
        foreach (var address in listed.Append("127.0.0.2"))
        {
            var reversed = string.Join('.', address.Split('.').Reverse());
            text.AppendLine(CultureInfo.InvariantCulture, $"  local-data: \"{reversed}.{DnsList}. A 127.0.0.2\"");
        }

        foreach (var record in texts)
        {
            var blank = record.IndexOf(' ', StringComparison.Ordinal);
            text.AppendLine(CultureInfo.InvariantCulture, $"  local-data: '{record[..blank]}. TXT \"{record[(blank + 1)..]}\"'");
        }

        foreach (var record in records)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  local-data: \"{record}\"");
        }

        return text.Append("remote-control:\n  control-enable: no\n").ToString();
    }
}
