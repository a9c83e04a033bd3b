using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Bans;

/// <summary>How long a ban lasts, by how often its network was banned before, and which network it covers.</summary>
public static class BanTimes
{
    /// <summary>The how-manieth ban the next one is, from 1.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="past">The last ban of the network by that jail; null where there was none. One with repetition 0 was lifted and counts for nothing.</param>
    /// <param name="now">The time.</param>
    public static int Repetition(JailOptions jail, Ban? past, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return past is null || now - past.Until > jail.ForgetAfter ? 1 : Math.Clamp(past.Repetition, 0, int.MaxValue - 1) + 1;
    }

    /// <summary>The length of the ban of that repetition: never shorter than the one before, never longer than the cap.</summary>
    public static TimeSpan Length(JailOptions jail, int repetition)
    {
        ArgumentNullException.ThrowIfNull(jail);
        var factor = jail.BanTimeFactor > 1 ? jail.BanTimeFactor : 1;
        var ticks = jail.BanTime.Ticks * Math.Pow(factor, Math.Max(repetition, 1) - 1);
        // In floating point, so that neither the power nor the product can wrap around.
        return ticks < jail.MaxBanTime.Ticks ? TimeSpan.FromTicks((long)ticks) : jail.MaxBanTime;
    }

    /// <summary>The end of a ban; the end of the calendar where it would be later.</summary>
    public static DateTimeOffset Until(DateTimeOffset from, TimeSpan length) =>
        length < DateTimeOffset.MaxValue - from ? from + length : DateTimeOffset.MaxValue;

    /// <summary>The network that a ban of a client covers: an IPv4 address alone, of IPv6 what one host usually owns.</summary>
    public static ClientNetwork Network(JailOptions jail, ClientAddress client)
    {
        ArgumentNullException.ThrowIfNull(jail);
        return client.IsIPv4 ? ClientNetwork.Of(client) : ClientNetwork.Of(client, jail.IPv6Prefix);
    }

    /// <summary>The ban of a network by a jail.</summary>
    /// <param name="jail">The jail.</param>
    /// <param name="network">Who is kept out.</param>
    /// <param name="client">Who is to blame.</param>
    /// <param name="past">The network's last ban by that jail, or null.</param>
    /// <param name="now">The time.</param>
    /// <param name="reason">Why, as <see cref="BanReason"/> tells.</param>
    /// <param name="failures">How many sessions led to it.</param>
    public static Ban Next(JailOptions jail, ClientNetwork network, ClientAddress client, Ban? past, DateTimeOffset now, string reason, int failures)
    {
        var repetition = Repetition(jail, past, now);
        return new Ban
        {
            Network = network,
            Client = client,
            Jail = jail.Name,
            From = now,
            Until = Until(now, Length(jail, repetition)),
            Reason = reason,
            Failures = failures,
            Repetition = repetition,
        };
    }
}
