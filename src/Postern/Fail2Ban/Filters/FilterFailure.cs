namespace Postern.Fail2Ban.Filters;

/// <summary>What is known of a failure: the groups of its lines, and those lines. Lines of one connection change it as they come.</summary>
internal sealed class FilterFailure
{
    private readonly MatchGroups _groups;
    private List<KeyValuePair<string, string?>>? _changes;
    private string? _firstUser;
    private HashSet<string>? _users;

    /// <summary>A failure of these groups.</summary>
    public FilterFailure(MatchGroups groups) => _groups = groups;

    /// <summary>All users of the connection; null where none was named.</summary>
    public IReadOnlyCollection<string>? Users => _users is not null ? _users : _firstUser is null ? null : [_firstUser];

    /// <summary>Whether the connection tried more than one user.</summary>
    public bool HasSeveralUsers => _users is not null;

    /// <summary>The lines that make it; null before there are any.</summary>
    public IReadOnlyList<LineParts>? Matches { get; set; }

    /// <summary>Lines that are no failure in themselves, kept for the case that one comes.</summary>
    public IReadOnlyList<LineParts>? HeldMatches { get; set; }

    /// <summary>Whether a failure waits for a line that tells the address.</summary>
    public bool IsPending { get; set; }

    /// <summary>The address, where the failure is counted by something else.</summary>
    public FailureId? Address { get; set; }

    /// <summary>Whether the line is no failure in itself.</summary>
    public bool IsNoFailure => this[KnownGroup.NoFailure] is { Length: > 0 };

    /// <summary>A group; null where it took no part.</summary>
    public string? this[string name] => Changed(name, out var value) ? value : _groups[name];

    /// <summary>A group that means something.</summary>
    public string? this[KnownGroup group]
    {
        get => Changed(KnownGroups.Name(group), out var value) ? value : _groups[group];
        set => Set(_changes ??= [], KnownGroups.Name(group), value);
    }

    /// <summary>Takes a group out.</summary>
    public string? Take(KnownGroup group)
    {
        if (this[group] is not { } value)
        {
            return null;
        }

        this[group] = null;
        return value;
    }

    /// <summary>Notes a user of the connection.</summary>
    public void AddUser(string? user)
    {
        if (string.IsNullOrEmpty(user) || string.Equals(user, _firstUser, StringComparison.Ordinal))
        {
            return;
        }

        if (_firstUser is null)
        {
            _firstUser = user;
        }
        else
        {
            (_users ??= new HashSet<string>(StringComparer.Ordinal) { _firstUser }).Add(user);
        }
    }

    /// <summary>Takes over what a later line of the connection tells.</summary>
    public void Update(FilterFailure later)
    {
        _changes ??= new List<KeyValuePair<string, string?>>(8);
        foreach (var name in later._groups.Names)
        {
            if (later[name] is { } value)
            {
                Set(_changes, name, value);
            }
        }

        for (var i = 0; i < later._changes?.Count; i++)
        {
            if (later._changes[i].Value is { } value)
            {
                Set(_changes, later._changes[i].Key, value);
            }
        }

        if (later.Matches is not null)
        {
            Matches = later.Matches;
        }
    }

    /// <summary>A copy that later lines do not change.</summary>
    public FilterFailure Copy() => new(_groups)
    {
        _changes = _changes is null ? null : [.. _changes],
        _firstUser = _firstUser,
        _users = _users is null ? null : new HashSet<string>(_users, StringComparer.Ordinal),
        Matches = Matches,
        HeldMatches = HeldMatches,
        IsPending = IsPending,
        Address = Address,
    };

    private bool Changed(string name, out string? value)
    {
        for (var i = 0; i < _changes?.Count; i++)
        {
            if (string.Equals(_changes[i].Key, name, StringComparison.Ordinal))
            {
                value = _changes[i].Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    private static void Set(List<KeyValuePair<string, string?>> changes, string name, string? value)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            if (!string.Equals(changes[i].Key, name, StringComparison.Ordinal))
            {
                continue;
            }

            changes[i] = new(name, value);
            return;
        }

        changes.Add(new(name, value));
    }
}
