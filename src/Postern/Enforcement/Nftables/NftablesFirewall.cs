using System.Runtime.InteropServices;
using Postern.Enforcement.Netlink;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>Bans in the kernel: a table of our own, whose entries end by themselves even when nobody is left to end them.</summary>
public sealed partial class NftablesFirewall : IFirewall
{
    // A transaction of more bans takes the kernel longer for each of them, and the library more memory.
    private const int MostAtOnce = 20_000;

    // From so many changes on, a text for the library costs more than all the rest.
    private const int Bulk = 2_000;

    // These come with the table itself, in the text that builds it.
    private const int MostAtFirst = 2_000;
    private const string Removed = "somebody removes our bans as soon as they stand";

    private static readonly (bool IsIPv4, byte Length)[] s_usual = [(true, 32), (true, 24), (false, 64), (false, 128)];

    private readonly NftablesOptions _options;
    private readonly TimeProvider _time;
    private readonly NftablesThread _thread;
    private readonly NftablesMonitor _monitor;
    private readonly NftablesReader _reader;
    private readonly ClientSockets _sockets = new();
    private readonly HashSet<(bool IsIPv4, byte Length)> _sets = [];

    // What was told to the kernel: anything else that is missing there was only just decided, and nobody removed it.
    private readonly HashSet<ClientNetwork> _told = [];
    private NftablesLibrary? _library;
    private byte[] _structure = [];
    private bool _isBuilt;
    private bool _isDisposed;

    /// <summary>A firewall that is not built yet.</summary>
    public NftablesFirewall(NftablesOptions options, TimeProvider time)
        : this(options, time, null)
    {
    }

