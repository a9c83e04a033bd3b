using System.Diagnostics;
using System.Net.Sockets;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

using static FirewallLaboratory;

/// <summary>Beside ufw, firewalld and iptables: a ban holds whatever they let in, survives their reload, and leaves their rules alone; an ipset by the documented commands.</summary>
public sealed class OtherFirewallTests : IAsyncLifetime
{
    private const string Abuser = "192.0.2.10";
    private const string Sender = "192.0.2.11";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-others-");
    private readonly List<Process> _services = [];
    private FirewallLaboratory _laboratory = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _laboratory = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
            service.Dispose();
        }

        await _laboratory.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Beside_ufw()
    {
        // Its settings are a copy that only these commands see.
        await ShellAsync($"cp -a /etc/ufw {_folder}/ufw; cp -a /etc/default/ufw {_folder}/default");
        string Ufw(string commands) => $"mount --bind {_folder}/ufw /etc/ufw; mount --bind {_folder}/default /etc/default/ufw; {commands}";
        await InServerAsync(Ufw("ufw --force enable; ufw allow 25/tcp"));
        await HoldsAsync(() => InServerAsync(Ufw("ufw reload")));
        await InServerAsync(Ufw("ufw --force disable"));
    }

    [Theory]
    [InlineData("iptables-legacy", "ip6tables-legacy")]
    [InlineData("iptables-nft", "ip6tables-nft")]
    public async Task Beside_iptables(string v4, string v6)
    {
        string Rules(string program) => $"{program} -F INPUT; {program} -P INPUT DROP; {program} -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; {program} -A INPUT -p tcp --dport 25 -j ACCEPT; ";
        // The neighbour discovery of IPv6 is let in, as every firewall does.
        var all = $"{Rules(v4)}{Rules(v6)}{v6} -A INPUT -p ipv6-icmp -j ACCEPT";
        await InServerAsync(all);
        await HoldsAsync(() => InServerAsync(all));
    }

    [Fact]
    public async Task Beside_firewalld()
    {
        var bus = Path.Combine(_folder.FullName, "bus");
        await File.WriteAllTextAsync(bus + ".conf", $"""
            <busconfig><type>system</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth>
            <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
            """, Stop);
        Serve("dbus-daemon", $"--config-file={bus}.conf", "--nofork", "--nopidfile");
        await UntilAsync(() => Task.FromResult(File.Exists(bus)));
        var address = $"export DBUS_SYSTEM_BUS_ADDRESS=unix:path={bus}; ";
        Serve("ip", "netns", "exec", _laboratory.Server, "sh", "-c", $"{address}exec firewalld --nofork --nopid");
        await UntilAsync(async () => (await RunAsync("sh", "-c", $"{address}firewall-cmd --state")).ExitCode == 0);
        await ShellAsync($"{address}firewall-cmd --add-service=smtp");
        await HoldsAsync(() => ShellAsync($"{address}firewall-cmd --reload; firewall-cmd --add-service=smtp"));
    }

    [Fact]
    public async Task An_ipset_by_the_commands_of_the_documentation()
    {
        var block = await File.ReadAllLinesAsync(Path.Combine(Machine.RepositoryRoot(), "docs", "firewalls.md"), Stop);
        string[] lines = [.. block.SkipWhile(static line => line is not "## ipset and iptables").Skip(1).TakeWhile(static line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("    ", StringComparison.Ordinal)).Select(static line => line.Trim())];
        await InServerAsync(string.Join("; ", lines.TakeWhile(static line => line[0] is not '[')));
        var settings = string.Join('\n', lines.SkipWhile(static line => line[0] is not '['));
        var log = Path.Combine(_folder.FullName, "mail.log");
        await File.WriteAllTextAsync(log, "", Stop);

        await using var postern = await RunningPostern.StartAsync(log, _laboratory.Server, settings, Stop);
        (await postern.AskAsync("ban", Abuser, "2001:db8:9::1", "--for", "10m")).OrThrow("ban");
        await UntilAsync(async () => !await ReachesAsync(Abuser));
        (await ReachesAsync(Abuser, OtherPort)).ShouldBeTrue();
        (await ReachesAsync(Sender)).ShouldBeTrue();
        await UntilAsync(async () => (await InServerAsync("ipset list postern6")).Contains("2001:db8:9::/64 timeout ", StringComparison.Ordinal));
        (await InServerAsync("ipset list postern4")).ShouldMatch("192\\.0\\.2\\.10 timeout \\d+");
        (await postern.AskAsync("unban", Abuser)).ExitCode.ShouldBe(0);
        await UntilAsync(() => ReachesAsync(Abuser));
        await postern.StopAsync();
    }

    // What they let in is banned all the same, what they do to their own rules does not touch ours, and the other way round.
    private async Task HoldsAsync(Func<Task> reload)
    {
        (await ReachesAsync(Abuser)).ShouldBeTrue();
        (await ReachesAsync(Abuser, OtherPort)).ShouldBeFalse();
        var before = await TheirRulesAsync();
        var firewall = _laboratory.Firewall();
        var ban = Entry(Abuser);
        await firewall.OpenAsync([ban], Stop);
        (await ReachesAsync(Abuser)).ShouldBeFalse();
        (await ReachesAsync(Sender)).ShouldBeTrue();

        await reload();
        (await ReachesAsync(Abuser)).ShouldBeFalse();
        (await ReachesAsync(Sender)).ShouldBeTrue();
        (await firewall.CompareAsync(() => [ban], isThorough: true, Stop)).IsNone.ShouldBeTrue();

        await firewall.CloseAsync(Stop);
        (await ReachesAsync(Abuser)).ShouldBeTrue();
        (await ReachesAsync(Abuser, OtherPort)).ShouldBeFalse();
        (await TheirRulesAsync()).ShouldBe(before);
    }

    // Some answer that nobody may come in, and some say nothing.
    private async Task<bool> ReachesAsync(string client, int port = MailPort)
    {
        try
        {
            return await _laboratory.ReachesAsync(client, port);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<string> TheirRulesAsync() => string.Join(' ', (await _laboratory.NftAsync("list", "tables")).Split('\n').Order(StringComparer.Ordinal));

    private Task<string> InServerAsync(string commands) => ShellAsync(commands, "ip", "netns", "exec", _laboratory.Server);

    private static async Task<string> ShellAsync(string commands, params string[] within) =>
        (await RunAsync([.. within, "unshare", "-m", "sh", "-ec", commands])).OrThrow(commands).Output;

    private static Task<CommandResult> RunAsync(params string[] command) => Command.RunAsync(command, TimeSpan.FromSeconds(60), cancellationToken: Stop);

    private void Serve(params string[] command) => _services.Add(Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!);

    private static Task UntilAsync(Func<Task<bool>> isSo) => Waiting.UntilAsync(isSo, TimeSpan.FromSeconds(90), Stop);
}
