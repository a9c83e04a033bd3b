using Postern.Cli.Sharing.Records;

namespace Postern.Cli.Sharing;

/// <summary>
/// What this host has still to tell the others: of each subject the last change, and bounded. What is beyond the bound is no loss where the engine has it: it is
/// compared with the server as a whole then. For one thread at a time.
/// </summary>
internal sealed class PendingChanges
{
    /// <summary>Changes that wait, at most.</summary>
    public const int Most = 200_000;

    private const int MostMemory = 100_000;
    private const int MostEvidence = 10_000;

    private readonly Dictionary<string, SharedChange> _changes = new(StringComparer.Ordinal);
    private readonly Dictionary<(UInt128, int), SharedChange> _memory = [];
    private readonly Queue<SharedChange> _evidence = new();

    /// <summary>Changes that wait.</summary>
    public int Count => _changes.Count + _memory.Count + _evidence.Count;

    /// <summary>Bans, and what ends and prevents them.</summary>
    public int Changes => _changes.Count;

    /// <summary>True where something was left out: the bans must be compared with the server's.</summary>
    public bool IsOverfull { get; set; }

    /// <summary>Takes a change.</summary>
    public void Add(SharedChange change)
    {
        switch (change)
        {
            case SharedFailure or SharedLogin:
                _evidence.Enqueue(change);
                if (_evidence.Count > MostEvidence)
                {
                    _evidence.Dequeue();
                }

                break;
            case SharedDay { Day: var day }:
                Remember((new UInt128(day.Client.High, day.Client.Low), day.Day.DayNumber), change);
                break;
            case SharedGreylisting sender:
                Remember((sender.Triplet, -1), change);
                break;
            default:
                var subject = Name(change);
                if (_changes.Count >= Most && !_changes.ContainsKey(subject))
                {
                    IsOverfull = true;
                    break;
                }

                _changes[subject] = change;
                break;
        }
    }

    /// <summary>Some of the changes, to be published; they wait until <see cref="Done"/>.</summary>
    public IReadOnlyList<SharedChange> Peek(int most) => [.. _changes.Values.Take(most)];

    /// <summary>Takes out what was published, where nothing newer of the same subject came meanwhile.</summary>
    public void Done(IReadOnlyList<SharedChange> published)
    {
        foreach (var change in published)
        {
            var subject = Name(change);
            if (_changes.TryGetValue(subject, out var waiting) && ReferenceEquals(waiting, change))
            {
                _changes.Remove(subject);
            }
        }
    }

    /// <summary>Takes out some days and senders.</summary>
    public IReadOnlyList<SharedChange> TakeMemory(int most)
    {
        var taken = _memory.Take(most).ToList();
        taken.ForEach(pair => _memory.Remove(pair.Key));
        return [.. taken.Select(static pair => pair.Value)];
    }

    /// <summary>Takes out some failures.</summary>
    public IReadOnlyList<SharedChange> TakeEvidence(int most)
    {
        var taken = new List<SharedChange>();
        while (taken.Count < most && _evidence.TryDequeue(out var change))
        {
            taken.Add(change);
        }

        return taken;
    }

    /// <summary>What a change is about, as a key.</summary>
    public static string Name(SharedChange change) => System.Text.Encoding.Latin1.GetString(SharedRecords.SubjectOf(change));

    private void Remember((UInt128, int) subject, SharedChange change)
    {
        if (_memory.Count < MostMemory || _memory.ContainsKey(subject))
        {
            _memory[subject] = change;
        }
    }
}
