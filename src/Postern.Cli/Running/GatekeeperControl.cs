using System.Globalization;
using System.Reflection;
using Postern.Capture.Notices;
using Postern.Cli.Configuration;
using Postern.Cli.Control;
using Postern.Decisions;
using Postern.Enforcement;
using Postern.Facts;
using Postern.Reports;

namespace Postern.Cli.Running;

/// <summary>Answers operators from the run that goes on.</summary>
/// <param name="gatekeeper">The run.</param>
/// <param name="ledger">What it has kept.</param>
/// <param name="log">What it has told.</param>
/// <param name="mode">Tells whether it is <c>enforcing</c> or a <c>dry-run</c> now.</param>
/// <param name="allow">Allows by command.</param>
/// <param name="reload">Reads the configuration again; gives the mistakes.</param>
/// <param name="sources">What is followed.</param>
/// <param name="configFile">The configuration's file.</param>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
internal sealed class GatekeeperControl(
    Gatekeeper gatekeeper,
    ILedger ledger,
    GatekeeperLog log,
    Func<string> mode,
    Func<AllowEntry, CancellationToken, Task> allow,
    Func<CancellationToken, Task<IReadOnlyList<string>>> reload,
    Func<IReadOnlyList<LogSource>> sources,
    string configFile,
    TimeProvider time,
    bool isDryRun = false) : IControlHandler
{
    private const int MostRows = 200;
    private const int MostTakeovers = 50;
    private readonly DateTimeOffset _since = time.GetLocalNow();
    private (long Lines, long At) _counted;

    /// <inheritdoc/>
    public Task<StatusReply> StatusAsync(CancellationToken cancellationToken) => gatekeeper.AskAsync(
        (desk, watch, now) => new StatusReply
        {
            Version = typeof(GatekeeperControl).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
            Since = _since,
            Mode = mode(),
            Pid = Environment.ProcessId,
            Config = configFile,
            Jails = [.. desk.Scores.CountByJail(now).Concat(gatekeeper.Jails.Counts).GroupBy(count => count.Jail, count => count.Failures, StringComparer.Ordinal)
                .Select(jail => new JailStatus(jail.Key, jail.Sum(), desk.Book.Standing.Count(ban => string.Equals(ban.Jail, jail.Key, StringComparison.Ordinal)))
                {
                    Refused = gatekeeper.Jails.Refusals.Where(refusal => string.Equals(refusal.Jail, jail.Key, StringComparison.Ordinal)).Sum(refusal => refusal.Refused),
                })],
            Logs = [.. Logs(watch)],
            Brake = Brake(desk),
            AccountTakeovers = [.. Takeovers(desk, now)],
            Walls = [.. gatekeeper.Walls.Select(wall => new WallStatus(wall.Name, Word(wall.State)) { Trouble = wall.Trouble })],
            Clients = desk.Clients,
            Suppressed = desk.Suppressed,
            Troubles = [.. log.Troubles, .. gatekeeper.Supervisor.Troubles],
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<BansReply> BansAsync(CancellationToken cancellationToken)
    {
        var bans = await gatekeeper.AskAsync((desk, _, now) => desk.Book.Standing.Select(ban => (Ban: ban, Protected: desk.Protections.HeldUntil(ban.Client, now))).ToArray(), cancellationToken);
        Array.Sort(bans, static (a, b) => a.Ban.Until.CompareTo(b.Ban.Until));
        return new BansReply
        {
            DryRun = isDryRun,
            Bans = new ReplyRows<BanRow>(bans.Length, i => Row(bans[i].Ban) with { DryRun = isDryRun, ProtectedUntil = bans[i].Protected }),
        };
    }

    /// <inheritdoc/>
    public Task<ControlAnswer> BanAsync(ClientNetwork network, TimeSpan? length, string? reason, CancellationToken cancellationToken) => gatekeeper.AskAsync(
        (desk, _, now) =>
        {
            var jail = desk.Jails[0];
            var whole = network is { IsIPv4: false, IsSingle: true } ? ClientNetwork.Of(network.First, jail.IPv6Prefix) : network;
            if (desk.Protections.Networks.Touches(whole))
                return ControlAnswer.No($"{whole} holds somebody who is never banned: this host, mynetworks or the allow-list");
            var ban = desk.BanByOperator(whole, length ?? jail.BanTime, reason ?? "ordered", now);
            return ControlAnswer.Done(string.Create(CultureInfo.InvariantCulture, $"{whole} {(isDryRun ? "would be" : "is")} banned until {ban.Until.ToLocalTime():yyyy-MM-dd HH:mm:ss zzz}"));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ControlAnswer> UnbanAsync(ClientNetwork network, CancellationToken cancellationToken) => gatekeeper.AskAsync(
        (desk, _, now) => desk.Unban(network, now) is { Count: > 0 } lifted
            ? ControlAnswer.Done($"{(isDryRun ? "would be lifted" : "lifted")}: {string.Join(", ", lifted.Select(ban => $"{ban.Network} ({ban.Jail})"))}")
            : ControlAnswer.No($"{network} is not banned"),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ControlAnswer> AllowAsync(AllowEntry entry, CancellationToken cancellationToken)
    {
        await allow(entry, cancellationToken);
        if (entry.Network is { } network)
            await gatekeeper.AskAsync((desk, _, now) => desk.Unban(network, now).Count, cancellationToken);
        return ControlAnswer.Done($"{entry} is never banned from now on");
    }

    /// <inheritdoc/>
    public async Task<ControlAnswer> ReloadAsync(CancellationToken cancellationToken) =>
        await reload(cancellationToken) is { Count: > 0 } mistakes
            ? ControlAnswer.Failed("the configuration has mistakes, and the old one stays", mistakes)
            : ControlAnswer.Done("the configuration was read again");

    /// <inheritdoc/>
    public Task<ControlAnswer> ReleaseBrakeAsync(string? reason, CancellationToken cancellationToken) => gatekeeper.AskAsync(
        (desk, _, now) => desk.ReleaseBrake(reason, now) is { Count: > 0 } released
            ? ControlAnswer.Done($"the brake let go of {string.Join(", ", released.Select(hold => hold.Reason))}; what was held is decided again")
            : ControlAnswer.No(reason is null ? "the brake holds nothing" : $"the brake does not hold '{SafeText.Escape(reason)}'"),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<LiveExplanation> ExplainAsync(ClientAddress address, CancellationToken cancellationToken)
    {
        var network = address.IsIPv4 ? ClientNetwork.Of(address) : ClientNetwork.Of(address, 64);
        var (failures, bans, spared) = (ledger.FailuresOf(network, MostRows), ledger.BansOf(network, MostRows), ledger.SuppressedOf(network, MostRows));
        return await gatekeeper.AskAsync(
            (desk, _, now) => new LiveExplanation
            {
                Address = address.ToString(),
                Network = network.ToString(),
                OwnHost = desk.Protections.IsOwn(address),
                Banned = desk.Book.IsBanned(address),
                DryRun = isDryRun,
                Scores = [.. desk.Scores.Of(address, now).Select(score => new JailScore(score.Jail.Name, Math.Round(score.Sum.Weight, 2), score.Jail.MaxRetry))],
                Bans = [.. bans.Select(Row)],
                Protections = [.. spared.Select(one => new ProtectionRow(one.Jail, one.At.ToLocalTime(), one.Until.ToLocalTime(), Id(one.Reason), one.Detail))],
                Failures = [.. failures.Select(failure => Row(failure, desk.Jails[0]))],
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ControlAnswer> NoticeAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var notices = NoticeFollower.OfMessage(message);
        foreach (var notice in notices)
            await gatekeeper.Notices.WriteAsync(notice, cancellationToken);
        await gatekeeper.AskAsync((_, _, _) => true, cancellationToken);
        return notices.Count > 0 ? ControlAnswer.Done("the notice was read") : ControlAnswer.No("that is no notice of Postfix");
    }

    /// <inheritdoc/>
    public Task<TopSnapshot> TopAsync(int most, CancellationToken cancellationToken) => gatekeeper.AskAsync(
        (desk, watch, now) =>
        {
            var lines = watch.Progress.Sum(source => source.Lines);
            var elapsed = _counted.At == 0 ? TimeSpan.Zero : time.GetElapsedTime(_counted.At);
            var rate = elapsed > TimeSpan.Zero ? (lines - _counted.Lines) / elapsed.TotalSeconds : 0;
            _counted = (lines, time.GetTimestamp());
            var heaviest = desk.Scores.Heaviest(most, now, out var lastMinute);
            return new TopSnapshot
            {
                At = now.ToLocalTime(),
                Mode = mode(),
                LinesPerSecond = Math.Round(rate, 1),
                Lines = lines,
                FailuresLastMinute = lastMinute,
                Banned = desk.Book.Count,
                Suppressed = desk.Suppressed,
                Clients = desk.Clients,
                Rows = [.. heaviest.Select(row => new TopRow(
                    row.Client.ToString(), Math.Round(row.Sum.Weight, 2), row.Jail.MaxRetry, row.Sum.Sessions, [.. row.Sum.Behaviours.Select(behaviour => behaviour.Id())],
                    row.Last.IsKnown ? row.Last.ToDateTimeOffset().ToLocalTime() : null,
                    desk.Book.IsBanned(row.Client) ? (isDryRun ? "would be banned" : "banned") : desk.Protections.HeldUntil(row.Client, now) is not null ? "protected" : "watched"))],
            };
        },
        cancellationToken);

    // A source that has brought no line yet is followed all the same.
    private IEnumerable<SourceStatus> Logs(LogWatch watch)
    {
        var read = watch.Progress.Select(source => new SourceStatus(source.Source, source.Lines, Lag(source.Last, source.ReadAt))).ToList();
        // A log that jails of fail2ban's read besides is the same log.
        foreach (var (source, lines) in gatekeeper.Jails.Progress.DistinctBy(one => one.Source, StringComparer.Ordinal))
        {
            if (!read.Exists(row => string.Equals(row.Path, source, StringComparison.Ordinal)))
                read.Add(new SourceStatus(source, lines, null));
        }

        var silent = sources().Where(source => !read.Exists(row => Is(source, row.Path))).Select(source => new SourceStatus(SourceKeeper.NameOf(source), 0, null));
        return read.Concat(silent).Select(row => row with { Trouble = log.TroubleOf(row.Path) });
    }

    private static IEnumerable<TakeoverStatus> Takeovers(BanDesk desk, DateTimeOffset now) => desk.Long.Takeovers(now)
        .OrderByDescending(static takeover => takeover.Clients.Count).ThenBy(static takeover => takeover.User, StringComparer.Ordinal).Take(MostTakeovers)
        .Select(static takeover => new TakeoverStatus(
            takeover.User, takeover.From.ToDateTimeOffset().ToLocalTime(), takeover.To.ToDateTimeOffset().ToLocalTime(), takeover.Logins,
            [.. takeover.Networks.Select(static network => network.ToString())], takeover.Clients.Count));

    private static BrakeStatus Brake(BanDesk desk) => desk.Brake.Holds is { Count: > 0 } holds
        ? new BrakeStatus("holding", string.Join(", ", holds.Select(hold => hold.Reason)), holds.Min(hold => hold.Since).ToLocalTime())
        {
            Held = desk.Brake.Held,
            Why = [.. holds.Select(hold => $"{hold.Reason}: {hold.Why}")],
        }
        : new BrakeStatus("released", null, null);

    private static bool Is(LogSource source, string name) => source.IsPattern
        ? string.Equals(Path.GetDirectoryName(name), Path.GetDirectoryName(source.Path), StringComparison.Ordinal)
        : string.Equals(name, SourceKeeper.NameOf(source), StringComparison.Ordinal);

    // A log that stands still has no lag: what counts is how old its last line was when it was read.
    private static double? Lag(LogTime last, long readAt) => last.IsKnown ? Math.Max(0, Math.Round(TimeSpan.FromTicks(readAt - last.UtcTicks).TotalMilliseconds)) : null;

    private static string Word(WallState state) => state switch
    {
        WallState.Standing => "standing",
        WallState.Failed => "failed",
        WallState.DryRun => "dry-run",
        _ => "closed",
    };

    private static string Id(ProtectionReason reason) => reason switch
    {
        ProtectionReason.Allowed => "allowed",
        ProtectionReason.OwnAddress => "own-address",
        ProtectionReason.MyNetworks => "mynetworks",
        ProtectionReason.LoggedIn => "logged-in",
        ProtectionReason.ProvenSender => "proven-sender",
        ProtectionReason.Correspondent => "correspondent",
        ProtectionReason.Brake => "brake",
        _ => "genuine-by-checks",
    };

    private static BanRow Row(Ban ban) => new()
    {
        Address = ban.Client.ToString(),
        Network = ban.Network.ToString(),
        Jail = ban.Jail,
        From = ban.From.ToLocalTime(),
        Until = ban.Until.ToLocalTime(),
        Reason = ban.Spared.Count == 0 ? ban.Reason : $"{ban.Reason}; but for {string.Join(", ", ban.Spared.Select(static spared => spared.IsSingle ? spared.First.ToString() : spared.ToString()))}",
        Failures = ban.Failures,
        Repetition = ban.Repetition,
        DryRun = ban.IsDryRun,
    };

    private static FailureRow Row(Failure failure, JailOptions jail) => new()
    {
        Address = failure.Client.ToString(),
        Time = failure.Mark.Time.IsKnown ? failure.Mark.Time.ToDateTimeOffset().ToLocalTime() : null,
        Behaviours = [.. failure.Mark.Behaviours.Select(behaviour => behaviour.Id())],
        Jail = failure.Jail,
        Weight = failure.Jail is null ? JailWeights.Of(failure.Mark, jail) : 1,
        Source = failure.Source,
        Lines = [.. System.Text.Encoding.Latin1.GetString(failure.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SafeText.Escape)],
    };
}