    /// <summary>The same, whose thread first does something, such as entering a network namespace.</summary>
    internal NftablesFirewall(NftablesOptions options, TimeProvider time, Action? first)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options, time);
        _thread = new NftablesThread(first);
        _monitor = new NftablesMonitor(options.Table, _thread.Name, time);
        _reader = new NftablesReader(options.Table, time);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public FirewallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken) =>
        DoAsync(() => Rebuild(standing), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken) => DoAsync<IReadOnlyList<FirewallEntry>>(
        () =>
        {
            List<FirewallEntry> entries = [];
            foreach (var (isIPv4, length) in Look(out var table) && table is not null ? table.Sets : [])
            {
                _reader.ReadElements(isIPv4, length, (network, until) => entries.Add(new FirewallEntry(network, until)));
            }

            return entries;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) =>
        State == FirewallState.Standing && changes.Count > 0 ? DoAsync(() => Apply(changes), cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken) =>
        State == FirewallState.Closed ? Task.FromResult(default(FirewallDrift)) : DoAsync(() => Compare(standing, isThorough), cancellationToken);

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => _monitor.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken) => DoAsync(
        () =>
        {
            // What once stood may still stand, even if something failed since.
            var isGone = !_isBuilt || Run(new NftablesScript(_options, _time.GetUtcNow()).Remove());
            _isBuilt = !isGone;
            _told.Clear();
            State = FirewallState.Closed;
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
            _reader.Dispose();
            _sockets.Dispose();
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

    // The table and the first bans are one transaction, and so they are there at once; the others follow.
    private bool Rebuild(IReadOnlyCollection<FirewallEntry> standing)
    {
        // From before the table is there, so that no change of it is missed.
        _monitor.Open();
        var entries = standing.ToArray();
        if (entries.Length > MostAtOnce)
        {
            Array.Sort(entries, static (a, b) => b.Rank.CompareTo(a.Rank));
        }

        var script = new NftablesScript(_options, _time.GetUtcNow()).Remove().Build();
        _sets.Clear();
        _told.Clear();
        _told.EnsureCapacity(entries.Length);
        _ = AddSets(script, s_usual.Concat(entries.Select(entry => KindOf(entry.Network))));
        var first = 0;
        do
        {
            var step = entries.AsSpan(first, Math.Min(first == 0 ? MostAtFirst : MostAtOnce, entries.Length - first));
            if (!(first == 0 ? Run(Script(script, step)) && Remember() : Add(step)))
            {
                _monitor.Resume();
                return false;
            }

            foreach (var entry in step)
            {
                _told.Add(entry.Network);
            }

            (_isBuilt, State, Trouble) = (true, FirewallState.Standing, null);
            if (first == 0 && entries.Length > MostAtOnce)
            {
                _monitor.Pause();
            }

            first += step.Length;
        }
        while (first < entries.Length);

        EndConnections(_told);
        return entries.Length <= MostAtOnce || IsUntouched();
    }

    private static NftablesScript Script(NftablesScript script, ReadOnlySpan<FirewallEntry> entries)
    {
        foreach (var entry in entries)
        {
            script.Change(new FirewallChange(entry.Network, entry.Until), isNew: true);
        }

        return script;
    }

    // What the kernel does not take so, libnftables adds, or says why not.
    private bool Add(ReadOnlySpan<FirewallEntry> entries) =>
        new NftablesElements(_options.Table).Add(entries, _time.GetUtcNow()) == 0 || Run(Script(new NftablesScript(_options, _time.GetUtcNow()), entries));

    private bool Apply(IReadOnlyList<FirewallChange> changes)
    {
        // The last word on a network is the one that counts.
        var last = new Dictionary<ClientNetwork, DateTimeOffset?>(changes.Count);
        foreach (var change in changes)
        {
            last[change.Network] = change.Until;
        }

        var sets = _sets.Count;
        var isBulk = last.Count >= Bulk;
        if (isBulk)
        {
            _monitor.Pause();
            // Not by doubling: there may be a million.
            _told.EnsureCapacity(_told.Count + last.Count);
        }

        foreach (var step in last.Chunk(MostAtOnce))
        {
            if (!Apply(step, isBulk))
            {
                _monitor.Resume();
                return false;
            }
        }

        EndConnections([.. last.Where(change => change.Value is not null).Select(change => change.Key)]);
        return (_sets.Count == sets || Remember()) && (!isBulk || IsUntouched());
    }

    // What the kernel does not have yet goes to it without a text, where there is much of it; the rest goes first, with the sets.
    private bool Apply(KeyValuePair<ClientNetwork, DateTimeOffset?>[] step, bool isBulk)
    {
        List<FirewallEntry> fresh = [];
        var (script, any) = (new NftablesScript(_options, _time.GetUtcNow()), false);
        var added = AddSets(script, step.Select(change => KindOf(change.Key)));
        foreach (var (network, until) in step)
        {
            var isNew = !_told.Contains(network);
            if (isBulk && isNew && until is { } end)
            {
                fresh.Add(new FirewallEntry(network, end));
            }
            else
            {
                script.Change(new FirewallChange(network, until), isNew);
                any = true;
            }

            _ = until is null ? _told.Remove(network) : _told.Add(network);
        }

        if ((any || added.Count > 0) && !Run(script))
        {
            _sets.ExceptWith(added);
            return false;
        }

        return fresh.Count == 0 || Add(CollectionsMarshal.AsSpan(fresh));
    }

    private List<(bool IsIPv4, byte Length)> AddSets(NftablesScript script, IEnumerable<(bool IsIPv4, byte Length)> kinds)
    {
        List<(bool IsIPv4, byte Length)> added = [];
        foreach (var kind in kinds)
        {
            if (_sets.Add(kind))
            {
                script.AddSet(kind.IsIPv4, kind.Length);
                added.Add(kind);
            }
        }

        return added;
    }

    private FirewallDrift Compare(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough)
    {
        var wasBuilt = _isBuilt;
        if (!Look(out var table))
        {
            return default;
        }

        if (table is null || !table.Structure.SequenceEqual(_structure))
        {
            return new FirewallDrift(0, 0, WasRebuilt: Rebuild(standing()) && wasBuilt);
        }

        (State, Trouble) = (FirewallState.Standing, null);
        return isThorough ? Mend(standing()) : default;
    }

    private FirewallDrift Mend(IReadOnlyCollection<FirewallEntry> standing)
    {
        var comparison = new NftablesComparison(standing, _told, _time.GetUtcNow());
        foreach (var (isIPv4, length) in _sets)
        {
            if (_reader.ReadElements(isIPv4, length, comparison.Take) != 0)
            {
                // Somebody changes it at this moment: the next look will tell.
                return default;
            }
        }

        var (changes, drift) = comparison.Finish();
        return changes.Count > 0 && Apply(changes) ? drift : default;
    }

    private void Fail(string trouble) => (State, Trouble) = (FirewallState.Failed, trouble);

    private static (bool IsIPv4, byte Length) KindOf(ClientNetwork network) => (network.IsIPv4, network.PrefixLength);
}
