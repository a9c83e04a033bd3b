using Postern.Enforcement.Nftables;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[nftables]</c> and <c>[command]</c>.</summary>
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

    /// <summary>Reads <c>[command]</c>, which needs both ways.</summary>
    public static CommandSettings? ReadCommand(Reading value)
    {
        var firewall = Command.Read(value, new CommandSettings());
        if (value.TryTable(out var table) && !(table.Entries.ContainsKey("ban") && table.Entries.ContainsKey("unban")))
            value.Complain("needs both ban and unban", "a ban that nothing lifts would stay for ever");
        return firewall.Ban.Count > 0 && firewall.Unban.Count > 0 ? firewall : null;
    }

    private static bool IsIdentifier(string name, Reading value)
    {
        if (name.Length <= 64 && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_'))
            return true;
        value.Complain($"'{name}' is no name for a table");
        return false;
    }

    private static bool TryHooks(Reading value, out IReadOnlyList<NftablesHook> hooks)
    {
        hooks = [];
        if (!value.TryTexts(orSingle: true, out var words))
            return false;
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
            return false;
        if (words.Count > 0 && words[0][0] == '/')
            return true;
        value.Complain(words.Count == 0 ? "is empty" : $"'{words[0]}' is no absolute path");
        return false;
    }
}
