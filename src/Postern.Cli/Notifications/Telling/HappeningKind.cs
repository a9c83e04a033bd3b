using Postern.Cli.Configuration;

namespace Postern.Cli.Notifications.Telling;

/// <summary>What happened.</summary>
internal enum HappeningKind : byte
{
    /// <summary>A ban was made.</summary>
    Ban,
    /// <summary>A ban was lifted before its time.</summary>
    Unban,
    /// <summary>A ban ended at its time.</summary>
    BanEnded,
    /// <summary>A ban was not made, because the client is protected.</summary>
    Spared,
    /// <summary>Many bans within a short time.</summary>
    BanWave,
    /// <summary>The brake was pulled.</summary>
    BrakePulled,
    /// <summary>The brake was released.</summary>
    BrakeReleased,
    /// <summary>An account that others than its owner use.</summary>
    AccountTakeover,
    /// <summary>A source cannot be read.</summary>
    SourceUnreadable,
    /// <summary>A source gives no lines.</summary>
    SourceSilent,
    /// <summary>A source gives lines again.</summary>
    SourceRecovered,
    /// <summary>A DNS list does not pass its test.</summary>
    DnsListBroken,
    /// <summary>A DNS list passes its test again.</summary>
    DnsListRecovered,
    /// <summary>A stranger sends to others through this server.</summary>
    OpenRelay,
    /// <summary>Postfix misses something that it needs.</summary>
    ServerTrouble,
    /// <summary>The database cannot be written.</summary>
    DatabaseTrouble,
    /// <summary>The database can be written again.</summary>
    DatabaseRecovered,
    /// <summary>The database was damaged, and a new one was made.</summary>
    DatabaseDamaged,
    /// <summary>What a firewall has to say.</summary>
    Firewall,
    /// <summary>A part of Postern failed.</summary>
    Fault,
    /// <summary>Events found no place, or could not be written.</summary>
    EventsLost,
    /// <summary>The service began.</summary>
    Start,
    /// <summary>The service ends.</summary>
    Stop,
    /// <summary>The summary of a day.</summary>
    Digest,
    /// <summary>A test.</summary>
    Test,
}

/// <summary>The names of what happened, for programs; fixed for all releases.</summary>
internal static class HappeningKinds
{
    private static readonly (string Action, NotificationTopic? Topic, bool IsAlert)[] s_rows =
    [
        ("ban", NotificationTopic.Ban, false), ("unban", NotificationTopic.Unban, false), ("ban-ended", NotificationTopic.Unban, false), ("spared", NotificationTopic.Spared, false),
        ("ban-wave", NotificationTopic.BanWave, true), ("brake-pulled", NotificationTopic.Brake, true), ("brake-released", NotificationTopic.Brake, false),
        ("account-takeover", NotificationTopic.AccountTakeover, true),
        ("source-unreadable", NotificationTopic.Source, true), ("source-silent", NotificationTopic.Source, true), ("source-recovered", NotificationTopic.Source, false),
        ("dns-list-broken", NotificationTopic.DnsList, true), ("dns-list-recovered", NotificationTopic.DnsList, false), ("open-relay", NotificationTopic.OpenRelay, true),
        ("server-trouble", NotificationTopic.ServerTrouble, true), ("database-trouble", NotificationTopic.PosternTrouble, true),
        ("database-recovered", NotificationTopic.PosternTrouble, false), ("database-damaged", NotificationTopic.PosternTrouble, true),
        ("firewall", NotificationTopic.PosternTrouble, true), ("fault", NotificationTopic.PosternTrouble, true), ("events-lost", null, true),
        ("start", null, false), ("stop", null, false), ("digest", NotificationTopic.Digest, false), ("test", null, false),
    ];

    /// <summary>The name: <c>brake-pulled</c>.</summary>
    public static string Action(this HappeningKind kind) => s_rows[(int)kind].Action;

    /// <summary>What a message about it is about; null where nobody but the file of events is told.</summary>
    public static NotificationTopic? Topic(this HappeningKind kind) => s_rows[(int)kind].Topic;

    /// <summary>True where somebody should see to it.</summary>
    public static bool IsAlert(this HappeningKind kind) => s_rows[(int)kind].IsAlert;
}
