using Postern.Cli.Configuration;
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

    /// <summary>The bans that stand, the one that ends first first.</summary>
    Task<BansReply> BansAsync(CancellationToken cancellationToken);

    /// <summary>Bans on the operator's word; refuses (<see cref="ControlOutcome.No"/>) this host and the allow-list.</summary>
    /// <param name="network">Whom; a single IPv6 address is widened by the daemon as the jail says.</param>
    /// <param name="time">How long; null for the built-in jail's bantime.</param>
    /// <param name="reason">Why, in the operator's words; null where none was given.</param>
    /// <param name="words">The language of the answer.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<ControlAnswer> BanAsync(ClientNetwork network, TimeSpan? time, string? reason, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Lifts every ban that covers or lies within the network; <see cref="ControlOutcome.No"/> where there is none.</summary>
    Task<ControlAnswer> UnbanAsync(ClientNetwork network, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Never bans it from now on, and lifts bans of it.</summary>
    Task<ControlAnswer> AllowAsync(AllowEntry entry, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Reads the configuration again; <see cref="ControlOutcome.Failed"/> with all mistakes where it is wrong, and the old one stays.</summary>
    Task<ControlAnswer> ReloadAsync(IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Lets go of what the brake holds, and decides the held bans again; <see cref="ControlOutcome.No"/> where nothing is held.</summary>
    /// <param name="reason">Of what; null for all.</param>
    /// <param name="words">The language of the answer.</param>
    /// <param name="cancellationToken">The client's patience.</param>
    Task<ControlAnswer> ReleaseBrakeAsync(string? reason, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>Takes over bans of another program; those of this host and the allow-list are left out.</summary>
    Task<ImportReply> ImportAsync(IReadOnlyList<Ban> bans, CancellationToken cancellationToken);

    /// <summary>What is known of a client.</summary>
    Task<LiveExplanation> ExplainAsync(ClientAddress address, CancellationToken cancellationToken);

    /// <summary>Reads a message of Postfix to the postmaster; the answer comes when what it shows is counted and kept.</summary>
    Task<ControlAnswer> NoticeAsync(ReadOnlyMemory<byte> message, IAnswerWords words, CancellationToken cancellationToken);

    /// <summary>The busiest clients.</summary>
    Task<TopSnapshot> TopAsync(int most, CancellationToken cancellationToken);
}
