using Postern.Cli.Configuration;

namespace Postern.Cli.Words;

/// <summary>What alerts, summaries and webhooks say.</summary>
internal interface INotificationWords
{
    /// <summary>The heading of a message: the server, what it is about, how many.</summary>
    string Title(string host, string topics, long count, bool isDryRun);

    /// <summary>What a topic is called.</summary>
    string Topic(NotificationTopic topic);

    /// <summary>What a test is called.</summary>
    string TestTitle { get; }

    /// <summary>Between two topics.</summary>
    string Comma { get; }

    /// <summary>What was left out.</summary>
    string More(long count);

    /// <summary>The last line of a mail.</summary>
    string Footer { get; }

    /// <summary>A ban.</summary>
    string Ban(string network, string until, string jail, string reason, bool isDryRun);

    /// <summary>A ban that was lifted.</summary>
    string Lifted(string network, string jail, bool isDryRun);

    /// <summary>A ban that ended.</summary>
    string Ended(string network, string jail, bool isDryRun);

    /// <summary>A ban that was withheld.</summary>
    string Spared(string client, string jail, string detail);

    /// <summary>A ban wave.</summary>
    string Wave(long bans, bool isDryRun);

    /// <summary>The brake was pulled.</summary>
    string BrakePulled(string reason, string why, long bans);

    /// <summary>The brake was released.</summary>
    string BrakeReleased(string reason, bool inFull, long bans);

    /// <summary>An account takeover.</summary>
    string Takeover(string user, long addresses, long networks, string from);

    /// <summary>A source that cannot be read.</summary>
    string Unreadable(string source, string why);

    /// <summary>A source that gives no lines.</summary>
    string Silent(string source, string since);

    /// <summary>A source that gives lines again.</summary>
    string Readable(string source);

    /// <summary>A DNS list that was switched off.</summary>
    string ListBroken(string list, string why);

    /// <summary>A DNS list that is in use again.</summary>
    string ListRecovered(string list);

    /// <summary>A stranger sends through this server.</summary>
    string Relay(string client, string domains, string advice);

    /// <summary>Trouble of the server's own.</summary>
    string Trouble(string name, long lines, string detail, string advice);

    /// <summary>The database cannot be written.</summary>
    string DatabaseTrouble(string why);

    /// <summary>The database can be written again.</summary>
    string DatabaseRecovered { get; }

    /// <summary>The database was damaged.</summary>
    string DatabaseDamaged(string path);

    /// <summary>A part failed.</summary>
    string Fault(string part, string why);

    /// <summary>Events that were lost.</summary>
    string EventsLost(long count);

    /// <summary>The service began.</summary>
    string Started { get; }

    /// <summary>The service ends.</summary>
    string Stopped { get; }

    /// <summary>A test.</summary>
    string Test { get; }

    /// <summary>The title of the day's summary.</summary>
    string DigestTitle(string host, string day, bool isDryRun);

    /// <summary>The time that it covers.</summary>
    string DigestPeriod(string from, string to);

    /// <summary>Bans made, and those that are active.</summary>
    string DigestBans(long bans, long active, bool isDryRun);

    /// <summary>Bans that ended.</summary>
    string DigestEnded(long count);

    /// <summary>Bans that were withheld.</summary>
    string DigestSpared(long count);

    /// <summary>The heading of the reasons.</summary>
    string DigestReasons { get; }

    /// <summary>The heading of the alerts.</summary>
    string DigestAlerts { get; }

    /// <summary>The heading of the problems.</summary>
    string DigestProblems { get; }

    /// <summary>A way that works.</summary>
    string WayWorks(string way);

    /// <summary>A way that does not.</summary>
    string WayFails(string way, string why);

    /// <summary>No way is configured.</summary>
    string NoWay(string file);
}
