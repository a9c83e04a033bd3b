using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>What the brake has to do with it.</content>
internal sealed partial class BanDecider
{
    // What a held ban keeps of its client's sessions.
    private const int MostKept = 64;
    private const int SeveralNames = 3;

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
    public void Make(Ban ban, PendingBan near)
    {
        // What the brake held waited for the operator, which says nothing of how fast bans are.
        ban = ban with { SeenAt = near.WasHeld ? null : near.At };
        Make(ban);
        Brake.Made(ban, near);
    }

    /// <summary>Notes that the brake holds a ban.</summary>
    public void Spare(ClientAddress client, string jail, BrakeHold hold, DateTimeOffset now, int failures = 0) =>
        Spare(new SuppressedBan(client, jail, now, ProtectionReason.Brake, $"the brake holds {hold.Reason}: {hold.Why}", now) { Failures = failures });

    /// <summary>True for a stranger who tries several user names: a user of ours knows his own.</summary>
    public bool IsGuesser(ClientAddress client, DateTimeOffset now) =>
        Long.UserNames(client) >= SeveralNames && (Protections.PastOf(client, now).Logins == 0 || Protections.Stolen.ContainsKey(ClientNetwork.HostOf(client)));

    // The brake is asked about every ban that comes near, those that protection will prevent as well: they tell of a fault best.
    private void Near(SenderInquiry asked, JailOptions jail, ReadOnlySpan<SessionMark> marks, DateTimeOffset? cutoff, DateTimeOffset now)
    {
        var group = BrakeReason.Leading(marks, jail, JailWindow.Bounds(marks, jail, now, cutoff));
        var near = NearOf(asked, jail.Name, group, Again(asked, jail, marks, cutoff, now), now);
        var hold = group < 0 ? null : Brake.Hold(near, now);
        var counting = Brake.Counting(marks, near);
        var sum = JailWindow.Live(counting, jail, now, cutoff);
        if (JailWindow.Reaches(sum, jail))
        {
            // What is left may be another trouble's beginning.
            Decide(asked, jail, sum, counting, hold is null ? near : near.For(BrakeReason.Leading(counting, jail, JailWindow.Bounds(counting, jail, now, cutoff))), now);
        }
        else if (hold is not null)
        {
            Brake.Keep(near);
            Spare(asked.Client, jail.Name, hold, now, JailWindow.Live(marks, jail, now, cutoff).Sessions);
        }
    }

    private BehaviourSet HeldNow(SenderInquiry asked, DateTimeOffset now) => Brake.HeldBehaviours(NearOf(asked, _jails[0].Name, -1, static (_, _) => { }, now));

    private PendingBan NearOf(SenderInquiry asked, string jail, int group, Action<PendingBan, DateTimeOffset> again, DateTimeOffset now)
    {
        var hasNames = Ties.HasNames(asked.Client, asked.HostName, asked.Helo, Protections.VerdictOf(asked.Client, now));
        return new PendingBan(asked.Client, jail, "", hasNames, again) { At = now, IsGuesser = IsGuesser(asked.Client, now) }.For(group);
    }

    // By what it had done when it was held: its window may have passed when it is decided.
    private Action<PendingBan, DateTimeOffset> Again(SenderInquiry asked, JailOptions jail, ReadOnlySpan<SessionMark> marks, DateTimeOffset? cutoff, DateTimeOffset then)
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

    private void EndWaits(DateTimeOffset now)
    {
        foreach (var near in Brake.TakeWaited(now))
        {
            if ((Brake.Hold(near, now) ?? Brake.HoldOf(near)) is { } hold)
            {
                Brake.Keep(near with { Reason = hold.Reason });
                Spare(near.Client, near.Jail, hold, now);
            }
            else
            {
                near.Again(near with { HasWaited = true }, now);
            }
        }
    }

    private void TakeBack(Ban ban, DateTimeOffset now)
    {
        // What was made within the same turn has not been kept yet, nor told to the firewall.
        if (ban.Host is null && Changes.Bans.Remove(ban))
        {
            Book.Remove(ban.Network, ban.Jail, isPardon: true);
            Ended?.Invoke(ban, true);
        }
        else
        {
            // The trouble is this host's: what others decided holds with them.
            Lift(ban, now, isForeign: ban.Host is not null);
        }
    }

    private void Settle(BrakeChange change, IReadOnlyList<PendingBan> held, DateTimeOffset now)
    {
        (Changes.Holds, Changes.Spans) = (Brake.Holds, Brake.Spans);
        Braked?.Invoke(change, held.Count);
        if (!change.IsReleased)
        {
            return;
        }

        foreach (var ban in held)
        {
            if (change.InFull)
            {
                ban.Again(ban with { HasWaited = true, WasHeld = true }, now);
            }
            else
            {
                Judge(new SenderInquiry(ban.Client, "", null), now);
            }
        }
    }
}
