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
    /// <summary>It delivered mail on several days over more than a week; of logins, it logged in on an earlier day.</summary>
    Established,
}

/// <summary>Finds a client's standing.</summary>
public static class SenderStandings
{
    /// <summary>So many days must have passed since the first of the days with mail.</summary>
    public const int OldEnough = 7;

    /// <summary>Where the known clients live, and the established ones.</summary>
    public static BrakePopulation Count(SenderDays senders, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(senders);
        var known = new[] { new PlaceCounter(), new PlaceCounter() };
        var established = new[] { new PlaceCounter(), new PlaceCounter() };
        foreach (var client in senders.Clients)
        {
            for (var kind = 0; kind < 2; kind++)
            {
                if (Of(senders, client, today, isLogin: kind == 1) is not SenderStanding.Stranger and var standing)
                {
                    known[kind].Add(ClientPlace.Of(client));
                    if (standing == SenderStanding.Established)
                    {
                        established[kind].Add(ClientPlace.Of(client));
                    }
                }
            }
        }

        return new BrakePopulation(known[0].Total, established[0].Total, known[1].Total);
    }

    /// <summary>The standing, by the days before today alone: what a client delivers on the day of its attack is worth nothing.</summary>
    /// <param name="senders">The history.</param>
    /// <param name="client">Who.</param>
    /// <param name="today">The day that does not count.</param>
    /// <param name="isLogin">True for what logins are worth, false for what mail is: one login says nothing of mail.</param>
    public static SenderStanding Of(SenderDays senders, ClientAddress client, DateOnly today, bool isLogin)
    {
        ArgumentNullException.ThrowIfNull(senders);
        var past = senders.Before(client, today, ProtectionRules.HistoryDays);
        return past.WasHostile ? SenderStanding.Stranger
            : isLogin ? past.LoginDays > 0 ? SenderStanding.Established : SenderStanding.Stranger
            : past.DeliveredDays >= ProtectionRules.ProvenDays && past.OldestDelivery >= OldEnough ? SenderStanding.Established
            : past.DeliveredDays > 0 ? SenderStanding.New : SenderStanding.Stranger;
    }
}

/// <summary>Where the clients that the history knows live.</summary>
/// <param name="Mail">Those that delivered mail on any earlier day.</param>
/// <param name="EstablishedMail">Of these, the established ones.</param>
/// <param name="Logins">Those that logged in on any earlier day: all of them are established.</param>
public readonly record struct BrakePopulation(PlaceCount Mail, PlaceCount EstablishedMail, PlaceCount Logins);
