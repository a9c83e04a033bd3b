namespace Postern.Cli.Words;

/// <summary>What <c>import</c> says, in English.</summary>
internal sealed class EnglishImport : IImportWords
{
    /// <inheritdoc/>
    public string Bans(long active, long past, bool isDryRun) =>
        $"{Counts.Of(active, "active ban")} {(isDryRun ? "to take over" : "taken over")}, {Counts.Of(past, "past ban")} noted for the length of the next one";

    /// <inheritdoc/>
    public string Target(bool isDaemon) => isDaemon ? "The running daemon has them." : "They are in the database that the next start reads.";

    /// <inheritdoc/>
    public string InDryRun => "Postern runs in dry-run mode: these bans keep nobody out, and mode = \"enforce\" does not take them over. Import again after the switch.";

    /// <inheritdoc/>
    public string Known(long count) => $"{Counts.Of(count, "ban")} already here";

    /// <inheritdoc/>
    public string Settings(string file) => $"Settings to add to {file}:";

    /// <inheritdoc/>
    public string NoSettings => "No settings to add.";

    /// <inheritdoc/>
    public string Left => "Left to fail2ban:";

    /// <inheritdoc/>
    public string WasLocked(string file) => $"{file} was locked by another program; it was read all the same and may lack the latest bans.";

    /// <inheritdoc/>
    public string NoDatabase(string file, string why) => $"fail2ban's database {file} cannot be read: {why}";

    /// <inheritdoc/>
    public string NoFolder(string folder) => $"{folder}: no jails of fail2ban found there (--fail2ban names another folder)";

    /// <inheritdoc/>
    public string Protected(string networks) => $"{networks}: never banned here (this host, mynetworks or allow)";

    /// <inheritdoc/>
    public string WhyBan(LeftBanReason reason, long count, string jail, string example) =>
        reason switch
        {
            LeftBanReason.NotAnAddress => $"{Counts.Of(count, "ban")} of jail {jail}: by something that is not an address, such as {example}",
            LeftBanReason.TooLarge => $"{Counts.Of(count, "ban")} of jail {jail}: too large a network, such as {example}",
            LeftBanReason.JailNotHere => $"{Counts.Of(count, "ban")} of jail {jail}: the jail does not run in Postern; add [fail2ban] config and import again",
            _ => $"{Counts.Of(count, "ban")} of jail {jail}: this database does not keep their length, and the jail is not enabled",
        };

    /// <inheritdoc/>
    public string WhySetting(LeftSettingReason reason, string jail, string detail) =>
        reason switch
        {
            LeftSettingReason.Actions => "actions: Postern bans with nftables or the program in [command]",
            LeftSettingReason.CannotRun => detail,
            LeftSettingReason.IgnoreCommand => $"ignorecommand of jail {jail}: it holds only while [fail2ban] config runs the jail ({detail})",
            LeftSettingReason.NotAnEntry => $"ignoreip of jail {jail}: '{detail}' is not an address, network or DNS name",
            LeftSettingReason.IgnoresEverybody => $"ignoreip of jail {jail}: {detail} would allow everybody",
            LeftSettingReason.Formula => $"bantime.increment of jail {jail}: the rule is not one factor ({detail}); set bantime_factor by hand",
            LeftSettingReason.RandomTime => $"bantime.rndtime of jail {jail}: no counterpart in [jail]",
            LeftSettingReason.AllJails => $"{detail} of jail {jail}: no counterpart in [jail]",
            _ => $"jail {jail}: the built-in jail has the settings of {detail}",
        };
}
