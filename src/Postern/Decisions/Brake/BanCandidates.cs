using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>A ban that a jail is about to make, or would make if nothing protected the client.</summary>
/// <param name="Client">Who.</param>
/// <param name="Reason">A name of <see cref="BrakeReason"/>, or a jail of fail2ban's.</param>
/// <param name="Standing">How much history the client has.</param>
/// <param name="HasNames">True where its PTR name is confirmed and chosen, and its HELO name matches.</param>
public readonly record struct BanCandidate(ClientAddress Client, string Reason, SenderStanding Standing, bool HasNames);

/// <summary>The bans of the last minutes, one a network, by reason: how many of them are of clients that look genuine.</summary>
public sealed class BanCandidates
{
    private const int Most = 20_000;

    // One that has delivered a few times speaks for a part, and all of these together for a third of what is needed.
    private const double NewWeight = 0.2;
    private readonly Dictionary<(string Reason, ClientAddress Network), (DateTimeOffset At, ClientAddress Block, SenderStanding Standing, bool HasNames)> _bans = [];

    /// <summary>Takes one.</summary>
    public void Add(in BanCandidate candidate, DateTimeOffset now)
    {
        var place = ClientPlace.Of(candidate.Client);
        var key = (candidate.Reason, place.Network);
        if (_bans.Count >= Most && !_bans.ContainsKey(key))
        {
            return;
        }

        var known = _bans.GetValueOrDefault(key);
        _bans[key] = (now, place.Block, candidate.Standing > known.Standing ? candidate.Standing : known.Standing, candidate.HasNames || known.HasNames);
    }

    /// <summary>Networks that are remembered.</summary>
    public int Count => _bans.Count;

    /// <summary>The reasons that were counted within the window.</summary>
    public IEnumerable<string> Reasons => _bans.Keys.Select(key => key.Reason).Distinct(StringComparer.Ordinal);

    /// <summary>How many established clients would be banned for a reason; new ones count for a part, and not beyond a third of the limit.</summary>
    public double Known(string reason, int limit)
    {
        var established = Networks(reason, ban => ban.Standing == SenderStanding.Established);
        var recent = Networks(reason, ban => ban.Standing == SenderStanding.New);
        return established + Math.Min(recent * NewWeight, limit / 3.0);
    }

    /// <summary>How many clients with names in order would be banned for a reason, and how many at all.</summary>
    public (int Named, int All) Named(string reason) => (Networks(reason, ban => ban.HasNames), _bans.Keys.Count(key => string.Equals(key.Reason, reason, StringComparison.Ordinal)));

    /// <summary>Forgets what is older.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var key in _bans.Where(pair => pair.Value.At < before).Select(pair => pair.Key).ToList())
        {
            _bans.Remove(key);
        }
    }

    private int Networks(string reason, Func<(DateTimeOffset At, ClientAddress Block, SenderStanding Standing, bool HasNames), bool> counts) =>
        _bans.Where(pair => string.Equals(pair.Key.Reason, reason, StringComparison.Ordinal) && counts(pair.Value))
            .GroupBy(pair => pair.Value.Block).Sum(block => Math.Min(block.Count(), ClientPlace.MostOfBlock));
}
