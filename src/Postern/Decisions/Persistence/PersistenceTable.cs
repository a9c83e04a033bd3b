using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Postern.Decisions.Jails;
using Postern.Facts;

namespace Postern.Decisions.Persistence;

/// <summary>What the long window holds against a client.</summary>
/// <param name="Sum">What counts, in the measure of <paramref name="Limit"/>.</param>
/// <param name="Limit">From how much on it is a ban.</param>
/// <param name="Reason">The words for the ban.</param>
public readonly record struct PersistentSum(WindowSum Sum, double Limit, string Reason);

/// <summary>
/// The long window of watched clients: of each a count a day, and how many different user names and recipients it tried. Bounded:
/// where too many come, those who did least are forgotten.
/// </summary>
/// <param name="most">The most clients that are kept.</param>
public sealed class PersistenceTable(int most = 200_000)
{
    private const int Days = 8;
    private const int DifferentRecipients = 20;
    private readonly Dictionary<ClientAddress, Slot> _clients = [];

    /// <summary>Clients that are kept.</summary>
    public int Count => _clients.Count;

    /// <summary>Notes what a session has shown since it was noted before.</summary>
    /// <param name="client">Who; of IPv6 the /64.</param>
    /// <param name="before">The session as it was noted before; the default value where it was not.</param>
    /// <param name="mark">The session.</param>
    /// <param name="variety">A hash of the user name or recipient; 0 for none.</param>
    /// <param name="held">Behaviours that count nothing now. The user names are kept all the same: who tries several is a guesser.</param>
    public void Note(ClientAddress client, in SessionMark before, in SessionMark mark, int variety, BehaviourSet held = default)
    {
        var counted = Without(mark, held);
        var strange = Strange(counted) - Strange(before);
        var failed = Failed(counted) - Failed(before);
        var recipients = Recipients(counted) - Recipients(before);
        var hasName = variety != 0 && Failed(mark) > 0;
        if (!mark.Time.IsKnown || (strange <= 0 && failed <= 0 && recipients <= 0 && !hasName))
        {
            return;
        }

        if (_clients.Count >= most && !_clients.ContainsKey(client))
        {
            Sweep();
        }

        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_clients, client, out _);
        var age = slot.Turn((int)(mark.Time.UtcTicks / TimeSpan.TicksPerDay));
        if (age is < 0 or >= Days)
        {
            return;
        }

        slot.Strange = Add(slot.Strange, age, strange);
        slot.Recipients = Add(slot.Recipients, age, recipients);
        slot.Failed = Add(slot.Failed, age, failed);
        slot.Behaviours |= PersistenceRule.Counting(counted).Bits;
        if (age == 0)
        {
            slot.FailedToday = (ushort)Math.Clamp(slot.FailedToday + failed, 0, ushort.MaxValue);
        }
        else if (age == 1)
        {
            slot.FailedYesterday = (ushort)Math.Clamp(slot.FailedYesterday + failed, 0, ushort.MaxValue);
        }

        if (hasName)
        {
            slot.Names |= 1u << (variety & 31);
        }

