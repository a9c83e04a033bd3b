namespace Postern.Fail2Ban.Filters;

/// <summary>What is known of a failure: the groups of its lines, and those lines. Lines of one connection change it as they come.</summary>
internal sealed class Failure
{
    /// <summary>A failure of these groups.</summary>
    public Failure(Dictionary<string, string?> values) => Values = values;

    /// <summary>The groups by name.</summary>
    public Dictionary<string, string?> Values { get; }

    /// <summary>All users of the connection; null where none was named.</summary>
    public HashSet<string>? Users { get; private set; }

    /// <summary>The lines that make it; null before there are any.</summary>
    public List<LineParts>? Matches { get; set; }

    /// <summary>Lines that are no failure in themselves, kept for the case that one comes.</summary>
    public List<LineParts>? HeldMatches { get; set; }

    /// <summary>Whether a failure waits for a line that tells the address.</summary>
    public bool IsPending { get; set; }

    /// <summary>The address, where the failure is counted by something else.</summary>
    public FailureId? Address { get; set; }

    /// <summary>Whether the line is no failure in itself.</summary>
    public bool IsNoFailure => this["nofail"] is { Length: > 0 };

    /// <summary>A group; null where it took no part.</summary>
    public string? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>Takes a group out.</summary>
    public string? Take(string name) => Values.Remove(name, out var value) ? value : null;

    /// <summary>Notes a user, and gives all of the connection.</summary>
    public HashSet<string>? AddUser(string? user)
    {
        if (!string.IsNullOrEmpty(user))
            (Users ??= new HashSet<string>(StringComparer.Ordinal)).Add(user);
        return Users;
    }

    /// <summary>Takes over what a later line of the connection tells.</summary>
    public void Update(Failure later)
    {
        foreach (var (name, value) in later.Values)
        {
            if (value is not null)
                Values[name] = value;
        }

        if (later.Matches is not null)
            Matches = later.Matches;
    }

    /// <summary>A copy that later lines do not change.</summary>
    public Failure Copy() => new(new Dictionary<string, string?>(Values, StringComparer.Ordinal))
    {
        Users = Users is null ? null : new HashSet<string>(Users, StringComparer.Ordinal),
        Matches = Matches is null ? null : [.. Matches],
        HeldMatches = HeldMatches is null ? null : [.. HeldMatches],
        IsPending = IsPending,
        Address = Address,
    };
}
