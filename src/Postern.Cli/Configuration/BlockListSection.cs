using Postern.Enforcement.BlockLists;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[[blocklist]]</c>.</summary>
internal static class BlockListSection
{
    // A set of nftables is called by it, with a few letters more.
    private const int LongestName = 24;

    /// <summary>The keys.</summary>
    public static Section<BlockListOptions> Keys { get; } = new(
    [
        new("name", "1 to 24 letters, digits and underscores", static (list, value) =>
            value.TryText(out var name) && IsName(name, value) ? list with { Name = name } : list),
        new("path", "the absolute path of a file", static (list, value) =>
            value.TryPath(out var path) ? list with { Path = path } : list),
        new("command", "a list: the program's absolute path, then its arguments", static (list, value) =>
            FirewallSections.TryProgram(value, out var words) ? list with { Command = words } : list),
        new("every", "a span such as \"1h\", from 1m to 7d", static (list, value) =>
            value.TryDuration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(7), out var span) ? list with { Every = span } : list),
        new("timeout", "a span such as \"1m\", from 1s to 10m", static (list, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), out var span) ? list with { Timeout = span } : list),
    ]);

    /// <summary>Reads all lists, each of which needs a name of its own, and either a file or a program.</summary>
    public static IReadOnlyList<BlockListOptions> Read(Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return [];
        }

        var lists = new List<BlockListOptions>();
        foreach (var item in items)
        {
            var list = Keys.Read(item, new BlockListOptions());
            if (list.Name.Length == 0)
            {
                item.Complain("needs a name", "write name = \"drop\"");
            }
            else if (lists.Exists(other => string.Equals(other.Name, list.Name, StringComparison.Ordinal)))
            {
                item.Complain($"'{list.Name}' is the name of another list", "give each list a name of its own");
            }
            else if ((list.Path is null) == (list.Command.Count == 0))
            {
                item.Complain("needs either a path or a command", "write path = \"/var/lib/postern/drop.txt\"");
            }
            else
            {
                lists.Add(list);
            }
        }

        return lists;
    }

    private static bool IsName(string name, Reading value)
    {
        if (name.Length is > 0 and <= LongestName && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_') && name is not "spared")
        {
            return true;
        }

        value.Complain($"'{name}' cannot be the name of a list");
        return false;
    }
}
