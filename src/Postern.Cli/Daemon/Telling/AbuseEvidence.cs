using Postern.Cli.Notifications.AbuseReports;
using Postern.Cli.Notifications.Telling;
using Postern.Decisions.Jails;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Cli.Daemon.Telling;

/// <summary>Sums up for a report what the database knows of a banned client's sessions.</summary>
internal static class AbuseEvidence
{
    private const int MostSessions = 1000;
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly JailOptions s_jail = new();

    /// <summary>The sessions of the week before a ban that count against anybody; null where there are none.</summary>
    public static ReportedAbuse? Of(ILedger ledger, Happening ban)
    {
        var (first, last, sessions, seen) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue, 0, BehaviourSet.None);
        foreach (var failure in ledger.FailuresOf(ban.Network!.Value, MostSessions))
        {
            var at = failure.Mark.Time.ToDateTimeOffset();
            var counting = failure.Jail is null ? Counting(failure.Mark) : BehaviourSet.None;
            if (counting.IsEmpty || at < ban.At - s_week || at > ban.At + TimeSpan.FromMinutes(1))
            {
                continue;
            }

            (first, last) = (at < first ? at : first, at > last ? at : last);
            sessions++;
            seen = seen.Union(counting);
        }

        return sessions == 0 ? null : new ReportedAbuse(ban.Client, ban.At, first, last, sessions, seen);
    }

    private static BehaviourSet Counting(SessionMark mark)
    {
        var counting = BehaviourSet.None;
        // What is excused counts against nobody, in a report, too.
        foreach (var behaviour in JailWeights.Counting(mark))
        {
            counting = JailWeights.Of(behaviour, s_jail) > 0 ? counting.With(behaviour) : counting;
        }

        return counting;
    }
}
