using System.Globalization;
using Postern.Capture.Notices;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.BlockLists;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Logging;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.GateReports;
using Postern.Cli.Sharing;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Enforcement;
using Postern.Engine;
using Postern.Engine.Bans;
using Postern.Engine.Intake;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>Answers operators from the run that goes on.</summary>
/// <param name="engine">The run.</param>
/// <param name="clients">Tells of one client.</param>
/// <param name="pages">Tells of many.</param>
/// <param name="log">What it has told.</param>
/// <param name="mode">The mode of <see cref="StatusReply.Mode"/> now.</param>
/// <param name="allow">Allows by command.</param>
/// <param name="reload">Reads the configuration again.</param>
/// <param name="sources">What is followed.</param>
/// <param name="listeners">The policy server and the milter.</param>
/// <param name="testNotifications">Sends a test by each way that somebody is told.</param>
/// <param name="metrics">What is measured.</param>
/// <param name="sharing">What is shared with other hosts.</param>
/// <param name="configFile">The configuration's file.</param>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
/// <param name="lists">The lists of networks; null for none.</param>
internal sealed class BanEngineControl(
    BanEngine engine,
    ClientExplainer clients,
    PageAnswers pages,
    BanEngineLog log,
    Func<string> mode,
    AllowControl allow,
    Func<CancellationToken, Task<ReloadResult>> reload,
    Func<IReadOnlyList<LogSource>> sources,
    Func<IReadOnlyList<ListenerStatus>> listeners,
    Func<CancellationToken, Task<IReadOnlyList<(string Way, string? Failure)>>> testNotifications,
    Func<CancellationToken, Task<MetricsReply>> metrics,
    Func<SharingFigures> sharing,
    string configFile,
    TimeProvider time,
    bool isDryRun = false,
    BlockListService? lists = null) : IControlHandler
{
    private const int MostTakeovers = 50;
    private readonly DateTimeOffset _since = time.GetLocalNow();
    private (long Lines, long At) _counted;

    /// <inheritdoc/>
    public async Task<StatusReply> StatusAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<BlockListStatus> blockLists = lists is null ? [] : await lists.StatusAsync();
        return await engine.AskAsync(
            (decider, watch, now) => new StatusReply
            {
                Version = ProgramVersion.Text,
                Since = _since,
                Mode = mode(),
                Pid = Environment.ProcessId,
                Config = configFile,
                Jails = [.. decider.Scores.CountByJail(now).Concat(engine.Jails.Counts).GroupBy(count => count.Jail, count => count.Failures, StringComparer.Ordinal)
                    .Select(jail => new JailStatus(jail.Key, jail.Sum(), decider.Book.Standing.Count(ban => string.Equals(ban.Jail, jail.Key, StringComparison.Ordinal)))
                    {
                        Refused = engine.Jails.Refusals.Where(refusal => string.Equals(refusal.Jail, jail.Key, StringComparison.Ordinal)).Sum(refusal => refusal.Refused),
                    })],
                Logs = [.. Logs(watch)],
                BlockLists = blockLists,
                Listeners = listeners(),
                Brake = Brake(decider),
                Sharing = SharingRows.Status(sharing(), now),
                AccountTakeovers = [.. Takeovers(decider, now)],
                Firewalls = [.. engine.Firewalls.Select(firewall => new FirewallStatus(firewall.Name, Word(firewall.State)) { Trouble = firewall.Trouble })],
                Clients = decider.Clients,
                Suppressed = decider.Suppressed,
                Troubles = [.. log.Troubles, .. engine.Supervisor.Troubles],
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MetricsReply> MetricsAsync(CancellationToken cancellationToken) => metrics(cancellationToken);

    /// <inheritdoc/>
    public Task<HostsReply> HostsAsync(CancellationToken cancellationToken) => Task.FromResult(SharingRows.Hosts(sharing()));

    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Way, string? Failure)>> TestNotificationsAsync(CancellationToken cancellationToken) => testNotifications(cancellationToken);

    /// <inheritdoc/>
    public Task<BansReply> BansAsync(BanQuery query, CancellationToken cancellationToken) => pages.BansAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<EventsReply> EventsAsync(long? after, CancellationToken cancellationToken) => pages.EventsAsync(after, cancellationToken);

    /// <inheritdoc/>
    public Task<ClientsReply> ClientsAsync(string? search, int most, CancellationToken cancellationToken) => pages.ClientsAsync(search, most, cancellationToken);

    /// <inheritdoc/>
    public Task<GateReport> DecisionsAsync(int days, CancellationToken cancellationToken) => pages.DecisionsAsync(days, cancellationToken);

    /// <inheritdoc/>
    public Task<HistoryReply?> HistoryAsync(string range, string language, CancellationToken cancellationToken) => pages.HistoryAsync(range, language, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ControlAnswer>> BanAsync(IReadOnlyList<ClientNetwork> networks, TimeSpan? time, string? reason, IAnswerWords words, CancellationToken cancellationToken) =>
        engine.AskAsync<IReadOnlyList<ControlAnswer>>((decider, _, now) => [.. networks.Select(network => Ban(decider, network, time, reason, words, now))], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ControlAnswer>> UnbanAsync(IReadOnlyList<ClientNetwork> networks, IAnswerWords words, CancellationToken cancellationToken) =>
        engine.AskAsync<IReadOnlyList<ControlAnswer>>(
            (decider, _, now) =>
            [
                .. networks.Select(network => decider.Unban(network, now) is { Count: > 0 } lifted
                    ? ControlAnswer.Done(words.Lifted(lifted.Select(static ban => (ban.Network, ban.Jail)), isDryRun))
                    : ControlAnswer.No(words.NotBanned(network, isDryRun))),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<ControlAnswer> UnbanAllAsync(IAnswerWords words, CancellationToken cancellationToken) => engine.AskAsync(
        (decider, _, now) => decider.UnbanAll(now) is > 0 and var count ? ControlAnswer.Done(words.AllLifted(count, isDryRun)) : ControlAnswer.No(words.NobodyBanned(isDryRun)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ImportReply> ImportAsync(IReadOnlyList<Ban> bans, CancellationToken cancellationToken) => engine.AskAsync(
        (decider, _, now) =>
        {
            var taken = BanImport.Take(decider.Book, decider.Protections.Networks, bans, now, ban => decider.Make(ban with { Trigger = BanTrigger.Import }), ban =>
            {
                decider.Book.AddPast(ban);
                decider.Changes.Bans.Add(ban);
            });
            return new ImportReply(taken.Active, taken.Past, taken.Known, [.. taken.Protected.Select(static network => network.ToString())]) { DryRun = isDryRun };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ControlAnswer>> AllowAsync(IReadOnlyList<AllowEntry> entries, TimeSpan? time, IAnswerWords words, CancellationToken cancellationToken) =>
        allow.AllowAsync(entries, time, words, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ControlAnswer>> DisallowAsync(IReadOnlyList<AllowEntry> entries, IAnswerWords words, CancellationToken cancellationToken) =>
        allow.RemoveAsync(entries, words, cancellationToken);

    /// <inheritdoc/>
    public Task<AllowedReply> AllowedAsync(CancellationToken cancellationToken) => allow.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ControlAnswer> ReloadAsync(IAnswerWords words, CancellationToken cancellationToken)
    {
        var result = await reload(cancellationToken);
        if (result.Mistakes.Count > 0)
        {
            return ControlAnswer.Failed(words.NotReloaded, result.Mistakes);
        }

        return ControlAnswer.Done(words.Reloaded) with
        {
            Details = [.. result.Changed.Count > 0 ? (string[])[words.TookEffect(result.Changed)] : [], .. result.Waiting.Count > 0 ? (string[])[words.NeedRestart(result.Waiting)] : []],
        };
    }

    /// <inheritdoc/>
    public Task<ControlAnswer> ReleaseBrakeAsync(string? reason, IAnswerWords words, CancellationToken cancellationToken) => engine.AskAsync(
        (decider, _, now) => decider.ReleaseBrake(reason, now) is { Count: > 0 } released
            ? ControlAnswer.Done(words.Released(string.Join(", ", released.Select(hold => hold.Reason))))
            : ControlAnswer.No(words.NotHeld(reason)),
        cancellationToken);

    /// <inheritdoc/>
    public Task<LiveExplanation> ExplainAsync(ClientAddress address, string language, CancellationToken cancellationToken) =>
        clients.ExplainAsync(address, language, cancellationToken);

    /// <inheritdoc/>
    public async Task<ControlAnswer> NoticeAsync(ReadOnlyMemory<byte> message, IAnswerWords words, CancellationToken cancellationToken)
    {
        var notices = NoticeFollower.OfMessage(message);
        foreach (var notice in notices)
        {
            await engine.Notices.WriteAsync(notice, cancellationToken);
        }

        await engine.AskAsync((_, _, _) => true, cancellationToken);
        return notices.Count > 0 ? ControlAnswer.Done(words.NoticeRead) : ControlAnswer.No(words.NotANotice);
    }

    /// <inheritdoc/>
    public Task<TopSnapshot> TopAsync(int most, CancellationToken cancellationToken) => engine.AskAsync(
        (decider, watch, now) =>
        {
            var lines = watch.Progress.Sum(source => source.Lines);
            var elapsed = _counted.At == 0 ? TimeSpan.Zero : time.GetElapsedTime(_counted.At);
            var rate = elapsed > TimeSpan.Zero ? (lines - _counted.Lines) / elapsed.TotalSeconds : 0;
            _counted = (lines, time.GetTimestamp());
            var heaviest = decider.Scores.Heaviest(most, now, out var lastMinute);
            return new TopSnapshot
            {
                At = now.ToLocalTime(),
                Mode = mode(),
                LinesPerSecond = Math.Round(rate, 1),
                Lines = lines,
                FailuresLastMinute = lastMinute,
                Banned = decider.Book.Count,
                Suppressed = decider.Suppressed,
                Clients = decider.Clients,
                Rows = [.. heaviest.Select(row => new TopRow(
                    row.Client.ToString(), Math.Round(row.Sum.Weight, 2), row.Jail.MaxRetry, row.Sum.Sessions, [.. row.Sum.Behaviours.Select(behaviour => behaviour.Id())],
                    row.Last.IsKnown ? row.Last.ToDateTimeOffset().ToLocalTime() : null,
                    decider.Book.IsBanned(row.Client) ? (isDryRun ? "would be banned" : "banned") : decider.Protections.HeldUntil(row.Client, now) is not null ? "protected" : "watched"))],
            };
        },
        cancellationToken);

    private ControlAnswer Ban(BanDecider decider, ClientNetwork network, TimeSpan? time, string? reason, IAnswerWords words, DateTimeOffset now)
    {
        var jail = decider.Jails[0];
        var whole = network is { IsIPv4: false, IsSingle: true } ? ClientNetwork.Of(network.First, jail.IPv6Prefix) : network;
        if (decider.Protections.Networks.Touches(whole))
        {
            return ControlAnswer.No(words.Protected(whole));
        }
        // A reason that was given stays where none is.
        var kept = decider.Book.Of(whole).FirstOrDefault(static ban => ban.Jail is Facts.Ban.OperatorJail)?.Reason;
        var ban = decider.BanByOperator(whole, time ?? jail.BanTime, reason ?? kept ?? "ordered", now);
        return ControlAnswer.Done(words.Banned(whole, ban.Until.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture), isDryRun));
    }

    // A source that has brought no line yet is followed all the same; one that is configured no more is not.
    private IEnumerable<SourceStatus> Logs(LogIntake watch)
    {
        var followed = sources();
        var read = watch.Progress.Select(source => new SourceStatus(source.Source, source.Lines, Lag(source.Last, source.ReadAt))).ToList();
        // A log that jails of fail2ban's read besides is the same log.
        foreach (var (source, lines) in engine.Jails.Progress.DistinctBy(one => one.Source, StringComparer.Ordinal))
        {
            if (!read.Exists(row => string.Equals(row.Path, source, StringComparison.Ordinal)))
            {
                read.Add(new SourceStatus(source, lines, null));
            }
        }

        read.RemoveAll(row => row.Path.StartsWith('/') && !followed.Any(source => SourceSupervisor.Gives(source, row.Path)));
        var silent = followed.Where(source => !read.Exists(row => SourceSupervisor.Gives(source, row.Path))).Select(source => new SourceStatus(SourceSupervisor.NameOf(source), 0, null));
        return read.Concat(silent).Select(row => row with { Trouble = log.TroubleOf(row.Path) });
    }

    private static IEnumerable<TakeoverStatus> Takeovers(BanDecider decider, DateTimeOffset now) => decider.Long.Takeovers(now)
        .OrderByDescending(static takeover => takeover.Clients.Count).ThenBy(static takeover => takeover.User, StringComparer.Ordinal).Take(MostTakeovers)
        .Select(static takeover => new TakeoverStatus(
            takeover.User, takeover.From.ToDateTimeOffset().ToLocalTime(), takeover.To.ToDateTimeOffset().ToLocalTime(), takeover.Logins,
            [.. takeover.Networks.Select(static network => network.ToString())], takeover.Clients.Count));

    private static BrakeStatus Brake(BanDecider decider) => decider.Brake.Holds is { Count: > 0 } holds
        ? new BrakeStatus("holding", string.Join(", ", holds.Select(hold => hold.Reason)), holds.Min(hold => hold.Since).ToLocalTime())
        {
            Held = decider.Brake.Held,
            Why = [.. holds.Select(hold => $"{hold.Reason}: {hold.Why}")],
        }
        : new BrakeStatus("released", null, null);

    // A log that stands still has no lag: what counts is how old its last line was when it was read.
    private static double? Lag(LogTime last, long readAt) => last.IsKnown ? Math.Max(0, Math.Round(TimeSpan.FromTicks(readAt - last.UtcTicks).TotalMilliseconds)) : null;

    private static string Word(FirewallState state) => state switch
    {
        FirewallState.Standing => "standing",
        FirewallState.Failed => "failed",
        FirewallState.DryRun => "dry-run",
        _ => "closed",
    };
}
