using Postern.Cli.Configuration;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.GateReports;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>
/// What answers the requests: the running daemon. Called from several clients at once; a call that fails as foreseen says
/// so in its answer, and what it throws nonetheless becomes <c>failed</c> for that one client.
/// </summary>
internal interface IControlHandler
{
    /// <summary>How it goes.</summary>
    Task<StatusReply> StatusAsync(CancellationToken cancellationToken);

    /// <summary>The active bans.</summary>
    /// <param name="query">Which of them, and in which order.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<BansReply> BansAsync(BanQuery query, CancellationToken cancellationToken);

    /// <summary>What happens after an event; waits for it.</summary>
    /// <param name="after">The event's number; null for what happens from now on.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<EventsReply> EventsAsync(long? after, CancellationToken cancellationToken);

    /// <summary>The clients that a text fits: an address, a network, or a part of what Postfix logged of them.</summary>
    /// <param name="search">The text; null for the clients seen last.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<ClientsReply> ClientsAsync(string? search, int most, CancellationToken cancellationToken);

    /// <summary>What the checks at SMTP time decided, or would have.</summary>
    /// <param name="days">So many days back.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<GateReport> DecisionsAsync(int days, CancellationToken cancellationToken);

    /// <summary>Numbers over time; null for a range that is not known.</summary>
    /// <param name="range"><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</param>
    /// <param name="language">The code of the language of the names.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<HistoryReply?> HistoryAsync(string range, string language, CancellationToken cancellationToken);

    /// <summary>Bans on the operator's word; refuses (<see cref="ControlOutcome.No"/>) this host and the allow-list.</summary>
    /// <param name="networks">Whom; a single IPv6 address is widened by the daemon as the jail says.</param>
    /// <param name="time">How long; null for the built-in jail's bantime.</param>
    /// <param name="reason">Why, in the operator's words; null where none was given: then the reason of an active ban stays.</param>
    /// <param name="words">The language of the answers.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    /// <returns>An answer for each.</returns>
    Task<IReadOnlyList<ControlAnswer>> BanAsync(IReadOnlyList<ClientNetwork> networks, TimeSpan? time, string? reason, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Lifts every ban that covers or lies within a network; <see cref="ControlOutcome.No"/> where there is none.</summary>
    Task<IReadOnlyList<ControlAnswer>> UnbanAsync(IReadOnlyList<ClientNetwork> networks, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Lifts every ban; <see cref="ControlOutcome.No"/> where there is none.</summary>
    Task<ControlAnswer> UnbanAllAsync(IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Never bans them from now on, and lifts bans of them; <see cref="ControlOutcome.No"/> for a name that does not resolve.</summary>
    /// <param name="entries">Whom.</param>
    /// <param name="time">How long; null for good.</param>
    /// <param name="words">The language of the answers.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<IReadOnlyList<ControlAnswer>> AllowAsync(IReadOnlyList<AllowEntry> entries, TimeSpan? time, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Takes out of the allow list what a command put there; <see cref="ControlOutcome.No"/> for what is not in it, or in the configuration.</summary>
    Task<IReadOnlyList<ControlAnswer>> DisallowAsync(IReadOnlyList<AllowEntry> entries, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Who is never banned.</summary>
    Task<AllowedReply> AllowedAsync(CancellationToken cancellationToken);

    /// <summary>Reads the configuration again; <see cref="ControlOutcome.Failed"/> with all mistakes where it is wrong, and the old one stays.</summary>
    Task<ControlAnswer> ReloadAsync(IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Lets go of what the brake holds, and decides the held bans again; <see cref="ControlOutcome.No"/> where nothing is held.</summary>
    /// <param name="reason">Of what; null for all.</param>
    /// <param name="words">The language of the answer.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<ControlAnswer> ReleaseBrakeAsync(string? reason, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Takes over bans of another program; those of this host and the allow-list are left out.</summary>
    Task<ImportReply> ImportAsync(IReadOnlyList<Ban> bans, CancellationToken cancellationToken);

    /// <summary>What is known of a client, its sentences in the language of that code.</summary>
    Task<LiveExplanation> ExplainAsync(ClientAddress address, string language, CancellationToken cancellationToken);

    /// <summary>Reads a message of Postfix to the postmaster; the answer comes when what it shows is counted and kept.</summary>
    Task<ControlAnswer> NoticeAsync(ReadOnlyMemory<byte> message, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Sends a test by each way that somebody is told of what happens.</summary>
    /// <returns>Each way, and why it does not work, or null.</returns>
    Task<IReadOnlyList<(string Way, string? Failure)>> TestNotificationsAsync(CancellationToken cancellationToken);

    /// <summary>What is measured, for Prometheus.</summary>
    Task<MetricsReply> MetricsAsync(CancellationToken cancellationToken);

    /// <summary>The hosts that share with this one.</summary>
    Task<HostsReply> HostsAsync(CancellationToken cancellationToken);

    /// <summary>The busiest clients.</summary>
    Task<TopSnapshot> TopAsync(int most, CancellationToken cancellationToken);
}
