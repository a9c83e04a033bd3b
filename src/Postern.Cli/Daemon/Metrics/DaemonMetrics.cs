using System.Diagnostics.Metrics;
using Postern.Checks.Dnsbl;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Sources;
using Postern.Cli.Daemon.Systemd;
using Postern.Cli.Sharing;
using Postern.Cli.Terminal;
using Postern.Enforcement;
using Postern.Engine;
using Postern.Gate;
using static Postern.Cli.Daemon.Metrics.PosternMeter;

namespace Postern.Cli.Daemon.Metrics;

/// <summary>What the policy server and the milter keep anyway.</summary>
/// <param name="Decisions">Their decisions since the start.</param>
/// <param name="Greylisting">What came of asking senders to come back.</param>
/// <param name="SessionsLeftOut">Sessions for which the engine had no time.</param>
internal sealed record GateFigures(IReadOnlyList<GateCount> Decisions, GreylistCounts Greylisting, long SessionsLeftOut)
{
    /// <summary>Those before they are opened.</summary>
    public static GateFigures None { get; } = new([], default, 0);
}

/// <summary>Where the metrics of a run look for what it keeps anyway.</summary>
/// <param name="Engine">The run.</param>
/// <param name="Mode">The mode now.</param>
/// <param name="Followed">The sources that are followed.</param>
/// <param name="TroubleOf">What is wrong with a source.</param>
/// <param name="Troubles">How many lines <c>status</c> shows of what is wrong.</param>
/// <param name="Gate">The policy server and the milter.</param>
/// <param name="Lists">The tests of the DNS lists.</param>
/// <param name="Sharing">What is shared with other hosts.</param>
internal sealed record MetricSources(
    BanEngine Engine, Func<string> Mode, Func<IReadOnlyList<LogSource>> Followed, Func<string, string?> TroubleOf, Func<int> Troubles, Func<GateFigures> Gate, Func<DnsblHealth?> Lists,
    Func<SharingFigures> Sharing);

/// <summary>The metrics of a run: the meter, and the exporter that listens to it.</summary>
internal sealed class DaemonMetrics : IDisposable
{
    private readonly MetricsExporter _exporter;
    private readonly DateTimeOffset _since;

    // One collection at a time: they share the engine's numbers.
    private readonly SemaphoreSlim _one = new(1);
    private EngineSnapshot _engine = EngineSnapshot.Empty;
    private MetricSources? _sources;

    /// <summary>Begins to count.</summary>
    public DaemonMetrics(TimeProvider time)
    {
        _since = time.GetUtcNow();
        _exporter = new MetricsExporter(Meter.Meter, MetricCatalogue.All);
        Meter.BeginAtZero();
    }

    /// <summary>Takes what happens.</summary>
    public PosternMeter Meter { get; } = new();

    /// <summary>Says where the other numbers are; called once.</summary>
    public void Attach(MetricSources sources)
    {
        _sources = sources;
        ObserveProcess(sources);
        ObserveLogs(sources);
        ObserveBans(sources);
        ObserveGate(sources);
        ObserveSharing(sources);
    }

