using Postern.Facts;

namespace Postern.Classification.Accounts;

/// <summary>
/// From where each user logs in. Only who knows a password gets in here, so that the users are few; what is kept of each is
/// bounded.
/// </summary>
internal sealed class AccountLogins
{
    // A phone that roams shows two to four unrelated networks a day, a traveller a few more; a thief's helpers are many.
    private const int WideInAnHour = 8;
    private const int WideInADay = 12;
    private const int NetworksInADay = 20;
    private const int ClientsInADay = 50;

    private const int MostUsers = 200_000;
    private const int MostPlaces = 512;
    private static readonly long s_hour = TimeSpan.FromHours(1).Ticks;
    private static readonly long s_day = TimeSpan.FromDays(1).Ticks;
    private static readonly long s_memory = TimeSpan.FromDays(40).Ticks;
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The accounts that others use, as far as was seen.</summary>
    public IEnumerable<AccountTakeover> Takeovers => _accounts.Values.SelectMany(static account => account.Takeovers());

    /// <summary>Notes a login.</summary>
    /// <param name="user">The user name.</param>
    /// <param name="client">From where.</param>
    /// <param name="time">When.</param>
    /// <param name="isUsual">True where somebody is known to have logged in from the client's network on an earlier day.</param>
    /// <returns>The takeover that this login is part of; null where it is none.</returns>
    public AccountTakeover? Note(string user, ClientAddress client, LogTime time, bool isUsual = false)
    {
        if (!time.IsKnown || !client.IsKnown)
        {
            return null;
        }

        if (!_accounts.TryGetValue(user, out var account))
        {
            if (_accounts.Count >= MostUsers)
            {
                Forget(time);
            }

            if (_accounts.Count >= MostUsers)
            {
                return null;
            }

            _accounts[user] = account = new Account(user);
        }

        return account.Note(client.IsIPv4 ? client : ClientNetwork.Of(client, 64).First, time, isUsual);
    }

    /// <summary>Forgets users who have not logged in for long.</summary>
    public void Forget(LogTime now)
    {
        foreach (var user in _accounts.Where(pair => pair.Value.Last < now.UtcTicks - s_memory).Select(static pair => pair.Key).ToList())
        {
            _accounts.Remove(user);
        }
    }

    private sealed class Account(string user)
    {
        private readonly List<Place> _places = [];
        private readonly List<AccountTakeover> _ended = [];
        private LogTime _since;

        public long Last { get; private set; }

        public List<AccountTakeover> Takeovers() => _since.IsKnown ? [.. _ended, Takeover()] : _ended;

        public AccountTakeover? Note(ClientAddress client, LogTime time, bool isUsual)
        {
            Last = Math.Max(Last, time.UtcTicks);
            var index = _places.FindIndex(place => place.Client == client);
            var isNew = index < 0;
            if (isNew)
            {
                var network = GuessingLimits.NetworkOf(client);
                // A network counts from its first client on, whatever address its next one has.
                var first = _places.Where(place => place.Network == network).Select(place => place.First.UtcTicks).DefaultIfEmpty(time.UtcTicks).Min();
                DropOldest();
                _places.Add(new Place(client, network, isUsual ? default : time with { UtcTicks = Math.Min(first, time.UtcTicks) }, time, 1));
                index = _places.Count - 1;
            }
            else
            {
                var known = _places[index];
                _places[index] = known with { Last = time > known.Last ? time : known.Last, Logins = known.Logins + 1 };
            }

            if (_since.IsKnown && time.UtcTicks - _places.Where(IsStolen).Max(static place => place.First.UtcTicks) > s_day)
            {
                // No new network for a day: what comes now has to show itself anew.
                _ended.Add(Takeover());
                _since = default;
            }

            if (!_since.IsKnown && isNew && _places.Count >= WideInAnHour)
            {
                Look(time);
            }

            return _since.IsKnown && IsStolen(_places[index]) ? Takeover() : null;
        }

        private bool IsStolen(Place place) => _since.IsKnown && place.First >= _since;

        private AccountTakeover Takeover()
        {
            var places = _places.Where(IsStolen).OrderBy(static place => place.First.UtcTicks).ToList();
            return new AccountTakeover(user, places[0].First, places.MaxBy(static place => place.Last.UtcTicks).Last,
                [.. places.Select(static place => place.Network).Distinct()], [.. places.Select(static place => place.Client)], places.Sum(static place => place.Logins));
        }

        private void Look(LogTime now)
        {
            var hour = _places.Where(place => place.First.UtcTicks >= now.UtcTicks - s_hour).ToList();
            if (Wide(hour) >= WideInAnHour)
            {
                _since = hour.MinBy(static place => place.First.UtcTicks).First;
                return;
            }

            var day = _places.Where(place => place.First.UtcTicks >= now.UtcTicks - s_day).ToList();
            if (day.Count >= ClientsInADay || Wide(day) >= WideInADay || day.Select(static place => place.Network).Distinct().Count() >= NetworksInADay)
            {
                _since = day.MinBy(static place => place.First.UtcTicks).First;
            }
        }

        // One provider's networks are alike in their first bits: a phone changes among them.
        private static int Wide(List<Place> places) =>
            places.Select(static place => ClientNetwork.Of(place.Client, place.Client.IsIPv4 ? 16 : 32)).Distinct().Count();

        private void DropOldest()
        {
            if (_places.Count >= MostPlaces)
            {
                _places.RemoveAt(_places.IndexOf(_places.MinBy(static place => place.Last.UtcTicks)));
            }
        }
    }

    // A place of an unknown first time was in use before.
    private readonly record struct Place(ClientAddress Client, ClientNetwork Network, LogTime First, LogTime Last, int Logins);
}
