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

    /// <summary>The accounts that others use, as far as was seen.</summary>
    public IEnumerable<AccountTakeover> Takeovers => _accounts.Values.SelectMany(static account => account.Takeovers());

    /// <summary>Notes a login.</summary>
    /// <param name="user">The user name.</param>
    /// <param name="client">From where.</param>
    /// <param name="time">When.</param>
    /// <param name="isUsual">True where somebody is known to have logged in from the client's network on an earlier day.</param>
    /// <returns>True where this login is part of a takeover, which <see cref="TakeoverOf"/> tells.</returns>
    public bool Note(string user, ClientAddress client, LogTime time, bool isUsual = false)
    {
        if (!time.IsKnown || !client.IsKnown)
        {
            return false;
        }

        if (!_accounts.TryGetValue(user, out var account))
        {
            if (_accounts.Count >= MostUsers)
            {
                Forget(time);
            }

            if (_accounts.Count >= MostUsers)
            {
                return false;
            }

            _accounts[user] = account = new AccountPlaces(user);
        }

        return account.Note(client.IsIPv4 ? client : ClientNetwork.Of(client, 64).First, time, isUsual);
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
    }
}