        if (variety != 0 && recipients > 0)
        {
            slot.Different |= 1ul << (variety & 63);
        }
    }

    /// <summary>How many different user names a client tried of late, as far as the log names any; more than a few are not counted exactly.</summary>
    public int UserNames(ClientAddress client) => _clients.TryGetValue(client, out var slot) ? BitOperations.PopCount(slot.Names) : 0;

    /// <summary>True where a client has done so much that it is worth asking more of it.</summary>
    public bool IsNear(ClientAddress client, PersistenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Enabled && _clients.TryGetValue(client, out var slot) && slot.Total >= Math.Min(options.MaxRetry, GuessingLimits.WithoutNames);
    }

    /// <summary>What is a ban by now; null for none.</summary>
    /// <param name="client">Who; of IPv6 the /64.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The time.</param>
    /// <param name="logins">Its own sessions with a login that are remembered.</param>
    /// <param name="hasDelivered">True where mail of it was accepted of late.</param>
    /// <param name="hasLogins">Whether somebody logged in from its network within about a day.</param>
    public PersistentSum? Reached(ClientAddress client, PersistenceOptions options, DateTimeOffset now, int logins, bool hasDelivered, Func<bool> hasLogins)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(hasLogins);
        if (!options.Enabled || !_clients.TryGetValue(client, out var slot))
        {
            return null;
        }

        slot.Turn((int)(now.UtcTicks / TimeSpan.TicksPerDay));
        var rest = 1 - ((double)(now.UtcTicks % TimeSpan.TicksPerDay) / TimeSpan.TicksPerDay);
        var strange = Sum(slot.Strange, options.FindTime, rest);
        if (strange >= options.MaxRetry)
        {
            return Of(strange, options.MaxRetry, new BehaviourSet(slot.Behaviours), Words(strange, string.Join(", ", new BehaviourSet(slot.Behaviours).Select(static behaviour => behaviour.Id())), options.FindTime));
        }

        var failed = slot.FailedToday + (slot.FailedYesterday * rest);
        var names = BitOperations.PopCount(slot.Names);
        if (failed >= Math.Min(options.MaxRetry, GuessingLimits.WithoutNames) && failed >= Limit(names, options, logins, hasLogins) is var guesses && guesses)
        {
            return Of(failed, options.MaxRetry, BehaviourSet.Of(Behaviour.AuthBruteForce), Words(failed, "failed logins", TimeSpan.FromDays(1)));
        }

        var slow = names >= GuessingLimits.NamesOfList ? Sum(slot.Failed, options.FindTime, rest) : 0;
        if (slow >= Math.Max(options.MaxRetry, logins + 1) && !hasLogins())
        {
            return Of(slow, options.MaxRetry, BehaviourSet.Of(Behaviour.AuthBruteForce), Words(slow, "failed logins", options.FindTime));
        }

        var recipients = hasDelivered ? 0 : Sum(slot.Recipients, options.FindTime, rest);
        return recipients >= options.MaxRetry * PersistenceRule.RecipientsFactor && BitOperations.PopCount(slot.Different) >= DifferentRecipients
            ? Of(recipients, options.MaxRetry * PersistenceRule.RecipientsFactor, BehaviourSet.Of(Behaviour.UserEnumeration), Words(recipients, "unknown recipients", options.FindTime))
            : null;
    }

    /// <summary>Forgets a client: what it did has been paid for.</summary>
    public void Forget(ClientAddress client) => _clients.Remove(client);

    /// <summary>Forgets clients of whom nothing is left in the window.</summary>
    public void Prune(DateTimeOffset now)
    {
        var oldest = (int)(now.UtcTicks / TimeSpan.TicksPerDay) - Days;
        var before = _clients.Count;
        foreach (var client in _clients.Where(pair => pair.Value.Newest <= oldest).Select(static pair => pair.Key).ToList())
        {
            _clients.Remove(client);
        }

        if (before - _clients.Count > before / 2)
        {
            _clients.TrimExcess();
        }
    }

    // Of a company behind one address more logins succeed than fail, whatever the names.
    private static double Limit(int names, PersistenceOptions options, int logins, Func<bool> hasLogins) =>
        names >= GuessingLimits.ManyNames ? Math.Max(options.MaxRetry, logins + 1) : GuessingLimits.Of(names, hasLogins());

    private static PersistentSum Of(double weight, double limit, BehaviourSet behaviours, string reason) =>
        new(new WindowSum(weight, (int)weight, behaviours), limit, reason);

    private static string Words(double count, string what, TimeSpan within) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)count} {what} within {Bans.BanReason.Span(within)}");

    // Guesses are counted as failed logins, by their own limit.
    private static int Strange(in SessionMark mark) => PersistenceRule.Counting(mark).Without(Behaviour.AuthBruteForce).IsEmpty ? 0 : 1;

    private static int Failed(in SessionMark mark) => mark.Traits.HasFlag(SessionTraits.LoginFailed) ? mark.Failures : 0;

    private static int Recipients(in SessionMark mark) =>
        mark.Traits.HasFlag(SessionTraits.UnknownRecipient) && !mark.Traits.HasFlag(SessionTraits.Accepted) ? mark.Failures : 0;

    private static SessionMark Without(in SessionMark mark, BehaviourSet held)
    {
        var traits = mark.Traits & ~(held.Has(Behaviour.AuthFailure) ? SessionTraits.LoginFailed : SessionTraits.None)
            & ~(held.Has(Behaviour.UserEnumeration) ? SessionTraits.UnknownRecipient : SessionTraits.None);
        return held.IsEmpty ? mark : mark with { Behaviours = mark.Behaviours.Except(held), Traits = traits };
    }

    // A byte a day, the present one in the lowest.
    private static ulong Add(ulong days, int age, int count)
    {
        var shift = age * 8;
        var sum = Math.Clamp((int)((days >> shift) & 0xFF) + count, 0, 255);
        return (days & ~(0xFFul << shift)) | ((ulong)sum << shift);
    }

    // The day at the far end counts with the part of it that is within the window.
    private static double Sum(ulong days, TimeSpan window, double rest)
    {
        var whole = Math.Clamp((int)window.TotalDays, 1, Days - 1);
        var sum = ((days >> (whole * 8)) & 0xFF) * rest;
        for (var i = 0; i < whole; i++)
        {
            sum += (days >> (i * 8)) & 0xFF;
        }

        return sum;
    }

    private void Sweep()
    {
        for (var least = 1; _clients.Count > most / 4 * 3; least *= 2)
        {
            foreach (var client in _clients.Where(pair => pair.Value.Total <= least).Select(static pair => pair.Key).ToList())
            {
                _clients.Remove(client);
            }
        }
    }

    private struct Slot
    {
        public ulong Strange;
        public ulong Recipients;
        public ulong Failed;
        public ulong Different;
        public uint Names;
        public uint Behaviours;
        public int Newest;
        public ushort FailedToday;
        public ushort FailedYesterday;

        public readonly int Total => Math.Max(FailedToday + FailedYesterday, All(Failed)) + All(Strange) + All(Recipients);

        // Makes that day the newest where it is later; gives how many days ago it is.
        public int Turn(int day)
        {
            var days = day - Newest;
            if (days > 0)
            {
                Strange = days >= Days ? 0 : Strange << (days * 8);
                Recipients = days >= Days ? 0 : Recipients << (days * 8);
                Failed = days >= Days ? 0 : Failed << (days * 8);
                FailedYesterday = days == 1 ? FailedToday : (ushort)0;
                FailedToday = 0;
                Names = FailedYesterday == 0 ? 0 : Names;
                Different = Recipients == 0 ? 0 : Different;
                Behaviours = Strange == 0 ? 0 : Behaviours;
                Newest = day;
            }

            return Newest - day;
        }

        private static int All(ulong days)
        {
            var sum = 0;
            for (; days != 0; days >>= 8)
            {
                sum += (int)(days & 0xFF);
            }

            return sum;
        }
    }
}
