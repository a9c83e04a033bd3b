using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Tests.Engine;

/// <summary>A ledger that holds what the test says, fails as it says, and remembers what it was given.</summary>
internal sealed class ScriptedLedger : ILedger
{
    public LedgerState State { get; set; } = new() { Bans = [], Past = [], Failures = [], Days = [], Suppressed = [], Allowed = [], Positions = [] };

    /// <summary>What the next calls fail with, and then the ones after those succeed.</summary>
    public Queue<LedgerTrouble> Troubles { get; } = new();

    /// <summary>A fault of our own in each write from now on.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>A disk that answers when it is told to; null for one that answers at once.</summary>
    public ManualResetEventSlim? Disk { get; set; }

    /// <summary>Set when a write waits for the disk.</summary>
    public ManualResetEventSlim IsWriting { get; } = new();

    public int Tries { get; private set; }

    public List<Ban> Bans { get; } = [];

    public List<Failure> Failures { get; } = [];

    public List<EndedBan> Ended { get; } = [];

    public List<AllowedEntry> Allowed { get; } = [];

    public List<Correspondent> Correspondents { get; } = [];

    public List<SenderDay> Days { get; } = [];

    public byte[]? Key { get; private set; }

    public IReadOnlyList<Failure> FailuresWith(string? text, int most) => [.. Failures.Take(most)];

    public LedgerState Load(DateTimeOffset now, DateTimeOffset failuresSince) => State;

    public void Commit(LedgerChanges changes)
    {
        Tries++;
        if (Disk is { } disk)
        {
            IsWriting.Set();
            disk.Wait(TimeSpan.FromSeconds(30));
        }

        if (IsFaulty)
        {
            throw new InvalidOperationException("a fault of our own");
        }

        if (Troubles.TryDequeue(out var trouble))
        {
            throw new LedgerException(trouble, trouble.ToString());
        }

        Bans.AddRange(changes.Bans);
        Failures.AddRange(changes.Failures);
        Ended.AddRange(changes.Ended);
        Allowed.AddRange(changes.Allowed);
        Correspondents.AddRange(changes.Correspondents);
        Days.AddRange(changes.Days);
        Key = changes.CorrespondentKey ?? Key;
    }

    public IEnumerable<Failure> FailuresSince(DateTimeOffset since, BehaviourSet behaviours) => State.Failures.Where(failure => failure.Mark.Behaviours.Overlaps(behaviours));

    public IReadOnlyList<Failure> FailuresOf(ClientNetwork network, int most) => [.. Failures.Where(failure => network.Contains(failure.Client)).Reverse().Take(most)];

    public IReadOnlyList<Ban> BansOf(ClientNetwork network, int most) => [];

    public IReadOnlyList<SuppressedBan> SuppressedOf(ClientNetwork network, int most) => [];

    public void Prune(DateTimeOffset now)
    {
    }

    public void Dispose()
    {
    }
}
