using Postern.Facts;

namespace Postern.Classification.Accounts;

/// <summary>
/// From where one user logged in. An account in others' hands has hundreds of places and many thousand logins: a login looks at its own
/// place, and only a new place looks at all of them.
/// </summary>
/// <param name="user">The user name; null where only other hosts have seen the user so far.</param>
internal sealed class AccountPlaces(string? user)
{
    // A phone that roams shows two to four unrelated networks a day, a traveller a few more; a thief's helpers are many.
    private const int WideInAnHour = 8;
    private const int WideInADay = 12;
    private const int NetworksInADay = 20;
    private const int ClientsInADay = 50;

    private const int MostPlaces = 512;

    // Up to here looking at each place costs less than an index, and most users have no more.
    private const int FewPlaces = 16;
    private static readonly long s_hour = TimeSpan.FromHours(1).Ticks;
    private static readonly long s_day = TimeSpan.FromDays(1).Ticks;
    private readonly List<Place> _places = [];
    private readonly List<AccountTakeover> _ended = [];
    private Dictionary<ClientAddress, int>? _index;
    private LogTime _since;
    private long _newest;
    private int _order;

    /// <summary>The user name; null where only other hosts have seen the user so far.</summary>
    public string? User { get; set; } = user;

    /// <summary>The user's name as hosts share it; 0 where none does.</summary>
    public UInt128 Hash { get; set; }

    /// <summary>The last login, ticks of UTC.</summary>
    public long Last { get; private set; }

    /// <summary>The takeover that goes on; null for none, and where none of its clients was seen here.</summary>
    public AccountTakeover? Current => _since.IsKnown ? Takeover() : null;

    /// <summary>All takeovers, in order of time.</summary>
    public IReadOnlyList<AccountTakeover> Takeovers() => Current is { } current ? [.. _ended, current] : _ended;

    /// <summary>Notes a login.</summary>
    /// <param name="place">From where, as hosts share it: by this the logins of all hosts are compared.</param>
    /// <param name="client">From where: an IPv4 address or the first of an IPv6 /64; unknown for a login at another host.</param>
    /// <param name="time">When.</param>
    /// <param name="isUsual">True where somebody is known to have logged in from the client's network on an earlier day.</param>
    /// <param name="isNew">True where the user has not come from there before.</param>
    /// <returns>True where it is part of a takeover.</returns>
    public bool Note(ClientAddress place, ClientAddress client, LogTime time, bool isUsual, out bool isNew)
    {
        Last = Math.Max(Last, time.UtcTicks);
        var at = Find(place);
        isNew = at < 0;
        if (isNew)
        {
            at = Add(place, client, time, isUsual);
        }
        else
        {
            var known = _places[at];
            _places[at] = known with { Client = client.IsKnown ? client : known.Client, Last = time > known.Last ? time : known.Last, Logins = known.Logins + 1 };
        }

        if (_since.IsKnown && time.UtcTicks - _newest > s_day)
        {
            // No new network for a day: what comes now has to show itself anew.
            if (Takeover() is { } ended)
            {
                _ended.Add(ended);
            }

            _since = default;
        }

        if (!_since.IsKnown && isNew && _places.Count >= WideInAnHour)
        {
            Look(time);
        }

        return _since.IsKnown && IsStolen(_places[at]);
    }

    private int Find(ClientAddress place)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(place, out var at) ? at : -1;
        }

        for (var i = 0; i < _places.Count; i++)
        {
            if (_places[i].At == place)
            {
                return i;
            }
        }

        return -1;
    }

    private int Add(ClientAddress at, ClientAddress client, LogTime time, bool isUsual)
    {
        // A network counts from its first client on, whatever address its next one has.
        var network = GuessingLimits.NetworkOf(at);
        var first = long.MaxValue;
        foreach (var place in _places)
        {
            first = place.Network == network ? Math.Min(first, place.First.UtcTicks) : first;
        }

        DropOldest();
        var added = new Place(at, client, network, isUsual ? default : time with { UtcTicks = Math.Min(first, time.UtcTicks) }, time, 1, _order++);
        _places.Add(added);
        if (_index is null && _places.Count > FewPlaces)
        {
            _index = [];
            for (var i = 0; i < _places.Count; i++)
            {
                _index[_places[i].At] = i;
            }
        }
        else if (_index is not null)
        {
            _index[at] = _places.Count - 1;
        }

        _newest = IsStolen(added) ? Math.Max(_newest, added.First.UtcTicks) : _newest;
        return _places.Count - 1;
    }

    private bool IsStolen(in Place place) => _since.IsKnown && place.First >= _since;

    private AccountTakeover? Takeover()
    {
        if (User is not { } user)
        {
            return null;
        }

        var places = _places.Where(place => IsStolen(place)).OrderBy(static place => place.First.UtcTicks).ThenBy(static place => place.Order).ToList();
        var here = places.Where(static place => place.Client.IsKnown).ToList();
        return here.Count == 0 ? null : new AccountTakeover(user, places[0].First, places.MaxBy(static place => place.Last.UtcTicks).Last,
            [.. here.Select(static place => GuessingLimits.NetworkOf(place.Client)).Distinct()], [.. here.Select(static place => place.Client)], places.Sum(static place => place.Logins));
    }

    private void Look(LogTime now)
    {
        var hour = NewSince(now.UtcTicks - s_hour);
        if (Wide(hour) >= WideInAnHour)
        {
            Begin(hour);
            return;
        }

        var day = NewSince(now.UtcTicks - s_day);
        if (day.Count >= ClientsInADay || Wide(day) >= WideInADay || day.Select(static place => place.Network).Distinct().Count() >= NetworksInADay)
        {
            Begin(day);
        }
    }

    private List<Place> NewSince(long ticks) => [.. _places.Where(place => place.First.UtcTicks >= ticks)];

    private void Begin(List<Place> places)
    {
        _since = places.MinBy(static place => (place.First.UtcTicks, place.Order)).First;
        _newest = NewestStolen();
    }

    private long NewestStolen()
    {
        var newest = _since.UtcTicks;
        foreach (var place in _places)
        {
            newest = IsStolen(place) ? Math.Max(newest, place.First.UtcTicks) : newest;
        }

        return newest;
    }

    // One provider's networks are alike in their first bits: a phone changes among them.
    private static int Wide(List<Place> places) =>
        places.Select(static place => ClientNetwork.Of(place.At, place.At.IsIPv4 ? 16 : 32)).Distinct().Count();

    private void DropOldest()
    {
        if (_places.Count < MostPlaces)
        {
            return;
        }

        var oldest = 0;
        for (var i = 1; i < _places.Count; i++)
        {
            oldest = (_places[i].Last.UtcTicks, _places[i].Order).CompareTo((_places[oldest].Last.UtcTicks, _places[oldest].Order)) < 0 ? i : oldest;
        }

        // The last takes its room, so that the index stays true.
        var dropped = _places[oldest];
        _index?.Remove(dropped.At);
        if (oldest < _places.Count - 1)
        {
            _places[oldest] = _places[^1];
            _index?[_places[oldest].At] = oldest;
        }

        _places.RemoveAt(_places.Count - 1);
        _newest = IsStolen(dropped) && dropped.First.UtcTicks == _newest ? NewestStolen() : _newest;
    }

    // A place of an unknown first time was in use before.
    private readonly record struct Place(ClientAddress At, ClientAddress Client, ClientNetwork Network, LogTime First, LogTime Last, int Logins, int Order);
}
