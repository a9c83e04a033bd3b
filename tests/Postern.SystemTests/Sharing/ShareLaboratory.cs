using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Sharing;

/// <summary>Hosts that share over a Redis of their own, each with a firewall in a namespace of its own, joined by a bridge.</summary>
internal sealed class ShareLaboratory : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-share-").FullName;
    private readonly Network _network;
    private readonly ShareServerKind _kind;
    private readonly List<RunningPostern> _hosts = [];
    private readonly List<AbuseLog> _logs = [];
    private NameServer? _names;
    private Process? _redis;

    private ShareLaboratory(Network network, ShareServerKind kind) => (_network, _kind) = (network, kind);

    /// <summary>The hosts.</summary>
    public IReadOnlyList<RunningPostern> Hosts => _hosts;

    /// <summary>Makes it, with that many hosts.</summary>
    /// <param name="hosts">How many.</param>
    /// <param name="more">More of the configuration of each.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="kind">Which server; Redis by default.</param>
    public static async Task<ShareLaboratory> OpenAsync(int hosts, string more, CancellationToken cancellationToken, ShareServerKind? kind = null)
    {
        Machine.RequireLaboratory();
        var laboratory = new ShareLaboratory(await Network.CreateAsync([.. Enumerable.Range(0, hosts).Select(static i => new Host($"192.0.2.{101 + i}"))], latePort: 0, cancellationToken), kind ?? new ShareServerKind());
        try
        {
            await laboratory.BeginAsync(hosts, more, cancellationToken);
            return laboratory;
        }
        catch
        {
            await laboratory.DisposeAsync();
            throw;
        }
    }

    /// <summary>The namespace of a host.</summary>
    public string NamespaceOf(int host) => _network.Clients[$"192.0.2.{101 + host}"].Namespace;

    /// <summary>The log that a host follows.</summary>
    public AbuseLog LogOf(int host) => _logs[host];

    /// <summary>Where the policy server of a host listens, where it does.</summary>
    public string PolicyOf(int host) => Path.Combine(_folder, $"policy{host}");

    /// <summary>Begins Redis.</summary>
    public async Task StartRedisAsync(CancellationToken cancellationToken)
    {
        var command = _kind.ServerCommand(_network.Server, _folder);
        _redis = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, UseShellExecute = false })!;
        _redis.OutputDataReceived += static (_, _) => { };
        _redis.BeginOutputReadLine();
        while ((await TryRedisAsync("ping")).Output.Trim() is not "PONG")
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Kills Redis, with all that it knew but for what it was told to save.</summary>
    public async Task KillRedisAsync()
    {
        _redis!.Kill();
        await _redis.WaitForExitAsync();
        _redis.Dispose();
        _redis = null;
    }

    /// <summary>Sends Redis a signal.</summary>
    public Task SignalRedisAsync(string name) => Command.RunAsync(["kill", $"-{name}", _redis!.Id.ToString(CultureInfo.InvariantCulture)], s_patience);

    /// <summary>Asks Redis.</summary>
    public async Task<string> RedisAsync(params string[] command) => (await TryRedisAsync(command)).OrThrow("redis-cli").Output.Trim();

    /// <summary>Runs a command at the server's namespace.</summary>
    public async Task AtServerAsync(params string[] command) => (await Command.RunAsync(["ip", "netns", "exec", _network.Server, .. command], s_patience)).OrThrow(command[0]);

    /// <summary>What doctor says at a host.</summary>
    public async Task<string> DoctorAsync(int host) =>
        (await Command.RunAsync(["ip", "netns", "exec", NamespaceOf(host), PosternProgram.Path, "doctor", "--lang", "en", "--config", _hosts[host].Config], s_patience)).Output;

    /// <summary>Returns when every host says that it is connected.</summary>
    public async Task ConnectedAsync(CancellationToken cancellationToken)
    {
        foreach (var host in _hosts)
        {
            await UntilAsync(async () => (await host.StatusAsync()).GetProperty("sharing").GetProperty("state").GetString() is "connected", () => host.Words, s_patience, cancellationToken);
        }
    }

    /// <summary>Returns when all hosts and their kernels hold these bans and no others; fails after 10 s.</summary>
    public async Task HoldAsync(string[] networks, CancellationToken cancellationToken)
    {
        var shown = "";
        await UntilAsync(
            async () =>
            {
                foreach (var (i, host) in _hosts.Index())
                {
                    var (bans, kernel) = (await host.BansAsync(), await KernelBans.ReadAsync(NamespaceOf(i)));
                    if (!bans.SequenceEqual(networks, StringComparer.Ordinal) || !kernel.SetEquals(networks))
                    {
                        shown = $"host {i} has {string.Join(", ", bans)}; its kernel {string.Join(", ", kernel)}; wanted {string.Join(", ", networks)}\n{host.Words}";
                        return false;
                    }
                }

                return true;
            },
            () => shown, TimeSpan.FromSeconds(10), cancellationToken);
    }

    /// <summary>A host's bans with their hosts.</summary>
    public static async Task<IReadOnlyList<(string Network, string Host)>> BansOfAsync(RunningPostern host)
    {
        using var reply = JsonDocument.Parse((await host.AskAsync("bans", "--format", "json")).OrThrow("bans").Output);
        return [.. reply.RootElement.GetProperty("bans").EnumerateArray().Select(static ban => (ban.GetProperty("network").GetString()!, ban.GetProperty("host").GetString()!))];
    }

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(Func<Task<bool>> isSo, Func<string> shown, TimeSpan patience, CancellationToken cancellationToken) => Waiting.UntilAsync(isSo, patience, cancellationToken, shown);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        if (_redis is not null)
        {
            await SignalRedisAsync("CONT");
            await KillRedisAsync();
        }

        _names?.Dispose();
        _logs.ForEach(static log => log.Dispose());
        await _network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(int hosts, string more, CancellationToken cancellationToken)
    {
        var key = Path.Combine(_folder, "site.key");
        await File.WriteAllTextAsync(key, "a secret of at least sixteen bytes\n", cancellationToken);
        _names = await NameServer.StartAsync(_network, _folder, [], [], ["nowhere.example nothing to do with mail"], cancellationToken);
        await _kind.PrepareAsync(_folder, Network.ServerAddress, cancellationToken);
        await StartRedisAsync(cancellationToken);
        for (var i = 0; i < hosts; i++)
        {
            _logs.Add(new AbuseLog());
            var sharing = $"{more.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{folder}", _folder, StringComparison.Ordinal)}\n{_kind.Settings(i, _folder)}\n";
            _hosts.Add(await RunningPostern.PrepareAsync(_logs[i].Path, NamespaceOf(i), sharing, "", cancellationToken, $"{Network.ServerAddress}:53"));
        }

        await Task.WhenAll(_hosts.Select(host => host.StartAgainAsync(cancellationToken)));
        if (!_kind.IsDistrusted)
        {
            await ConnectedAsync(cancellationToken);
        }
    }

    private Task<CommandResult> TryRedisAsync(params string[] command) => Command.RunAsync(["ip", "netns", "exec", _network.Server, .. _kind.Client(_folder), .. command], s_patience);
}
