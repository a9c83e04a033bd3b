using Postern.Classification.Live;
using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>Where clients stand in the windows of the jails: what counts now, and since when.</summary>
/// <param name="windows">The sessions of each client.</param>
/// <param name="book">The bans.</param>
/// <param name="jails">The jails.</param>
internal sealed class JailScores(ClientWindows windows, BanTable book, Func<IReadOnlyList<JailOptions>> jails)
{
    /// <summary>True where a session counts in any jail.</summary>
    public bool Weighs(SessionMark mark)
    {
        foreach (var jail in jails())
        {
            if (JailWeights.Of(mark, jail) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Until when a client's sessions have led to a ban already; null for none.</summary>
    public DateTimeOffset? Cutoff(ClientAddress client, JailOptions jail)
    {
        DateTimeOffset? cutoff = null;
        foreach (var network in (ReadOnlySpan<ClientNetwork>)[BanTimes.Network(jail, client), ClientNetwork.Of(client), ClientNetwork.Of(client, client.IsIPv4 ? SubnetBan.Prefix : 128)])
        {
            var past = book.Past(network, jail.Name);
            cutoff = past is not null && (cutoff is null || past.From > cutoff) ? past.From : cutoff;
        }

        // Who is left out of its network's ban begins anew with it: what the others did before is not its own.
        foreach (var ban in book.Of(BanTimes.Network(jail, client)))
        {
            cutoff = ban.Spares(client) && string.Equals(ban.Jail, jail.Name, StringComparison.Ordinal) && (cutoff is null || ban.From > cutoff) ? ban.From : cutoff;
        }

        return cutoff;
    }

    /// <summary>Where a client stands in each jail.</summary>
    public IEnumerable<(JailOptions Jail, WindowSum Sum)> Of(ClientAddress client, DateTimeOffset now)
    {
        List<(JailOptions, WindowSum)> scores = [];
        var marks = windows.Of(ClientNetwork.HostOf(client));
        foreach (var jail in jails())
        {
            scores.Add((jail, JailWindow.Live(marks, jail, now, Cutoff(client, jail))));
        }

        return scores;
    }

    /// <summary>The failures that count now, by jail.</summary>
    public IReadOnlyList<(string Jail, long Failures)> CountByJail(DateTimeOffset now)
    {
        var all = jails();
        var counts = new long[all.Count];
        foreach (var client in windows.All)
        {
            var marks = windows.Of(client);
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += JailWindow.Live(marks, all[i], now, Cutoff(client, all[i])).Sessions;
            }
        }

        return [.. all.Select((jail, i) => (jail.Name, counts[i]))];
    }

    /// <summary>The clients whose sessions weigh most now, each in the jail where it is nearest to a ban.</summary>
    /// <param name="most">How many.</param>
    /// <param name="now">The time.</param>
    /// <param name="lastMinute">Failures of all clients within the last minute.</param>
    public IReadOnlyList<(ClientAddress Client, JailOptions Jail, WindowSum Sum, LogTime Last)> Heaviest(int most, DateTimeOffset now, out long lastMinute)
    {
        lastMinute = 0;
        // As many as are wanted, the lightest on top.
        var heaviest = new PriorityQueue<(ClientAddress Client, JailOptions Jail, WindowSum Sum, LogTime Last), double>(most + 1);
        foreach (var client in windows.All)
        {
            var marks = windows.Of(client);
            foreach (var mark in marks)
            {
                lastMinute += mark.Time.UtcTicks > now.UtcTicks - TimeSpan.TicksPerMinute && Weighs(mark) ? 1 : 0;
            }

            (ClientAddress Client, JailOptions Jail, WindowSum Sum, LogTime Last)? nearest = null;
            var nearness = 0.0;
            foreach (var jail in jails())
            {
                var sum = JailWindow.Sum(marks, jail, LogTime.From(now + JailWindow.ClockTolerance));
                if (sum.Sessions > 0 && (nearest is null || sum.Weight / jail.MaxRetry > nearness))
                {
                    (nearest, nearness) = ((client, jail, sum, marks[^1].Time), sum.Weight / jail.MaxRetry);
                }
            }

            if (nearest is { } row)
            {
                heaviest.Enqueue(row, nearness);
                if (heaviest.Count > most)
                {
                    heaviest.Dequeue();
                }
            }
        }

        var rows = new (ClientAddress, JailOptions, WindowSum, LogTime)[heaviest.Count];
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            rows[i] = heaviest.Dequeue();
        }

        return rows;
    }
}
