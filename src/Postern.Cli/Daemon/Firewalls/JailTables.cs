using Postern.Cli.Configuration;
using Postern.Facts;

namespace Postern.Cli.Daemon.Firewalls;

/// <summary>A table of nftables.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ports">The TCP ports that it closes; empty for all.</param>
/// <param name="Jails">The jails whose bans stand in it; null for all.</param>
internal sealed record JailTable(string Name, IReadOnlyList<int> Ports, Predicate<string>? Jails);

/// <summary>
/// Deals jails out to tables by the ports that they close: whoever guesses passwords of ssh is not kept from delivering mail,
/// and an abusive client of the mail ports may still be the administrator at home who must log in.
/// </summary>
internal static class JailTables
{
    /// <summary>The tables, the one of our own jails first.</summary>
    /// <param name="options">Our own jails, and the name of their table.</param>
    /// <param name="fail2Ban">The ports of fail2ban's jails, by their name.</param>
    public static IReadOnlyList<JailTable> Of(PosternOptions options, IReadOnlyDictionary<string, IReadOnlyList<int>> fail2Ban)
    {
        var jails = options.AllJails;
        int[] ours = jails.Any(jail => jail.Ports.Count == 0) ? [] : [.. jails.SelectMany(jail => jail.Ports).Distinct().Order()];
        var others = fail2Ban.Where(jail => !jail.Value.SequenceEqual(ours)).GroupBy(jail => string.Join(',', jail.Value), StringComparer.Ordinal)
            .Select(group => (group.First().Value, Names: group.Select(jail => jail.Key).ToHashSet(StringComparer.Ordinal))).ToList();
        if (others.Count == 0)
        {
            return [new JailTable(options.Nftables.Table, ours, null)];
        }

        return
        [
            // A jail that no file names any more closed what ours close.
            new JailTable(options.Nftables.Table, ours, jail => !others.Exists(other => other.Names.Contains(jail))),
            .. others.Select(other => new JailTable(
                NameOf(options.Nftables.Table, other.Value), other.Value, jail => jail is Ban.OperatorJail || other.Names.Contains(jail))),
        ];
    }

    // By the ports, which stay when jails come and go.
    private static string NameOf(string table, IReadOnlyList<int> ports)
    {
        var text = ports.Count == 0 ? "all" : string.Join('_', ports);
        return text.Length <= 40 ? $"{table}_{text}" : $"{table}_{text[..24]}_{StableHash.Of(System.Text.Encoding.ASCII.GetBytes(text)):x16}";
    }
}
