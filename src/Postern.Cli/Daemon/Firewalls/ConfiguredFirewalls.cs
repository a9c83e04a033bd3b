using Postern.Cli.Configuration;
using Postern.Enforcement;
using Postern.Enforcement.Command;
using Postern.Enforcement.DryRun;
using Postern.Enforcement.Nftables;
using Postern.Enforcement.Tables;
using Postern.Facts;

namespace Postern.Cli.Daemon.Firewalls;

/// <summary>The firewalls that a configuration asks for.</summary>
internal static class ConfiguredFirewalls
{
    /// <summary>How nftables is set, with the ports of the built-in jail.</summary>
    public static NftablesOptions Kernel(PosternOptions options) => new()
    {
        Table = options.Nftables.Table,
        Verdict = options.Nftables.Reject ? NftablesVerdict.Reject : NftablesVerdict.Drop,
        Ports = options.Jail.Ports,
        Hooks = options.Nftables.Hooks,
    };

    /// <summary>The firewalls, each with the jails whose bans are for it, or null for all.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="isDryRun">True where nobody is to be kept out.</param>
    /// <param name="tables">The tables of nftables: jails of fail2ban's that close other ports than ours have one of their own. None where nftables is off.</param>
    /// <param name="variables">What the operator's program finds in its environment about the ban of a network.</param>
    /// <param name="time">The clock.</param>
    public static IEnumerable<(IFirewall Firewall, Predicate<string>? Jails)> Of(
        PosternOptions options, bool isDryRun, IReadOnlyList<JailTable> tables, Func<ClientNetwork, IReadOnlyDictionary<string, string>> variables, TimeProvider time)
    {
        if (isDryRun || (!options.Nftables.Enabled && options.Command is null && options.Tables.Count == 0))
        {
            yield return (new DryRunFirewall(), null);
            yield break;
        }

        foreach (var table in tables)
        {
            var kernel = Kernel(options) with { Name = table == tables[0] ? "nftables" : $"nftables, table {table.Name}", Table = table.Name, Ports = table.Ports };
            yield return (new NftablesFirewall(kernel, time), table.Jails);
        }

        foreach (var table in options.Tables)
        {
            yield return (new AccessTable(table, time), null);
        }

        if (options.Command is { } command)
        {
            yield return (new CommandFirewall(new CommandOptions { Ban = command.Ban, Unban = command.Unban, Deadline = command.Timeout, Variables = variables }, time), null);
        }
    }
}
