using System.Globalization;

namespace Postern.Cli.Configuration;

/// <summary>Which keys differ between two readings of the configuration.</summary>
internal static class ConfigChanges
{
    // What the start builds: sockets, firewalls, the database, tables of a fixed size.
    private static readonly string[] s_startOnly =
    [
        "mode", "state", "socket", "retention", "notices", "nftables", "table", "command", "greylisting", "sharing", "jail.ports",
        "policy.listen", "policy.owner", "policy.group", "policy.socket_mode",
        "milter.listen", "milter.owner", "milter.group", "milter.socket_mode", "milter.trust", "milter.max_message",
    ];

    /// <summary>The keys whose values differ, by name; lists count as a whole.</summary>
    public static IReadOnlyList<string> Between(LoadedConfig before, LoadedConfig after)
    {
        var (old, now) = (Values(before), Values(after));
        var keys = old.Keys.Union(now.Keys, StringComparer.Ordinal).Where(key => !string.Equals(old.GetValueOrDefault(key), now.GetValueOrDefault(key), StringComparison.Ordinal));
        var ports = PortsOf(before).SetEquals(PortsOf(after)) ? [] : (string[])["jails.ports"];
        // Those of the page are no concern of the daemon: postern-web takes them when it starts.
        return [.. keys.Concat(ports).Where(static key => !key.StartsWith("web.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>True for a key that a reload cannot change.</summary>
    public static bool NeedsRestart(string key) =>
        key is "jails.ports" || s_startOnly.Any(start => string.Equals(key, start, StringComparison.Ordinal) || key.StartsWith(start + ".", StringComparison.Ordinal));

    // Those of [jail] are a key of their own.
    private static HashSet<int> PortsOf(LoadedConfig config) => [.. config.Options.Jails.SelectMany(static jail => jail.Ports)];

    private static Dictionary<string, string> Values(LoadedConfig config)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (config.Root is { } root)
        {
            Collect(root, "", values);
        }

        return values;
    }

    private static void Collect(ConfigTable table, string prefix, Dictionary<string, string> values)
    {
        foreach (var (name, value) in table.Entries)
        {
            if (value is ConfigTable inner)
            {
                Collect(inner, $"{prefix}{name}.", values);
            }
            else
            {
                values[prefix + name] = Text(value);
            }
        }
    }

    private static string Text(ConfigValue value) => value switch
    {
        ConfigText text => "\"" + text.Text,
        ConfigNumber number => number.Number.ToString("R", CultureInfo.InvariantCulture),
        ConfigFlag flag => flag.Flag ? "true" : "false",
        ConfigList list => string.Join('\n', list.Items.Select(static item => $"[{Text(item)}]")),
        ConfigTable table => string.Join('\n', table.Entries.Select(static pair => $"{pair.Key}={Text(pair.Value)}")),
        _ => "",
    };
}
