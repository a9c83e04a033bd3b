using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>A ban that a jail is about to make, or would make if nothing protected the client.</summary>
/// <param name="Client">Who.</param>
/// <param name="Reason">A name of <see cref="BrakeReason"/>, or a jail of fail2ban's.</param>
/// <param name="Standing">How much history the client has.</param>
/// <param name="HasNames">True where its PTR name is confirmed and chosen, and its HELO name matches.</param>
/// <param name="IsGuesser">True for a stranger who tries several user names: no fault of the login service's makes a client do that.</param>
public readonly record struct BanCandidate(ClientAddress Client, string Reason, SenderStanding Standing, bool HasNames, bool IsGuesser = false)
{
    /// <summary>True where it is among those that a hold is for.</summary>
    public bool IsHeldBy(BrakeHold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        return (HasNames || !hold.NamedOnly) && !(IsGuesser && string.Equals(hold.Reason, BrakeReason.Logins, StringComparison.Ordinal));
    }
}

/// <summary>The bans of the last minutes, one a client, by reason: how many of them are of clients that look genuine.</summary>
internal sealed class BanCandidates
{
    private const int Most = 20_000;

    // One that has delivered a few times speaks for a part, and all of these together for a third of what is needed.
    private const double NewWeight = 0.2;
    private readonly Dictionary<(string Reason, ClientAddress Host), Entry> _bans = [];

    /// <summary>Clients that are remembered.</summary>
    public int Count => _bans.Count;

    /// <summary>The reasons that were counted within the window.</summary>
    public IEnumerable<string> Reasons => _bans.Keys.Select(key => key.Reason).Distinct(StringComparer.Ordinal);

    /// <summary>Takes one.</summary>
    public void Add(in BanCandidate candidate, DateTimeOffset now)
    {
        var place = ClientPlace.Of(candidate.Client);
        var key = (candidate.Reason, place.Host);
        if (_bans.Count >= Most && !_bans.ContainsKey(key))
        {
            return;
        }

        ref var ban = ref CollectionsMarshal.GetValueRefOrAddDefault(_bans, key, out _);
        ban = new Entry(now, place, candidate.Standing > ban.Standing ? candidate.Standing : ban.Standing, candidate.HasNames || ban.HasNames);
    }

    /// <summary>How many established clients would be banned for a reason; new ones count for a part, and not beyond a third of the limit.</summary>
    public double Known(string reason, BrakeGrain grain, int limit)
    {
        var (established, recent) = (new PlaceCounter(), new PlaceCounter());
        foreach (var (key, ban) in _bans)
        {
            if (ban.Standing != SenderStanding.Stranger && string.Equals(key.Reason, reason, StringComparison.Ordinal))
            {
                (ban.Standing == SenderStanding.Established ? established : recent).Add(ban.Place);
            }
        }

        return established.Total.At(grain) + Math.Min(recent.Total.At(grain) * NewWeight, limit / 3.0);
    }

    /// <summary>
    /// How many clients with names in order would be banned for a reason, and how many at all. Names are cheap to get for many
    /// addresses of one network: networks and blocks count on every server.
    /// </summary>
    public (int Named, int All) Named(string reason)
    {
        var (named, all) = (new PlaceCounter(), new PlaceCounter());
        foreach (var (key, ban) in _bans)
        {
            if (string.Equals(key.Reason, reason, StringComparison.Ordinal))
            {
                all.Add(ban.Place);
                if (ban.HasNames)
                {
                    named.Add(ban.Place);
                }
            }
        }

        return (named.Total.Voices, all.Total.Networks);
    }

    /// <summary>Forgets what is older.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var key in _bans.Where(pair => pair.Value.At < before).Select(pair => pair.Key).ToList())
        {
            _bans.Remove(key);
        }
    }

    private readonly record struct Entry(DateTimeOffset At, ClientPlace Place, SenderStanding Standing, bool HasNames);
}
