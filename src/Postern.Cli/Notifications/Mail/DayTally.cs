using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Telling;
using Postern.Facts;

namespace Postern.Cli.Notifications.Mail;

/// <summary>Counts what happened since the last summary. Its size has a bound: jails, behaviours and topics are few. Not for two at once.</summary>
internal sealed class DayTally
{
    private const int MostNames = 500;
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>The numbers by name: <c>bans</c>, <c>ended</c>, <c>spared</c>, <c>jail:NAME</c>, <c>behaviour:ID</c>, <c>topic:ID</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>True where it changed since it was last asked.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Counts one.</summary>
    public void Add(Happening one)
    {
        switch (one.Kind)
        {
            case HappeningKind.Ban:
                Add("bans");
                Add("jail:" + one.Jail);
                if (LeadingBehaviour(one.Reason) is { } behaviour)
                {
                    Add("behaviour:" + behaviour);
                }

                break;
            case HappeningKind.Unban or HappeningKind.BanEnded:
                Add("ended");
                break;
            case HappeningKind.Spared:
                Add("spared");
                break;
            case var kind when kind.IsAlert() && kind.Topic() is { } topic:
                Add("topic:" + topic.Id());
                break;
        }
    }

    /// <summary>Takes up what an earlier run counted.</summary>
    public void Restore(IReadOnlyDictionary<string, long> counts)
    {
        foreach (var (name, number) in counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + number;
        }
    }

    /// <summary>Notes that it was kept.</summary>
    public void MarkKept() => IsDirty = false;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _counts.Clear();
        IsDirty = true;
    }

    /// <summary>The rows of a kind, most first.</summary>
    public IReadOnlyList<(string Name, long Number)> Of(string prefix) =>
        [.. _counts.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => (pair.Key[prefix.Length..], pair.Value))
            .OrderByDescending(static row => row.Value).ThenBy(static row => row.Item1, StringComparer.Ordinal)];

    private void Add(string name)
    {
        if (_counts.Count < MostNames || _counts.ContainsKey(name))
        {
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
            IsDirty = true;
        }
    }

    // "12 lone-dot, 3 blank-line within 10m": the first weighs most.
    private static string? LeadingBehaviour(string? reason)
    {
        var words = reason?.Split(' ', 3, StringSplitOptions.None);
        return words is [_, var second, ..] && BehaviourNames.TryParse(second.TrimEnd(','), out var behaviour) ? behaviour.Id() : null;
    }
}
