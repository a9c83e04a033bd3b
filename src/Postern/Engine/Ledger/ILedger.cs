using Postern.Decisions.Brake;
using Postern.Facts;

namespace Postern.Engine.Ledger;

/// <summary>What must outlive the process. One writer; reads may come from other threads.</summary>
public interface ILedger : IDisposable
{
    /// <summary>Everything that a start needs.</summary>
    /// <param name="now">The time; bans that are over by then are not standing.</param>
    /// <param name="failuresSince">Failures with an earlier mark are of no use any more.</param>
    LedgerState Load(DateTimeOffset now, DateTimeOffset failuresSince);

    /// <summary>Keeps all of it or nothing; after it returns, no kill of the process loses it.</summary>
    void Commit(LedgerChanges changes);

    /// <summary>
    /// Of the failures since a time those that show any of these behaviours, in no order and without their lines; of very many only
    /// the latest.
    /// </summary>
    IEnumerable<Failure> FailuresSince(DateTimeOffset since, BehaviourSet behaviours);

    /// <summary>The failures of a network's clients, latest first.</summary>
    IReadOnlyList<Failure> FailuresOf(ClientNetwork network, int most);

    /// <summary>The latest failures whose lines hold a text, whatever the case of its letters, latest first; of very many only the latest are looked at.</summary>
    /// <param name="text">The text; null for any.</param>
    /// <param name="most">So many at most.</param>
    IReadOnlyList<Failure> FailuresWith(string? text, int most);

    /// <summary>All bans that cover or lie within a network, ended ones too, latest first.</summary>
    IReadOnlyList<Ban> BansOf(ClientNetwork network, int most);

    /// <summary>The bans of a network's clients that were not made, latest first.</summary>
    IReadOnlyList<SuppressedBan> SuppressedOf(ClientNetwork network, int most);

    /// <summary>Drops what is older than the retention, and the oldest of what is more than the ledger may hold.</summary>
    void Prune(DateTimeOffset now);
}

/// <summary>The ledger's content that a start needs.</summary>
public sealed record LedgerState
{
    /// <summary>Bans that stand.</summary>
    public required IReadOnlyList<Ban> Bans { get; init; }

    /// <summary>
    /// The last ban of each network and jail that is over: later bans last longer, and earlier failures count no more. One that the
    /// operator lifted has repetition 0: it counts for none, but what led to it has been looked at.
    /// </summary>
    public required IReadOnlyList<Ban> Past { get; init; }

    /// <summary>Bans whose time ended while nobody ran: nothing has lifted them from the firewalls yet.</summary>
    public IReadOnlyList<Ban> Lapsed { get; init; } = [];

    /// <summary>Recent failures.</summary>
    public required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>Days on which clients delivered, were hostile or logged in, within the retention.</summary>
    public required IReadOnlyList<SenderDay> Days { get; init; }

    /// <summary>Protections by DNS that still hold.</summary>
    public required IReadOnlyList<SuppressedBan> Suppressed { get; init; }

    /// <summary>Domains that own users wrote to.</summary>
    public IReadOnlyList<Correspondent> Correspondents { get; init; } = [];

    /// <summary>The key of their hashes.</summary>
    public byte[] CorrespondentKey { get; init; } = [];

    /// <summary>What the brake held at the end of the last run.</summary>
    public IReadOnlyList<BrakeHold> Holds { get; init; } = [];

    /// <summary>The troubles of the last weeks that it held bans for, and that are over.</summary>
    public IReadOnlyList<BrakeSpan> Spans { get; init; } = [];

    /// <summary>Whom the operator allowed by command.</summary>
    public required IReadOnlyList<AllowedEntry> Allowed { get; init; }

    /// <summary>How far each source was read.</summary>
    public required IReadOnlyList<SourcePosition> Positions { get; init; }

    /// <summary>Where the ledger was found broken and set aside: the file's new path; else null.</summary>
    public string? SetAside { get; init; }
}

/// <summary>Changes that belong together.</summary>
public sealed class LedgerChanges
{
    private readonly List<Failure> _failures = [];
    private readonly List<SuppressedBan> _suppressed = [];
    private readonly List<SenderDay> _days = [];

    /// <summary>New failures, and ones that have grown since (same id).</summary>
    public IList<Failure> Failures => _failures;

