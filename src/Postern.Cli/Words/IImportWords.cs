namespace Postern.Cli.Words;

/// <summary>What <c>import</c> says.</summary>
internal interface IImportWords
{
    /// <summary>How many bans were, or would be, taken over.</summary>
    string Bans(long active, long past, bool isDryRun);

    /// <summary>Who took them.</summary>
    string Target(bool isDaemon);

    /// <summary>The daemon bans nobody now.</summary>
    string InDryRun { get; }

    /// <summary>Bans that are here already.</summary>
    string Known(long count);

    /// <summary>The heading of the settings.</summary>
    string Settings(string file);

    /// <summary>No settings to add.</summary>
    string NoSettings { get; }

    /// <summary>The heading of what was left.</summary>
    string Left { get; }

    /// <summary>The database was locked.</summary>
    string WasLocked(string file);

    /// <summary>The database cannot be read.</summary>
    string NoDatabase(string file, string why);

    /// <summary>There is no fail2ban.</summary>
    string NoFolder(string folder);

    /// <summary>Networks that are never banned here.</summary>
    string Protected(string networks);

    /// <summary>Why bans were left.</summary>
    string WhyBan(LeftBanReason reason, long count, string jail, string example);

    /// <summary>Why a setting was left.</summary>
    string WhySetting(LeftSettingReason reason, string jail, string detail);
}

/// <summary>Why a ban of fail2ban's is not taken over.</summary>
internal enum LeftBanReason
{
    /// <summary>It bans something that is no address.</summary>
    NotAnAddress,
    /// <summary>It bans too large a network.</summary>
    TooLarge,
    /// <summary>Its jail does not run in Postern.</summary>
    JailNotHere,
    /// <summary>Its length is not known.</summary>
    UnknownLength,
}

/// <summary>Why a setting of fail2ban's is not taken over.</summary>
internal enum LeftSettingReason
{
    /// <summary>Actions have no counterpart.</summary>
    Actions,
    /// <summary>A jail that Postern cannot run.</summary>
    CannotRun,
    /// <summary>A program that says whom to ignore.</summary>
    IgnoreCommand,
    /// <summary>An entry of ignoreip that is neither address nor name.</summary>
    NotAnEntry,
    /// <summary>An entry of ignoreip that ignores everybody.</summary>
    IgnoresEverybody,
    /// <summary>A rule for longer bans that is not a factor.</summary>
    Formula,
    /// <summary>A random addition to the length of bans.</summary>
    RandomTime,
    /// <summary>Bans of all jails count.</summary>
    AllJails,
    /// <summary>A further jail for Postfix.</summary>
    SecondPostfixJail,
}
