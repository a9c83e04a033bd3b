using Postern.Decisions;
using Postern.Decisions.Brake;
using Postern.Facts;

namespace Postern;

/// <content>What the brake has to do with it.</content>
internal sealed partial class BanDesk
{
    // What a held ban keeps of its client's sessions.
    private const int MostKept = 64;

    /// <summary>Lets go of what the brake holds, on the operator's word: what was held is decided again.</summary>
    /// <param name="reason">Of what; null for all.</param>
    /// <param name="now">The time.</param>
    /// <returns>What it let go of.</returns>
    public IReadOnlyList<BrakeHold> ReleaseBrake(string? reason, DateTimeOffset now)
    {
        var released = Brake.Release(reason, now);
        foreach (var (change, held) in released)
        {
            Settle(change, held, now);
        }

        return [.. released.Select(one => one.Change.Hold)];
    }

    /// <summary>Makes a ban that the brake may still take back.</summary>
    public void Make(Ban ban, NearBan near)
    {
        Make(ban);
        Brake.Made(ban, near);
    }

    /// <summary>Notes that the brake holds a ban.</summary>
    public void Spare(ClientAddress client, string jail, BrakeHold hold, DateTimeOffset now) =>
        Spare(new SuppressedBan(client, jail, now, ProtectionReason.Brake, $"the brake holds {hold.Reason}: {hold.Why}", now));

    // The brake is asked about every ban that comes near, those that protection will prevent as well: they tell of a fault best.
    private void Near(SenderInquiry asked, JailOptions jail, ReadOnlySpan<SessionMark> marks, DateTimeOffset? cutoff, DateTimeOffset now)
    {
        var hasNames = Ties.HasNames(asked.Client, asked.HostName, asked.Helo, Protections.VerdictOf(asked.Client, now));
        var group = BrakeReason.Leading(marks, jail, JailWindow.Bounds(marks, jail, now, cutoff));
        var near = new NearBan(asked.Client, jail.Name, group < 0 ? "" : BrakeReason.Name(group), hasNames, Again(asked, jail, marks, cutoff, now));
        var hold = group < 0 ? null : Brake.Hold(near, now);
        var counting = Brake.Counting(marks, hasNames);
        var sum = JailWindow.Live(counting, jail, now, cutoff);
        if (JailWindow.Reaches(sum, jail))
        {
            Decide(asked, jail, sum, counting, near, now);
        }
        else if (hold is not null)
        {
            Brake.Keep(near);
            Spare(asked.Client, jail.Name, hold, now);
        }
    }

    // By what it had done when it was held: its window may have passed when the operator decides.
    private Action<NearBan, DateTimeOffset> Again(SenderInquiry asked, JailOptions jail, ReadOnlySpan<SessionMark> marks, DateTimeOffset? cutoff, DateTimeOffset then)
    {
        var kept = marks[Math.Max(0, marks.Length - MostKept)..].ToArray();
        var sum = JailWindow.Live(marks, jail, then, cutoff);
        return (near, now) =>
        {
            if (!IsSettled(asked.Client, jail))
            {
                Decide(asked, jail, sum, kept, near, now);
            }
        };
    }

    private void TakeBack(Ban ban, DateTimeOffset now)
    {
        // What was made within the same turn has not been kept yet, nor told to the firewall.
        if (Changes.Bans.Remove(ban))
        {
            Book.Remove(ban.Network, ban.Jail, isPardon: true);
        }
        else
        {
            Lift(ban, now);
        }
    }

    private void Settle(BrakeChange change, IReadOnlyList<NearBan> held, DateTimeOffset now)
    {
        Changes.Holds = Brake.Holds;
        Braked?.Invoke(change, held.Count);
        if (!change.IsReleased)
        {
            return;
        }

        foreach (var ban in held)
        {
            if (change.InFull)
            {
                ban.Again(ban, now);
            }
            else
            {
                Judge(new SenderInquiry(ban.Client, "", null), now);
            }
        }
    }
}
