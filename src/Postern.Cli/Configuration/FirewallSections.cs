using Postern.Enforcement.Nftables;
using Postern.Enforcement.Tables;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[nftables]</c>, <c>[[table]]</c> and <c>[command]</c>.</summary>
internal static class FirewallSections
{
    /// <summary>nftables.</summary>
    public static Section<NftablesSettings> Nftables { get; } = new(
    [
        new("enabled", "true or false", static (firewall, value) =>
            value.TryFlag(out var flag) ? firewall with { Enabled = flag } : firewall),
        new("table", "a name of letters, digits and underscores that no other table has", static (firewall, value) =>
            value.TryText(out var name) && IsIdentifier(name, value) ? firewall with { Table = name } : firewall),
        new("verdict", "\"drop\" or \"reject\"", static (firewall, value) =>
            value.TryWord(["drop", "reject"], out var word) ? firewall with { Reject = word is "reject" } : firewall),
        new("hooks", "a list of \"input\" and \"forward\"", static (firewall, value) =>
            TryHooks(value, out var hooks) ? firewall with { Hooks = hooks } : firewall),
        new("compare_every", "a span such as \"1m\", from 1s to 1d", static (firewall, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), out var span) ? firewall with { CompareEvery = span } : firewall),
    ]);

    /// <summary>The operator's program.</summary>
    public static Section<CommandSettings> Command { get; } = new(
    [
        new("ban", "a list: the program's absolute path, then its arguments", static (firewall, value) =>
            TryProgram(value, out var words) ? firewall with { Ban = words } : firewall),
        new("unban", "a list: the program's absolute path, then its arguments", static (firewall, value) =>
            TryProgram(value, out var words) ? firewall with { Unban = words } : firewall),
        new("timeout", "a span such as \"10s\", from 1s to 5m", static (firewall, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), out var span) ? firewall with { Timeout = span } : firewall),
    ]);

    /// <summary>A file of those who are banned.</summary>
    public static Section<AccessTableOptions> Table { get; } = new(
    [
        new("path", "the absolute path of a file", static (table, value) =>
            value.TryPath(out var path) ? table with { Path = path } : table),
        new("form", "\"postscreen\", \"smtpd\" or \"list\"", static (table, value) =>
            value.TryWord(["postscreen", "smtpd", "list"], out var word)
                ? table with { Form = word switch { "postscreen" => AccessTableForm.Postscreen, "smtpd" => AccessTableForm.Smtpd, _ => AccessTableForm.List } } : table),
        new("answer", "what smtpd answers, such as \"421 4.7.0 Try again later\"", static (table, value) =>
            value.TryText(out var text) && IsAnswer(text, value) ? table with { Answer = text } : table),
    ]);

    /// <summary>Reads all tables, each of which needs a path of its own.</summary>
    public static IReadOnlyList<AccessTableOptions> ReadTables(Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return [];
        }

        var tables = new List<AccessTableOptions>();
        foreach (var item in items)
        {
            var table = Table.Read(item, new AccessTableOptions { Path = "" });
            if (table.Path.Length == 0)
            {
                item.Complain("needs a path", "write path = \"/var/lib/postern/postscreen_access.cidr\"");
            }
            else if (tables.Exists(other => string.Equals(other.Path, table.Path, StringComparison.Ordinal)))
            {
                item.Complain($"{table.Path} is the file of another table", "give each table a file of its own");
            }
            else
            {
                tables.Add(table);
            }
        }

        return tables;
    }

    // Only a reply that asks to come back, or refuses: a banned client must not be let in by a slip.
    private static bool IsAnswer(string text, Reading value)
    {
        if (text.Length is > 4 and <= 200 && text[0] is '4' or '5' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && text[3] == ' '
            && text.All(static c => c is >= ' ' and <= '~'))
        {
            return true;
        }

        value.Complain($"'{text}' is no reply of SMTP that begins with 4 or 5");
        return false;
    }

    /// <summary>Reads <c>[command]</c>, which needs both ways.</summary>
    public static CommandSettings? ReadCommand(Reading value)
    {
        var firewall = Command.Read(value, new CommandSettings());
        if (value.TryTable(out var table) && !(table.Entries.ContainsKey("ban") && table.Entries.ContainsKey("unban")))
        {
            value.Complain("needs both ban and unban", "a ban that nothing lifts would stay for ever");
        }

        return firewall.Ban.Count > 0 && firewall.Unban.Count > 0 ? firewall : null;
    }

    private static bool IsIdentifier(string name, Reading value)
    {
        if (name.Length <= 64 && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_'))
        {
            return true;
        }

        value.Complain($"'{name}' is no name for a table");
        return false;
    }

    private static bool TryHooks(Reading value, out IReadOnlyList<NftablesHook> hooks)
    {
        hooks = [];
        if (!value.TryTexts(orSingle: true, out var words))
        {
            return false;
        }

        if (words.FirstOrDefault(static word => word is not ("input" or "forward")) is { } unknown)
        {
            value.Complain($"'{unknown}' is no hook");
            return false;
        }

        if (words.Count == 0)
        {
            value.Complain("is empty", "a ban would keep out nobody; without nftables, say enabled = false");
            return false;
        }

        hooks = [.. words.Distinct(StringComparer.Ordinal).Select(static word => word is "forward" ? NftablesHook.Forward : NftablesHook.Input)];
        return true;
    }

    /// <summary>Reads a program and its arguments.</summary>
    internal static bool TryProgram(Reading value, out IReadOnlyList<string> words)
    {
        if (!value.TryTexts(orSingle: false, out words))
        {
            return false;
        }

        if (words.Count > 0 && words[0][0] == '/')
        {
            return true;
        }

        if (words.Count == 0)
        {
            value.Complain("is empty");
        }
        else
        {
            value.Complain($"'{words[0]}' is no absolute path");
        }

        return false;
    }
}
