namespace Postern.Enforcement.Nftables;

/// <summary>Bans in the kernel: a table of our own, whose entries end by themselves even when nobody is left to end them.</summary>
public sealed class NftablesWall(NftablesOptions options, TimeProvider time) : IWall
{
    // The kernel tells whole seconds, and time passes while it does.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(5);
    private static readonly (bool IsIPv4, byte Length)[] s_usual = [(true, 32), (true, 24), (false, 64), (false, 128)];

    private readonly HashSet<(bool IsIPv4, byte Length)> _sets = [];
    private readonly NftablesMonitor _monitor = new();
    private NftablesLibrary? _library;

    /// <inheritdoc/>
    public string Name => "nftables";

    /// <inheritdoc/>
    public WallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<WallEntry> standing, CancellationToken cancellationToken)
    {
        Rebuild(standing);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WallEntry>> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WallEntry>>(List() is { } table ? [.. table.Entries.Select(entry => new WallEntry(entry.Key, entry.Value))] : []);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<WallChange> changes, CancellationToken cancellationToken)
    {
        if (State == WallState.Standing && changes.Count > 0)
        {
            Run(Script(changes));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<WallDrift> CompareAsync(IReadOnlyCollection<WallEntry> standing, bool isThorough, CancellationToken cancellationToken) =>
        Task.FromResult(State == WallState.Closed ? default : Compare(standing, isThorough));

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        if (State == WallState.Standing)
        {
            Run(new NftablesScript(options, time.GetUtcNow()).Remove().ToString());
        }

        State = WallState.Closed;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _library?.Dispose();
        _library = null;
        _monitor.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Rebuild(IReadOnlyCollection<WallEntry> standing)
    {
        var script = new NftablesScript(options, time.GetUtcNow()).Remove().Build();
        _sets.Clear();
        foreach (var (isIPv4, length) in s_usual.Concat(standing.Select(KindOf)))
        {
            if (_sets.Add((isIPv4, length)))
            {
                script.AddSet(isIPv4, length);
            }
        }

        foreach (var entry in standing)
        {
            script.Change(new WallChange(entry.Network, entry.Until));
        }

        if (Run(script.ToString()))
        {
            (State, Trouble) = (WallState.Standing, null);
        }
    }

    private WallDrift Compare(IReadOnlyCollection<WallEntry> standing, bool isThorough)
    {
        var wasStanding = State == WallState.Standing;
        var table = isThorough ? List() : ListChain();
        if (table is not { HasChain: true } || table.Rules != _sets.Count || (isThorough && _sets.Any(set => !table.Sets.Contains(NftablesScript.SetOf(set.IsIPv4, set.Length)))))
        {
            Rebuild(standing);
            return new WallDrift(0, 0, WasRebuilt: wasStanding && State == WallState.Standing);
        }

        State = WallState.Standing;
        return isThorough ? Mend(standing, table) : default;
    }

    private WallDrift Mend(IReadOnlyCollection<WallEntry> standing, NftablesTable table)
    {
        var now = time.GetUtcNow();
        var expected = standing.Where(entry => entry.Until > now + s_tolerance).ToDictionary(entry => entry.Network, entry => entry.Until);
        var missing = expected.Where(entry => !table.Entries.TryGetValue(entry.Key, out var until) || (until - entry.Value).Duration() > s_tolerance)
            .Select(entry => new WallChange(entry.Key, entry.Value)).ToList();
        var known = standing.Select(entry => entry.Network).ToHashSet();
        var foreign = table.Entries.Keys.Where(network => !known.Contains(network)).Select(network => new WallChange(network, null)).ToList();
        return missing.Count + foreign.Count == 0 || !Run(Script([.. missing, .. foreign])) ? default : new WallDrift(missing.Count, foreign.Count, WasRebuilt: false);
    }

    private string Script(IReadOnlyList<WallChange> changes)
    {
        var script = new NftablesScript(options, time.GetUtcNow());
        foreach (var change in changes)
        {
            if (_sets.Add((change.Network.IsIPv4, change.Network.PrefixLength)))
            {
                script.AddSet(change.Network.IsIPv4, change.Network.PrefixLength);
            }
        }

        // The last word on a network is the one that counts.
        foreach (var change in changes.GroupBy(change => change.Network).Select(group => group.Last()))
        {
            script.Change(change);
        }

        return script.ToString();
    }

    private NftablesTable? List() => Ask($"list table inet {options.Table}");

    private NftablesTable? ListChain() => Ask($"list chain inet {options.Table} input");

    private NftablesTable? Ask(string command)
    {
        if (!Open())
        {
            return null;
        }

        var (output, _) = _library!.Run(command);
        return string.IsNullOrEmpty(output) ? null : NftablesTable.Read(output, time.GetUtcNow());
    }

    private bool Run(string commands)
    {
        if (!Open())
        {
            return false;
        }

        var (_, error) = _library!.Run(commands);
        if (error is not null)
        {
            Fail(error.Contains("Operation not permitted", StringComparison.Ordinal)
                ? "no permission to change the firewall: CAP_NET_ADMIN is missing"
                : "nftables refuses: " + error.Split('\n')[0].Trim());
        }

        return error is null;
    }

    private bool Open()
    {
        try
        {
            _library ??= new NftablesLibrary();
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException)
        {
            Fail("libnftables is missing: install the Debian package nftables");
            return false;
        }
    }

    private void Fail(string trouble) => (State, Trouble) = (WallState.Failed, trouble);

    private static (bool IsIPv4, byte Length) KindOf(WallEntry entry) => (entry.Network.IsIPv4, entry.Network.PrefixLength);
}
