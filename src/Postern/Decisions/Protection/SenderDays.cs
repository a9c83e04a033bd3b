using System.Numerics;
using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Decisions.Protection;

/// <summary>What is known of a client's days.</summary>
/// <param name="DeliveredDays">Days on which it delivered mail.</param>
/// <param name="CleanDays">Of these, days on which it was not hostile.</param>
/// <param name="HostileBefore">True where it was hostile on any day before those asked for.</param>
/// <param name="LastDelivered">The last day on which it delivered, or null.</param>
/// <param name="LastLogin">The last day on which it logged in, or null.</param>
/// <param name="Logins">Sessions with a login, as far as they are remembered: at least the days with one.</param>
public readonly record struct SenderHistory(int DeliveredDays, int CleanDays, bool HostileBefore, DateOnly? LastDelivered, DateOnly? LastLogin, int Logins)
{
    /// <summary>The first day within those asked for on which it logged in, or null.</summary>
    public DateOnly? FirstLogin { get; init; }
}

/// <summary>What is known of a client's days before one.</summary>
/// <param name="DeliveredDays">Days on which it delivered mail and did not log in: who logs in submits mail of his own.</param>
/// <param name="OldestDelivery">How many days ago the first of them was.</param>
/// <param name="LoginDays">Days on which it logged in.</param>
/// <param name="WasHostile">True where any of the days was hostile.</param>
public readonly record struct SenderPast(int DeliveredDays, int OldestDelivery, int LoginDays, bool WasHostile);

/// <summary>
/// The days on which clients delivered, were hostile and logged in, a bit a day for the last 64: that is all of a client's past
/// that protection needs, in a few bytes.
/// </summary>
public sealed class SenderDays
{
    private const int Days = 64;
    private readonly Dictionary<ClientAddress, Bits> _clients = [];

    /// <summary>Clients in the book.</summary>
    public int Count => _clients.Count;

    /// <summary>The latest day of any client, as a day number.</summary>
    public int Newest { get; private set; }

    /// <summary>Notes what a client did on a day. Hostile days of clients that never delivered nor logged in are of no use here and not kept.</summary>
    /// <returns>True where that was new.</returns>
    public bool Note(SenderDay day)
    {
        ArgumentNullException.ThrowIfNull(day);
        if (!day.Delivered && !day.LoggedIn && !_clients.ContainsKey(day.Client))
        {
            return false;
        }

        Newest = Math.Max(Newest, day.Day.DayNumber);
        ref var bits = ref CollectionsMarshal.GetValueRefOrAddDefault(_clients, day.Client, out _);
        var age = bits.Newest - day.Day.DayNumber;
        if (age < 0)
        {
            bits.Shift(-age);
            bits.Newest = day.Day.DayNumber;
            age = 0;
        }
        else if (age >= Days)
        {
            return false;
        }

        var bit = 1ul << age;
        var before = bits;
        bits.Delivered |= day.Delivered ? bit : 0;
        bits.Hostile |= day.Hostile ? bit : 0;
        bits.LoggedIn |= day.LoggedIn ? bit : 0;
        var isNews = bits != before;
        bits.Logins += day.LoggedIn ? 1 : 0;
        return isNews;
    }

    /// <summary>What is known of a client.</summary>
    /// <param name="client">Who.</param>
    /// <param name="today">The day of the question.</param>
    /// <param name="within">How many days back count, that day included.</param>
    /// <param name="since">The first of the days whose failures are the ones in question, so that a burst over midnight is not its own past.</param>
    public SenderHistory Of(ClientAddress client, DateOnly today, int within, DateOnly since)
    {
        if (!_clients.TryGetValue(client, out var bits))
        {
            return default;
        }

        var age = today.DayNumber - bits.Newest;
        if (age > 0)
        {
            bits.Shift(age);
            bits.Newest = today.DayNumber;
            age = 0;
        }

        var window = within >= Days ? ulong.MaxValue : (1ul << within) - 1;
        var (delivered, hostile, loggedIn) = (bits.Delivered & window, bits.Hostile & window, bits.LoggedIn & window);
        var questioned = bits.Newest - since.DayNumber + 1;
        var past = questioned >= Days ? 0 : ulong.MaxValue << Math.Max(0, questioned);
        return new SenderHistory(
            BitOperations.PopCount(delivered),
            BitOperations.PopCount(delivered & ~hostile),
            (hostile & past) != 0,
            Last(bits.Newest, delivered),
            Last(bits.Newest, loggedIn),
            Math.Max(bits.Logins, BitOperations.PopCount(loggedIn)))
        {
            FirstLogin = loggedIn == 0 ? null : DateOnly.FromDayNumber(bits.Newest - BitOperations.Log2(loggedIn)),
        };
    }

