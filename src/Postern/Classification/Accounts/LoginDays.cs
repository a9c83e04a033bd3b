using Postern.Facts;

namespace Postern.Classification.Accounts;

/// <summary>From which networks somebody logged in, by day; a login speaks for the addresses of its network on that day and the days next to it.</summary>
internal sealed class LoginDays
{
    // A thief of many passwords may use as many networks; what is older than the newest of these has done its work.
    private const int Most = 1_000_000;
    private readonly HashSet<(ClientNetwork Network, int Day)> _days = [];

    /// <summary>Notes a login.</summary>
    public void Note(ClientAddress client, LogTime time)
    {
        if (!time.IsKnown)
        {
            return;
        }

        if (_days.Count >= Most)
        {
            var today = Day(time);
            _days.RemoveWhere(entry => entry.Day < today - 1);
        }

        if (_days.Count < Most)
        {
            _days.Add((GuessingLimits.NetworkOf(client), Day(time)));
        }
    }

    /// <summary>True where somebody logged in from the client's network within about a day of that time.</summary>
    public bool Near(ClientAddress client, LogTime time)
    {
        var network = GuessingLimits.NetworkOf(client);
        var day = Day(time);
        return _days.Contains((network, day)) || _days.Contains((network, day - 1)) || _days.Contains((network, day + 1));
    }

    /// <summary>Forgets what is older than two days.</summary>
    public void Forget(LogTime now)
    {
        var today = Day(now);
        _days.RemoveWhere(entry => entry.Day < today - 2);
    }

    private static int Day(LogTime time) => (int)(time.UtcTicks / TimeSpan.TicksPerDay);
}