    /// <summary>New bans; one of the same network and jail replaces the one that stands.</summary>
    public IList<Ban> Bans { get; } = [];

    /// <summary>Bans that ended.</summary>
    public IList<EndedBan> Ended { get; } = [];

    /// <summary>Bans that were not made.</summary>
    public IList<SuppressedBan> Suppressed => _suppressed;

    /// <summary>What clients did on a day; joined with what is known of that day.</summary>
    public IList<SenderDay> Days => _days;

    /// <summary>The same of what other hosts saw: kept like our own, and not told to them again.</summary>
    public IList<SenderDay> ForeignDays { get; } = [];

    /// <summary>Places that are new to a user, for the other hosts alone: no ledger keeps them.</summary>
    public IList<AccountLogin> Logins { get; } = [];

    /// <summary>Whom the operator allowed by command, or no longer; of an entry the last word counts.</summary>
    public IList<AllowedEntry> Allowed { get; } = [];

    /// <summary>Domains that own users wrote to.</summary>
    public IList<Correspondent> Correspondents { get; } = [];

    /// <summary>The key of their hashes, for a ledger that is new; null for the ledger's own.</summary>
    public byte[]? CorrespondentKey { get; set; }

    /// <summary>What the brake holds now; null where that has not changed.</summary>
    public IReadOnlyList<BrakeHold>? Holds { get; set; }

    /// <summary>The troubles that it held bans for, and that are over; null where that has not changed.</summary>
    public IReadOnlyList<BrakeSpan>? Spans { get; set; }

    /// <summary>How far sources were read.</summary>
    public IList<SourcePosition> Positions { get; } = [];

    /// <summary>True where there is nothing to keep.</summary>
    public bool IsEmpty => Failures.Count + Bans.Count + Ended.Count + Suppressed.Count + Days.Count + ForeignDays.Count + Logins.Count + Allowed.Count + Correspondents.Count + Positions.Count == 0 && Holds is null && Spans is null && CorrespondentKey is null;

    /// <summary>Notes how far a source was read; the last word on it is kept.</summary>
    public void Note(SourcePosition place)
    {
        for (var i = 0; i < Positions.Count; i++)
        {
            if (string.Equals(Positions[i].Source, place.Source, StringComparison.Ordinal))
            {
                Positions[i] = place;
                return;
            }
        }

        Positions.Add(place);
    }

    /// <summary>Moves all of it behind what another holds.</summary>
    public void MoveTo(LedgerChanges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(Bans, other.Bans);
        Add(Ended, other.Ended);
        Add(Allowed, other.Allowed);
        Add(Correspondents, other.Correspondents);
        other.Holds = Holds ?? other.Holds;
        other.Spans = Spans ?? other.Spans;
        other.CorrespondentKey = CorrespondentKey ?? other.CorrespondentKey;
        AddSeenTo(other);
        Clear();
    }

    /// <summary>Adds what was seen, and how far sources were read, to what another holds.</summary>
    public void AddSeenTo(LedgerChanges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(Failures, other.Failures);
        Add(Suppressed, other.Suppressed);
        Add(Days, other.Days);
        Add(ForeignDays, other.Days);
        foreach (var place in Positions)
        {
            other.Note(place);
        }
    }

    /// <summary>Drops the oldest of what no standing ban depends on where there is more of a kind than this.</summary>
    public void Limit(int most)
    {
        Drop(_failures);
        Drop(_suppressed);
        Drop(_days);

        // The half, so that it is not done again at the next one.
        void Drop<T>(List<T> list) => list.RemoveRange(0, list.Count > most ? list.Count - (most / 2) : 0);
    }

    /// <summary>Makes it ready for the next changes.</summary>
    public void Clear()
    {
        Failures.Clear();
        Bans.Clear();
        Ended.Clear();
        Suppressed.Clear();
        Days.Clear();
        ForeignDays.Clear();
        Logins.Clear();
        Allowed.Clear();
        Correspondents.Clear();
        Holds = null;
        Spans = null;
        CorrespondentKey = null;
        Positions.Clear();
    }

    private static void Add<T>(IList<T> from, IList<T> to)
    {
        foreach (var one in from)
        {
            to.Add(one);
        }
    }
}
