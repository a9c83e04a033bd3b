using Postern.Checks.Dns;
using Postern.Checks.ReverseDns;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Notifications;
using Postern.Engine;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Daemon.Telling;

/// <summary>Begins the notifications of a run, changes them by a reload, and ends them when all else has ended.</summary>
/// <param name="engine">The run.</param>
/// <param name="ledger">What it has kept.</param>
/// <param name="events">What it tells.</param>
/// <param name="sources">What is followed.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
/// <param name="time">The clock.</param>
internal sealed class NotificationLink(BanEngine engine, ILedger ledger, BanEngineLog events, Func<IReadOnlyList<LogSource>> sources, bool isDryRun, TimeProvider time) : IAsyncDisposable
{
    private static readonly string[] s_keys = ["events", "notify", "webhook", "abuse_reports", "dns"];

    /// <summary>How the engine watches the server; null where nobody is to be told.</summary>
    public static Func<string, ClientAddress, bool>? WatchFor(PosternOptions options)
    {
        if (!NotificationHub.IsWanted(options))
        {
            return null;
        }

        var suffixes = new Lazy<PublicSuffixes>(static () => PublicSuffixes.Load());
        return (name, client) => GenericName.Judge(name, client, suffixes.Value).Kind >= GenericNameKind.Numbered;
    }

    /// <summary>Begins.</summary>
    public void Open(PosternOptions options)
    {
        events.Feed.Hub = NotificationHub.Open(options, Surroundings());
        events.Feed.Service(isStart: true);
    }

    /// <summary>Begins anew where one of these keys concerns it; what waits is told before.</summary>
    public async Task ReloadAsync(PosternOptions options, IEnumerable<string> changed)
    {
        if (!changed.Any(static key => s_keys.Any(own => key.Equals(own, StringComparison.Ordinal) || key.StartsWith(own + ".", StringComparison.Ordinal))))
        {
            return;
        }

        // Two writers of one file would mix their lines: what happens in between is only logged.
        await CloseAsync();
        events.Feed.Hub = NotificationHub.Open(options, Surroundings());
    }

    /// <summary>Sends a test by each way.</summary>
    public Task<IReadOnlyList<(string Way, string? Failure)>> TestAsync(CancellationToken stop) =>
        events.Feed.Hub is { } hub ? hub.TestAsync(stop) : Task.FromResult<IReadOnlyList<(string, string?)>>([]);

    /// <summary>Tells what is left, within a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        events.Feed.Service(isStart: false);
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        var hub = events.Feed.Hub;
        events.Feed.Hub = null;
        if (hub is not null)
        {
            await hub.DisposeAsync();
        }
    }

    private NotificationSurroundings Surroundings() => new()
    {
        IsDryRun = isDryRun,
        Say = events.Telling,
        State = () => (engine.StandingBans, [.. events.Troubles, .. engine.Supervisor.Troubles]),
        Progress = ProgressAsync,
        Evidence = ban => AbuseEvidence.Of(ledger, ban),
        Start = engine.Supervisor.Start,
        Time = time,
    };

    // Mailboxes of notices are quiet by nature, and which files fit a pattern is known once they have lines.
    private async Task<IReadOnlyList<(string Source, long Lines)>> ProgressAsync(CancellationToken stop)
    {
        var read = await engine.AskAsync((_, intake, _) => intake.Progress.Select(static one => (one.Source, one.Lines)).ToArray(), stop);
        var unread = sources().Where(static source => source.Kind != LogSourceKind.Notices && !source.IsPattern).Select(SourceSupervisor.NameOf)
            .Where(name => !read.Any(one => string.Equals(one.Source, name, StringComparison.Ordinal)));
        return [.. read, .. unread.Select(static name => (name, 0L))];
    }
}
