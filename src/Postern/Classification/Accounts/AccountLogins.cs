using Postern.Facts;

namespace Postern.Classification.Accounts;

/// <summary>
/// From where each user logs in. Only who knows a password gets in here, so that the users are few; what is kept of each is
/// bounded.
/// </summary>
internal sealed class AccountLogins
{
    private const int MostUsers = 200_000;
    private static readonly long s_memory = TimeSpan.FromDays(40).Ticks;
    private readonly Dictionary<string, AccountPlaces> _accounts = new(StringComparer.OrdinalIgnoreCase);

    // Of users whom only other hosts have seen so far nothing but the hash is known.
    private readonly Dictionary<UInt128, AccountPlaces> _byHash = [];

    /// <summary>Hides users and places where hosts share them; null where none does. Set before the first login.</summary>
    public ILoginHashes? Hashes { get; set; }

    /// <summary>Told of each place that is new to a user here, where hosts share them.</summary>
    public Action<AccountLogin>? NewPlace { get; set; }

    /// <summary>The accounts that others use, as far as was seen.</summary>
    public IEnumerable<AccountTakeover> Takeovers => _accounts.Values.SelectMany(static account => account.Takeovers());

    /// <summary>Notes a login.</summary>
    /// <param name="user">The user name.</param>
    /// <param name="client">From where.</param>
    /// <param name="time">When.</param>
    /// <param name="isUsual">True where somebody is known to have logged in from the client's network on an earlier day.</param>
    /// <returns>True where it is part of a takeover (<see cref="TakeoverOf"/>).</returns>
    public bool Note(string user, ClientAddress client, LogTime time, bool isUsual = false)
    {
        if (!time.IsKnown || !client.IsKnown)
        {
            return false;
        }

        if (!_accounts.TryGetValue(user, out var account))
        {
            if (!HasRoom(time))
            {
                return false;
            }

            var hash = Hashes?.UserOf(user) ?? default;
            if (Hashes is null || !_byHash.TryGetValue(hash, out account))
            {
                account = new AccountPlaces(user);
            }

            account.User = user;
            _accounts[user] = account;
            if (Hashes is not null)
            {
                (_byHash[hash], account.Hash) = (account, hash);
            }
        }

        var host = client.IsIPv4 ? client : ClientNetwork.Of(client, 64).First;
        var place = Hashes?.PlaceOf(host) ?? host;
        var isStolen = account.Note(place, host, time, isUsual, out var isNew);
        if (isNew && Hashes is not null)
        {
            NewPlace?.Invoke(new AccountLogin(account.Hash, place, time, isUsual));
        }

        return isStolen;
    }

    /// <summary>Notes a login at another host.</summary>
    /// <param name="login">The login.</param>
    /// <returns>The takeover that it shows of an account that logs in here as well, with the clients that were seen here; null where it shows none.</returns>
    public AccountTakeover? NoteForeign(AccountLogin login)
    {
        if (!login.Time.IsKnown || !login.Place.IsKnown)
        {
            return null;
        }

        if (!_byHash.TryGetValue(login.User, out var account))
        {
            if (!HasRoom(login.Time))
            {
                return null;
            }

            _byHash[login.User] = account = new AccountPlaces(null) { Hash = login.User };
        }

        account.Note(login.Place, default, login.Time, login.IsUsual, out _);
        return account.Current;
    }

    /// <summary>The takeover of an account that goes on; null for none.</summary>
    public AccountTakeover? TakeoverOf(string user) => _accounts.TryGetValue(user, out var account) ? account.Current : null;

    /// <summary>Forgets users who have not logged in for long.</summary>
    public void Forget(LogTime now)
    {
        foreach (var user in _accounts.Where(pair => pair.Value.Last < now.UtcTicks - s_memory).Select(static pair => pair.Key).ToList())
        {
            _accounts.Remove(user);
        }

        foreach (var hash in _byHash.Where(pair => pair.Value.Last < now.UtcTicks - s_memory).Select(static pair => pair.Key).ToList())
        {
            _byHash.Remove(hash);
        }
    }

    private bool HasRoom(LogTime now)
    {
        if (Math.Max(_accounts.Count, _byHash.Count) >= MostUsers)
        {
            Forget(now);
        }

        return Math.Max(_accounts.Count, _byHash.Count) < MostUsers;
    }
}