    /// <summary>What is known of a client's days before that one.</summary>
    /// <param name="client">Who.</param>
    /// <param name="today">The day that does not count.</param>
    /// <param name="within">How many days back count, that day included.</param>
    public SenderPast Before(ClientAddress client, DateOnly today, int within)
    {
        if (!_clients.TryGetValue(client, out var bits))
        {
            return default;
        }

        var age = today.DayNumber - bits.Newest;
        if (age > 0)
        {
            bits.Shift(age);
            age = 0;
        }

        // Bit 0 is the newest day, which may be later than the one asked for.
        var window = (within >= Days ? ulong.MaxValue : (1ul << within) - 1) & ~1ul;
        var delivered = ((bits.Delivered & ~bits.LoggedIn) >> Math.Min(-age, Days - 1)) & window;
        return new SenderPast(
            BitOperations.PopCount(delivered),
            delivered == 0 ? 0 : BitOperations.Log2(delivered),
            BitOperations.PopCount((bits.LoggedIn >> Math.Min(-age, Days - 1)) & window),
            ((bits.Hostile >> Math.Min(-age, Days - 1)) & window) != 0);
    }

    /// <summary>Adds to what a client's hostile behaviour of a day comes to.</summary>
    /// <returns>The sum of that day; 0 for a client that is not in the book.</returns>
    public double AddScore(ClientAddress client, DateOnly day, double score)
    {
        ref var bits = ref CollectionsMarshal.GetValueRefOrNullRef(_clients, client);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref bits))
        {
            return 0;
        }

        bits.Score = bits.ScoreDay == day.DayNumber ? Math.Max(0, bits.Score + score) : Math.Max(0, score);
        bits.ScoreDay = day.DayNumber;
        return bits.Score;
    }

    /// <summary>All days of all clients.</summary>
    public IEnumerable<SenderDay> All => _clients.SelectMany(static pair => DaysOf(pair.Key, pair.Value));

    /// <summary>The days of a client, the latest first; none for one that is not known.</summary>
    public IReadOnlyList<SenderDay> DaysOf(ClientAddress client) => _clients.TryGetValue(client, out var bits) ? [.. DaysOf(client, bits)] : [];

    /// <summary>All clients.</summary>
    public IEnumerable<ClientAddress> Clients => _clients.Keys;

    /// <summary>The clients of a network.</summary>
    public IEnumerable<ClientAddress> Within(ClientNetwork network) => _clients.Keys.Where(network.Contains);

    /// <summary>Forgets clients of whom nothing is left since that day.</summary>
    public void Forget(DateOnly before)
    {
        foreach (var client in _clients.Where(pair => pair.Value.Newest < before.DayNumber).Select(pair => pair.Key).ToList())
        {
            _clients.Remove(client);
        }
    }

    private static IEnumerable<SenderDay> DaysOf(ClientAddress client, Bits bits)
    {
        for (var (age, any) = (0, bits.Delivered | bits.Hostile | bits.LoggedIn); age < Days && any >> age != 0; age++)
        {
            if ((any >> age & 1) != 0)
            {
                yield return new SenderDay(
                    client, DateOnly.FromDayNumber(bits.Newest - age), (bits.Delivered >> age & 1) != 0, (bits.Hostile >> age & 1) != 0, (bits.LoggedIn >> age & 1) != 0);
            }
        }
    }

    private static DateOnly? Last(int newest, ulong days) =>
        days == 0 ? null : DateOnly.FromDayNumber(newest - BitOperations.TrailingZeroCount(days));

    private record struct Bits
    {
        public int Newest;
        public ulong Delivered;
        public ulong Hostile;
        public ulong LoggedIn;
        public int Logins;
        public int ScoreDay;
        public double Score;

        public void Shift(int days)
        {
            Delivered = days >= Days ? 0 : Delivered << days;
            Hostile = days >= Days ? 0 : Hostile << days;
            LoggedIn = days >= Days ? 0 : LoggedIn << days;
        }
    }
}
