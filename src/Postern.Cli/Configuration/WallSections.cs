using Postern.Enforcement.Nftables;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[nftables]</c> and <c>[command]</c>.</summary>
internal static class WallSections
{
    /// <summary>nftables.</summary>
    public static Section<NftablesSettings> Nftables { get; } = new(
    [
        new("enabled", "true or false", static (wall, value) =>
            value.TryFlag(out var flag) ? wall with { Enabled = flag } : wall),
        new("table", "a name of letters, digits and underscores that no other table has", static (wall, value) =>
            value.TryText(out var name) && IsIdentifier(name, value) ? wall with { Table = name } : wall),
        new("verdict", "\"drop\" or \"reject\"", static (wall, value) =>
            value.TryWord(["drop", "reject"], out var word) ? wall with { Reject = word is "reject" } : wall),
        new("hooks", "a list of \"input\" and \"forward\"", static (wall, value) =>
            TryHooks(value, out var hooks) ? wall with { Hooks = hooks } : wall),
        new("compare_every", "a span such as \"1m\", from 1s to 1d", static (wall, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), out var span) ? wall with { CompareEvery = span } : wall),
    ]);

    /// <summary>The operator's program.</summary>
    public static Section<CommandSettings> Command { get; } = new(
    [
        new("ban", "a list: the program's absolute path, then its arguments", static (wall, value) =>
            TryProgram(value, out var words) ? wall with { Ban = words } : wall),
        new("unban", "a list: the program's absolute path, then its arguments", static (wall, value) =>
            TryProgram(value, out var words) ? wall with { Unban = words } : wall),
        new("timeout", "a span such as \"10s\", from 1s to 5m", static (wall, value) =>
            value.TryDuration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), out var span) ? wall with { Timeout = span } : wall),
    ]);

    /// <summary>Reads <c>[command]</c>, which needs both ways.</summary>
    public static CommandSettings? ReadCommand(Reading value)
    {
        var wall = Command.Read(value, new CommandSettings());
        if (value.TryTable(out var table) && !(table.Entries.ContainsKey("ban") && table.Entries.ContainsKey("unban")))
            value.Complain("needs both ban and unban", "a ban that nothing lifts would stay for ever");
        return wall.Ban.Count > 0 && wall.Unban.Count > 0 ? wall : null;
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

    private static bool TryProgram(Reading value, out IReadOnlyList<string> words)
    {
        if (!value.TryTexts(orSingle: false, out words))
            return false;
        if (words.Count > 0 && words[0][0] == '/')
            return true;
        value.Complain(words.Count == 0 ? "is empty" : $"'{words[0]}' is no absolute path");
        return false;
    }
}
