using System.Text.Json;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>Bans in the kernel: a table of our own, whose entries end by themselves even when nobody is left to end them.</summary>
public sealed class NftablesWall : IWall
{
    // The kernel tells whole seconds.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(5);
    private static readonly (bool IsIPv4, byte Length)[] s_usual = [(true, 32), (true, 24), (false, 64), (false, 128)];

    private readonly NftablesOptions _options;
    private readonly TimeProvider _time;
    private readonly NftablesThread _thread;
    private readonly NftablesMonitor _monitor;
    private readonly HashSet<(bool IsIPv4, byte Length)> _sets = [];

    // What was told to the kernel: anything else that is missing there was only just decided, and nobody removed it.
    private readonly HashSet<ClientNetwork> _told = [];
    private NftablesLibrary? _library;
    private string? _structure;
    private bool _isBuilt;
    private bool _isDisposed;

    /// <summary>A wall that is not built yet.</summary>
    public NftablesWall(NftablesOptions options, TimeProvider time)
        : this(options, time, null)
    {
    }

    /// <summary>The same, whose thread first does something, such as entering a network namespace.</summary>
    internal NftablesWall(NftablesOptions options, TimeProvider time, Action? first)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options, time);
        _thread = new NftablesThread(first);
        _monitor = new NftablesMonitor(options.Table, _thread.Name, time);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public WallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<WallEntry> standing, CancellationToken cancellationToken) =>
        DoAsync(() => Rebuild(standing), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WallEntry>> ReadAsync(CancellationToken cancellationToken) => DoAsync<IReadOnlyList<WallEntry>>(
        () => List(out _) is { } table ? [.. table.Entries.Select(entry => new WallEntry(entry.Key, entry.Value))] : [], cancellationToken);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<WallChange> changes, CancellationToken cancellationToken) =>
        State == WallState.Standing && changes.Count > 0 ? DoAsync(() => Apply(changes), cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<WallDrift> CompareAsync(IReadOnlyCollection<WallEntry> standing, bool isThorough, CancellationToken cancellationToken) =>
        State == WallState.Closed ? Task.FromResult(default(WallDrift)) : DoAsync(() => Compare(standing, isThorough), cancellationToken);

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken) => DoAsync(
        () =>
        {
            // What once stood may still stand, even if something failed since.
            var isGone = !_isBuilt || Run(new NftablesScript(_options, _time.GetUtcNow()).Remove().ToString());
            _isBuilt = !isGone;
            _told.Clear();
            State = WallState.Closed;
            return isGone;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _thread.RunAsync(() =>
        {
            _library?.Dispose();
            _library = null;
            return true;
        });
        _monitor.Dispose();
        _thread.Dispose();
    }

    private Task<T> DoAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _thread.RunAsync(work);
    }

    private bool Rebuild(IReadOnlyCollection<WallEntry> standing)
    {
        // From before the table is there, so that no change of it is missed.
        _monitor.Open();
        var script = new NftablesScript(_options, _time.GetUtcNow()).Remove().Build();
        _sets.Clear();
        foreach (var kind in s_usual.Concat(standing.Select(entry => KindOf(entry.Network))))
        {
            if (_sets.Add(kind))
            {
                script.AddSet(kind.IsIPv4, kind.Length);
            }
        }

        var entries = Latest(standing);
        foreach (var (network, until) in entries)
        {
            script.Change(new WallChange(network, until));
        }

        if (!Run(script.ToString()))
        {
            return false;
        }

        _isBuilt = true;
        _told.Clear();
        _told.UnionWith(entries.Keys);
        if (!Remember())
        {
            return false;
        }

        (State, Trouble) = (WallState.Standing, null);
        return true;
    }

    private bool Apply(IReadOnlyList<WallChange> changes)
    {
        var script = new NftablesScript(_options, _time.GetUtcNow());
        var added = changes.Select(change => KindOf(change.Network)).Where(kind => !_sets.Contains(kind)).Distinct().ToList();
        foreach (var (isIPv4, length) in added)
        {
            script.AddSet(isIPv4, length);
        }

        // The last word on a network is the one that counts.
        var last = new Dictionary<ClientNetwork, DateTimeOffset?>();
        foreach (var change in changes)
        {
            last[change.Network] = change.Until;
        }

        foreach (var (network, until) in last)
        {
            script.Change(new WallChange(network, until), isNew: !_told.Contains(network));
            _ = until is null ? _told.Remove(network) : _told.Add(network);
        }

        if (!Run(script.ToString()))
        {
            return false;
        }

        _sets.UnionWith(added);
        return added.Count == 0 || Remember();
    }

    private WallDrift Compare(IReadOnlyCollection<WallEntry> standing, bool isThorough)
    {
        var began = _time.GetTimestamp();
        var (wasBuilt, table) = (_isBuilt, List(out var isGone));
        if (table is null && !isGone)
        {
            return default;
        }

        if (table is null || !string.Equals(table.Structure, _structure, StringComparison.Ordinal))
        {
            return new WallDrift(0, 0, WasRebuilt: Rebuild(standing) && wasBuilt);
        }

        (State, Trouble) = (WallState.Standing, null);
        return isThorough ? Mend(standing, table, s_tolerance + _time.GetElapsedTime(began)) : default;
    }

    private WallDrift Mend(IReadOnlyCollection<WallEntry> standing, NftablesTable table, TimeSpan tolerance)
    {
        var now = _time.GetUtcNow();
        var expected = Latest(standing);
        var missing = expected.Where(entry => entry.Value > now + tolerance)
            .Where(entry => !table.Entries.TryGetValue(entry.Key, out var until) || (until - Possible(entry.Value, now)).Duration() > tolerance)
            .Select(entry => new WallChange(entry.Key, entry.Value)).ToList();
        var foreign = table.Entries.Keys.Where(network => !expected.ContainsKey(network)).Select(network => new WallChange(network, null)).ToList();
        var drift = new WallDrift(missing.Count(change => _told.Contains(change.Network)), foreign.Count(change => !_told.Contains(change.Network)), WasRebuilt: false);
        _told.IntersectWith(expected.Keys);
        // What stands there by another's hand is there all the same.
        _told.UnionWith(table.Entries.Keys);
        return missing.Count + foreign.Count > 0 && Apply([.. missing, .. foreign]) ? drift : default;
    }

    // How the library writes down what we asked for differs from version to version: so it is what the kernel says just after.
    private bool Remember()
    {
        if (List(out var isGone) is { } table)
        {
            _structure = table.Structure;
            return true;
        }

        if (isGone)
        {
            Fail("somebody removes our bans as soon as they stand");
        }

        return false;
    }

    private NftablesTable? List(out bool isGone)
    {
        isGone = false;
        if (!Open())
        {
            return null;
        }

        try
        {
            var now = _time.GetUtcNow();
            var (table, error) = _library!.Ask($"list table inet {_options.Table}", json => NftablesTable.Read(json, now));
            isGone = error?.Contains("No such file or directory", StringComparison.Ordinal) ?? false;
            if (error is not null && !isGone)
            {
                Fail(NftablesTrouble.Of(error));
            }

            return table;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            Fail("this libnftables does not tell what is in the firewall as JSON");
            return null;
        }
    }

    private bool Run(string commands)
    {
        if (!Open())
        {
            return false;
        }

        if (_library!.Run(commands) is { } error)
        {
            Fail(NftablesTrouble.Of(error));
            return false;
        }

        return true;
    }

    private bool Open()
    {
        // Asked before the library is: it complains to standard error itself, each time.
        if (State != WallState.Standing && !NftablesThread.MayChangeNetwork())
        {
            Fail(NftablesTrouble.NoPermission);
            return false;
        }

        try
        {
            _library ??= new NftablesLibrary();
            return true;
        }
        catch (InvalidOperationException e)
        {
            Fail(e.Message);
            return false;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            Fail(NftablesTrouble.NoLibrary);
            return false;
        }
    }

    private void Fail(string trouble) => (State, Trouble) = (WallState.Failed, trouble);

    private static DateTimeOffset Possible(DateTimeOffset until, DateTimeOffset now) =>
        until - now < NftablesScript.Longest ? until : now + NftablesScript.Longest;

    private static Dictionary<ClientNetwork, DateTimeOffset> Latest(IReadOnlyCollection<WallEntry> standing)
    {
        var latest = new Dictionary<ClientNetwork, DateTimeOffset>(standing.Count);
        foreach (var entry in standing)
        {
            latest[entry.Network] = latest.TryGetValue(entry.Network, out var other) && other > entry.Until ? other : entry.Until;
        }

        return latest;
    }

    private static (bool IsIPv4, byte Length) KindOf(ClientNetwork network) => (network.IsIPv4, network.PrefixLength);
}
