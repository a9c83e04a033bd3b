using Postern.Cli.Postfix.Doctor;

namespace Postern.Cli.Setup;

/// <summary>A parameter of main.cf that <c>setup</c> sets.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">Its new value.</param>
/// <param name="Before">What main.cf says so far; null where it says nothing and the default holds.</param>
internal sealed record PostfixSetting(string Name, string Value, string? Before)
{
    /// <summary>The command that sets it.</summary>
    public string Command => $"postconf -e {TableFix.Quoted($"{Name} = {Value}")}";

    /// <summary>The command that takes it back.</summary>
    public string Undo => Before is null ? $"postconf -X {Name}" : $"postconf -e {TableFix.Quoted($"{Name} = {Before}")}";

    /// <summary>Reads a fix of the doctor's; empty where it is another command than <c>postconf -e</c>.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string command)
    {
        const string Start = "postconf -e '";
        if (!command.StartsWith(Start, StringComparison.Ordinal) || !command.EndsWith('\''))
        {
            return [];
        }

        var settings = command[Start.Length..^1].Split("' '").Select(static setting => setting.Split('=', 2, StringSplitOptions.TrimEntries)).ToList();
        return settings.TrueForAll(static pair => pair.Length == 2 && !pair[0].Contains('\'', StringComparison.Ordinal) && !pair[1].Contains('\'', StringComparison.Ordinal))
            ? [.. settings.Select(static pair => (pair[0], pair[1]))]
            : [];
    }
}
