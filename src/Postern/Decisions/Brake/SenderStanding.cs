using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Decisions.Brake;

/// <summary>How much a client's history speaks for it in the brake.</summary>
public enum SenderStanding : byte
{
    /// <summary>Nothing is known of it, or it was hostile before.</summary>
    Stranger,
    /// <summary>It delivered mail on an earlier day.</summary>
    New,
    /// <summary>It delivered mail on several days over more than a week, or logged in on an earlier day.</summary>
    Established,
}

/// <summary>Finds a client's standing.</summary>
public static class SenderStandings
{
    /// <summary>So many days must have passed since the first of the days with mail.</summary>
    public const int OldEnough = 7;

    /// <summary>How many established clients there are: that deliver mail, and that log in.</summary>
    public static (int Mail, int Logins) Count(SenderBook senders, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(senders);
        var (mail, logins) = (0, 0);
        foreach (var client in senders.Clients)
        {
            if (Of(senders, client, today) == SenderStanding.Established)
            {
                var past = senders.Before(client, today, ProtectionJudge.HistoryDays);
                mail += past.DeliveredDays > 0 ? 1 : 0;
                logins += past.LoginDays > 0 ? 1 : 0;
            }
        }

        return (mail, logins);
    }

    /// <summary>The standing, by the days before today alone: what a client delivers on the day of its attack is worth nothing.</summary>
    public static SenderStanding Of(SenderBook senders, ClientAddress client, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(senders);
        var past = senders.Before(client, today, ProtectionJudge.HistoryDays);
        return past.WasHostile ? SenderStanding.Stranger
            : past.LoginDays > 0 || (past.DeliveredDays >= ProtectionJudge.ProvenDays && past.OldestDelivery >= OldEnough) ? SenderStanding.Established
            : past.DeliveredDays > 0 ? SenderStanding.New : SenderStanding.Stranger;
    }
}