    /// <summary>All metrics as they are now.</summary>
    public async Task<MetricsReply> CollectAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _engine = _sources is { } sources ? await EngineSnapshot.TakeAsync(sources.Engine, cancellationToken) : EngineSnapshot.Empty;
            return _exporter.Collect(MetricCatalogue.All);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _exporter.Dispose();
        Meter.Dispose();
        _one.Dispose();
    }

    private void ObserveProcess(MetricSources sources)
    {
        Meter.Observe(MetricCatalogue.Build, () => [Measured(MetricCatalogue.Build, 1, ProgramVersion.Text, sources.Mode())]);
        Meter.Observe(MetricCatalogue.Started, () => Seconds(_since));
        Meter.Observe(MetricCatalogue.Memory, static () => IdleMemory.Resident());
        Meter.Observe(MetricCatalogue.ManagedMemory, static () => GC.GetTotalMemory(forceFullCollection: false));
        Meter.Observe(MetricCatalogue.Processor, static () => Environment.CpuUsage.TotalTime.TotalSeconds);
        Meter.Observe(MetricCatalogue.Faults, () => sources.Engine.Supervisor.Faults);
        Meter.Observe(MetricCatalogue.Troubles, () => sources.Troubles());
    }

    private void ObserveLogs(MetricSources sources)
    {
        ObserveEach(MetricCatalogue.LinesRead, static source => source.Lines);
        ObserveEach(MetricCatalogue.LinesUnparsed, static source => source.Unparsed);
        ObserveEach(MetricCatalogue.LinesUnknown, static source => source.Unknown);
        Meter.Observe(MetricCatalogue.SourceUp, () => Logs(sources).Select(source => Measured(MetricCatalogue.SourceUp, sources.TroubleOf(source.Source) is null ? 1 : 0, source.Source)));
        Meter.Observe(MetricCatalogue.SourceLag, () => Logs(sources).Where(static source => source.Lag is not null).Select(static source => Measured(MetricCatalogue.SourceLag, source.Lag!.Value.TotalSeconds, source.Source)));
        Meter.Observe(MetricCatalogue.SourceRead, () => Logs(sources).Select(source => Measured(MetricCatalogue.SourceRead, Seconds(source.ReadAt > _since ? source.ReadAt.Value : _since), source.Source)));
        Meter.Observe(MetricCatalogue.Queues, () => sources.Engine.Queues.Select(static queue => Measured(MetricCatalogue.Queues, queue.Waiting, queue.Name)));
        Meter.Observe(MetricCatalogue.Sessions, () => _engine.Sessions);
        Meter.Observe(MetricCatalogue.Behaviours, () => _engine.Behaviours.Select(static one => Measured(MetricCatalogue.Behaviours, one.Sessions, one.Behaviour)));
        Meter.Observe(MetricCatalogue.Clients, () => _engine.Clients);

        void ObserveEach(MetricDefinition metric, Func<SourceFigures, long> number) =>
            Meter.Observe(metric, () => Logs(sources).Select(source => Measured(metric, number(source), source.Source)));
    }

    private void ObserveBans(MetricSources sources)
    {
        Meter.Observe(MetricCatalogue.ActiveBans, () => _engine.Bans.Select(static one => Measured(MetricCatalogue.ActiveBans, one.Bans, one.Jail)));
        Meter.Observe(MetricCatalogue.BrakeReasons, () => _engine.Brake.Reasons);
        Meter.Observe(MetricCatalogue.BrakeHeld, () => _engine.Brake.Held);
        Meter.Observe(MetricCatalogue.FirewallUp, () => sources.Engine.Synchronizers.Select(static one =>
            Measured(MetricCatalogue.FirewallUp, one.Firewall.State is FirewallState.Standing or FirewallState.DryRun ? 1 : 0, one.Firewall.Name)));
        Meter.Observe(MetricCatalogue.FirewallPending, () => sources.Engine.Synchronizers.Select(static one => Measured(MetricCatalogue.FirewallPending, one.Waiting, one.Firewall.Name)));
        Meter.Observe(MetricCatalogue.FirewallRepairs, () => sources.Engine.Synchronizers.SelectMany(static one => Repairs(one)));
    }

    private void ObserveGate(MetricSources sources)
    {
        Meter.Observe(MetricCatalogue.Decisions, () => sources.Gate().Decisions.Select(static count => Measured(
            MetricCatalogue.Decisions, count.Number, count.IsMilter ? "milter" : "policy", Word(count.Finding.ToString()), Word(count.Action.ToString()), count.IsEnforced ? "yes" : "no")));
        Meter.Observe(MetricCatalogue.Greylisting, () => Outcomes(sources.Gate().Greylisting));
        Meter.Observe(MetricCatalogue.SessionsLost, () => sources.Gate().SessionsLeftOut);
        Meter.Observe(MetricCatalogue.ListUp, () => (sources.Lists()?.Tested ?? []).Select(static one => Measured(MetricCatalogue.ListUp, one.IsInUse ? 1 : 0, MeteredResolver.Shown(one.List))));
    }

    // Where nothing is shared there is nothing to show.
    private void ObserveSharing(MetricSources sources)
    {
        Observe(MetricCatalogue.SharingUp, static figures => [Measured(MetricCatalogue.SharingUp, figures.State is "connected" ? 1 : 0)]);
        Observe(MetricCatalogue.SharingHosts, figures => [Measured(MetricCatalogue.SharingHosts, figures.Others(TimeProvider.System.GetUtcNow()).Count())]);
        Observe(MetricCatalogue.SharingPending, static figures => [Measured(MetricCatalogue.SharingPending, figures.Waiting)]);
        Observe(MetricCatalogue.SharingLag, static figures => [Measured(MetricCatalogue.SharingLag, figures.LagMs / 1000.0)]);
        Observe(MetricCatalogue.SharingChanges, static figures =>
            [Measured(MetricCatalogue.SharingChanges, figures.Published, "published"), Measured(MetricCatalogue.SharingChanges, figures.Taken, "taken")]);
        Observe(MetricCatalogue.SharingRefused, static figures =>
            [Measured(MetricCatalogue.SharingRefused, figures.Forged, "forged"), Measured(MetricCatalogue.SharingRefused, figures.Refused, "limit")]);

        void Observe(MetricDefinition metric, Func<SharingFigures, IEnumerable<Measurement<double>>> of) =>
            Meter.Observe(metric, () => sources.Sharing() is { State: not "off" } figures ? of(figures) : []);
    }

    private static IEnumerable<Measurement<double>> Repairs(FirewallSynchronizer one)
    {
        var (name, repairs) = (one.Firewall.Name, one.Repairs);
        yield return Measured(MetricCatalogue.FirewallRepairs, repairs.Missing, name, "missing");
        yield return Measured(MetricCatalogue.FirewallRepairs, repairs.Foreign, name, "foreign");
        yield return Measured(MetricCatalogue.FirewallRepairs, repairs.Rebuilt, name, "rebuilt");
    }

    private static IEnumerable<Measurement<double>> Outcomes(GreylistCounts counts)
    {
        yield return Measured(MetricCatalogue.Greylisting, counts.First, "first");
        yield return Measured(MetricCatalogue.Greylisting, counts.Early, "early");
        yield return Measured(MetricCatalogue.Greylisting, counts.Returned, "returned");
        yield return Measured(MetricCatalogue.Greylisting, counts.Known, "known");
    }

    // Those that are followed: one that is configured no more has no lag and is not silent. A mailbox gives no lines.
    private IEnumerable<SourceFigures> Logs(MetricSources sources)
    {
        var followed = sources.Followed().Where(static source => source.Kind != LogSourceKind.Notices).ToList();
        var read = _engine.Sources.Where(one => followed.Exists(source => SourceSupervisor.Gives(source, one.Source))).ToList();
        return read.Concat(followed.Where(source => !read.Exists(one => SourceSupervisor.Gives(source, one.Source)))
            .Select(static source => new SourceFigures(SourceSupervisor.NameOf(source), 0, 0, 0, null, null)).DistinctBy(static one => one.Source, StringComparer.Ordinal));
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
