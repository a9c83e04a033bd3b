using Postern.Classification.Accounts;
using Postern.Classification.Live;
using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Decisions.Protection;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>
/// What is seen only over days, or only of many clients together: slow persistence, stolen accounts, and networks whose clients
/// share the work.
/// </summary>
/// <param name="protections">Who must not be banned.</param>
internal sealed class LongWindow(Protections protections)
{
    private static readonly BehaviourSet s_ofNetwork = BehaviourSet.Of(
        Behaviour.LoneDot, Behaviour.HttpRequest, Behaviour.OtherProtocol, Behaviour.AuthBruteForce, Behaviour.AuthFailure, Behaviour.UserEnumeration);

    private readonly PersistenceTable _book = new();
    private readonly SubnetEvidence _networks = new();
    private readonly LoginDays _logins = new();
    private readonly AccountLogins _accounts = new();
    private readonly Dictionary<string, int> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings.</summary>
    public PersistenceOptions Options { get; set; } = new();

    /// <summary>Hides users and places from who has no key, where hosts share them; null where none does.</summary>
    public ILoginHashes? Hashes
    {
        get => _accounts.Hashes;
        set => _accounts.Hashes = value;
    }

    /// <summary>Told of each place that is new to a user here, where hosts share them.</summary>
    public Action<AccountLogin>? NewPlace
    {
        get => _accounts.NewPlace;
        init => _accounts.NewPlace = value;
    }

    /// <summary>Told of an account that others use, when it is found and each time that it has doubled.</summary>
    public Action<AccountTakeover>? TakenOver { get; init; }

    /// <summary>Accounts that others use, seen within the last day.</summary>
    public IEnumerable<AccountTakeover> Takeovers(DateTimeOffset now) => _accounts.Takeovers.Where(takeover => takeover.To.UtcTicks > now.UtcTicks - TimeSpan.TicksPerDay);

    /// <summary>Takes up what an earlier run kept of the last days: sessions that count, and logins to stolen accounts.</summary>
    /// <param name="failures">What was kept.</param>
    /// <param name="lastBan">When the last ban of a client began: what led to it has been paid for.</param>
    /// <param name="held">The behaviours that the brake held at a time.</param>
    public void Restore(IEnumerable<Failure> failures, Func<ClientAddress, DateTimeOffset?> lastBan, Func<LogTime, BehaviourSet> held)
    {
        foreach (var failure in failures)
        {
            var subject = ClientNetwork.HostOf(failure.Client);
            if (failure.Mark.Behaviours.Has(Behaviour.AccountTakeover))
            {
                protections.Stolen[subject] = failure.Mark.Time.ToDateTimeOffset();
            }
            else if (lastBan(failure.Client) is not { } ban || failure.Mark.Time.UtcTicks > ban.UtcTicks)
            {
                _book.Note(subject, default, failure.Mark, failure.Variety, held(failure.Mark.Time));
            }
        }
    }

    /// <summary>Takes up a login of an earlier run.</summary>
    public void Restore(SenderDay day)
    {
        if (day.LoggedIn)
        {
            _logins.Note(day.Client, new LogTime(day.Day.ToDateTime(TimeOnly.MinValue).Ticks, 0));
        }
    }

    /// <summary>Notes a login.</summary>
    /// <returns>The account that others use, where this login is theirs; else null.</returns>
    public AccountTakeover? NoteLogin(SessionReport report)
    {
        if (!report.Mark.Traits.HasFlag(SessionTraits.LoggedIn))
        {
            return null;
        }

        _logins.Note(report.Client, report.Mark.Time);
        if (report.User is not { } user)
        {
            return null;
        }

        return _accounts.Note(user, report.Client, report.Mark.Time, protections.LoggedInBefore(report.Client, report.Mark.Time)) ? Told(_accounts.TakeoverOf(user)) : null;
    }

    /// <summary>Notes a login at another host.</summary>
    /// <returns>The account that others use and that logs in here as well, where this login shows it; else null.</returns>
    public AccountTakeover? NoteForeign(AccountLogin login) => Told(_accounts.NoteForeign(login));

    /// <summary>Notes what a session has shown since it was noted before, but for behaviours that the brake holds.</summary>
    public void Note(ClientAddress client, in SessionMark before, in SessionMark mark, int variety, BehaviourSet held) =>
        _book.Note(ClientNetwork.HostOf(client), before, mark, variety, held);

    /// <summary>What of a client is a ban by the long window; null for none.</summary>
    public PersistentSum? Reached(ClientAddress client, DateTimeOffset now)
    {
        if (!_book.IsNear(ClientNetwork.HostOf(client), Options))
        {
            return null;
        }

        var (logins, hasDelivered) = protections.PastOf(client, now);
        return _book.Reached(ClientNetwork.HostOf(client), Options, now, logins, hasDelivered, () => _logins.Near(client, LogTime.From(now)));
    }

    /// <summary>How many different user names a client tried of late.</summary>
    public int UserNames(ClientAddress client) => _book.UserNames(ClientNetwork.HostOf(client));

    /// <summary>What the network of a client has shown, where that is a ban of it as a whole; else null.</summary>
    public double? ReachedByNetwork(ClientAddress client, in SessionMark before, in SessionMark mark, JailOptions jail)
    {
        var weight = OfNetwork(mark, jail) - OfNetwork(before, jail);
        if (weight <= 0 || (mark.Behaviours.Has(Behaviour.AuthFailure) && _logins.Near(client, mark.Time)))
        {
            return null;
        }

        return _networks.Note(ClientNetwork.HostOf(client), weight, mark.Time, jail);
    }

    /// <summary>Forgets a client that is banned: what it did has been paid for.</summary>
    public void Forget(ClientAddress client) => _book.Forget(ClientNetwork.HostOf(client));

    /// <summary>Forgets what a network has shown.</summary>
    public void Forget(ClientNetwork network) => _networks.Forget(network);

    /// <summary>Forgets what is too old to count.</summary>
    public void Forget(DateTimeOffset now)
    {
        _book.Prune(now);
        _logins.Forget(LogTime.From(now));
        _accounts.Forget(LogTime.From(now));
        foreach (var client in protections.Stolen.Where(pair => now - pair.Value > TimeSpan.FromDays(ProtectionRules.LoginDays + 1)).Select(static pair => pair.Key).ToList())
        {
            protections.Stolen.Remove(client);
        }

        foreach (var user in _told.Keys.Except(Takeovers(now).Select(static takeover => takeover.User), StringComparer.OrdinalIgnoreCase).ToList())
        {
            _told.Remove(user);
        }
    }

    private AccountTakeover? Told(AccountTakeover? takeover)
    {
        if (takeover is not null && takeover.Clients.Count >= 2 * _told.GetValueOrDefault(takeover.User))
        {
            _told[takeover.User] = takeover.Clients.Count;
            TakenOver?.Invoke(takeover);
        }

        return takeover;
    }

    private static double OfNetwork(in SessionMark mark, JailOptions jail)
    {
        var counted = new BehaviourSet(mark.Behaviours.Bits & s_ofNetwork.Bits).Union(PersistenceRule.Counting(mark));
        return counted.IsEmpty || (jail.Behaviours is { } chosen && !chosen.Overlaps(counted)) ? 0
            : counted.Overlaps(BehaviourSet.Of(Behaviour.AuthBruteForce, Behaviour.AuthFailure, Behaviour.UserEnumeration)) ? Math.Max((int)mark.Failures, 1) : 1;
    }
}
