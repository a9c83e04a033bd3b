using System.Globalization;

namespace Postern.Decisions.Brake;

/// <summary>A sign of a fault.</summary>
/// <param name="Reason">What looks wrong.</param>
/// <param name="Pulls">True where it is reason enough to hold.</param>
/// <param name="Keeps">True where it shows that the trouble goes on.</param>
/// <param name="Why">What looks wrong, in a sentence for the operator.</param>
/// <param name="IsWeak">True where names or new clients alone show it.</param>
/// <param name="NamedOnly">True where it is one only for clients whose names are in order.</param>
internal readonly record struct BrakeSign(string Reason, bool Pulls, bool Keeps, string Why, bool IsWeak, bool NamedOnly);

/// <summary>Looks for signs of a fault: in what clients with a history did last, and in the bans that are about to be made.</summary>
/// <param name="known">What clients with a history did last.</param>
/// <param name="candidates">The bans of the last minutes.</param>
internal sealed class BrakeSigns(KnownClients known, BanCandidates candidates)
{
    // An outage shows within two minutes on a busy server; a quiet one needs longer to see enough of its senders.
    private static readonly TimeSpan[] s_horizons = [TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), KnownClients.Horizon];

    // Users whose passwords no longer fit do not begin together.
    private static readonly long s_together = TimeSpan.FromMinutes(10).Ticks;
    private static readonly TimeSpan s_recount = TimeSpan.FromMinutes(5);
    private const double WeakShare = 0.7;
    private const int WeakFactor = 4;

    // Of those that fail, so many show a reason that belongs to the trouble: one fault may have several.
    private const double LeastPart = 0.3;

    // On an ordinary day a quarter of the known clients that come may be refused: lists with dead addresses, forged authors.
    private const double KeptPart = 0.7;
    // So many deliveries that were to be expected, and did not come, are no chance.
    private const double Expected = 3;
    private static readonly TimeSpan[] s_gaps = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30)];
    private const int Few = 6;
    private const int MostOfFew = 5;

    // Of what the server says in every case, a few suffice; of what attackers do, too, more are asked for.
    private const double FewBanned = 0.02;
    private const double ManyBanned = 0.1;

    // An attacker would have to grow old in a hundredth of the places that send here.
    private const double LeastShare = 0.01;

    private readonly List<BrakeSign> _signs = [];
    private readonly PlaceCount[] _live = new PlaceCount[2];
    private readonly bool[] _isFailing = new bool[2];
    private readonly bool[] _isSilent = new bool[2];
    private DateTimeOffset _recounted;

    /// <summary>Where the clients that the history knows live.</summary>
    public BrakePopulation Population { get; set; }

    /// <summary>True where the latest known clients fail: of six, five.</summary>
    public bool IsFailing(bool isLogin) => _isFailing[isLogin ? 1 : 0];

    /// <summary>True where none of the known clients came within the last minutes, though there are some.</summary>
    public bool IsSilent(bool isLogin) => _isSilent[isLogin ? 1 : 0];

    /// <summary>
    /// True where so few clients with a history failed lately, and so few bans are near, that nothing can be a sign. To know that takes
    /// no look at each of them.
    /// </summary>
    public bool AreImpossible(BrakeOptions options, DateTimeOffset now)
    {
        var least = Math.Min(MostOfFew, Math.Min(options.Clients, (int)Math.Ceiling(options.LatestShare * 2 * options.Clients)));
        if (candidates.Count >= Math.Min(options.Clients, options.NamedClients) || known.MayFail(least, now))
        {
            return false;
        }

        _isFailing.AsSpan().Clear();
        return true;
    }

    /// <summary>The signs that show now.</summary>
    public IReadOnlyList<BrakeSign> Find(BrakeOptions options, DateTimeOffset now)
    {
        _signs.Clear();
        if (now - _recounted >= s_recount)
        {
            (_recounted, _live[0], _live[1]) = (now, known.Places(isLogin: false, now), known.Places(isLogin: true, now));
        }

        foreach (var isLogin in (ReadOnlySpan<bool>)[false, true])
        {
            var recent = known.Recent(isLogin, Grain(isLogin), options.Clients, now);
            recent.Sort(static (a, b) => b.Since.CompareTo(a.Since));
            Remember(recent, isLogin, now);
            recent.RemoveAll(static client => !client.IsKnown);
            Look(recent, isLogin, isWeak: false, options, now);
            // Where enough have a history, others need not speak.
            if (Established(isLogin) < options.Clients * WeakFactor)
            {
                Look(recent, isLogin, isWeak: true, options, now);
            }
        }

        foreach (var reason in candidates.Reasons.ToList())
        {
            Count(reason, options, now);
        }

        return _signs;
    }

    private void Remember(List<KnownClient> recent, bool isLogin, DateTimeOffset now)
    {
        var kind = isLogin ? 1 : 0;
        var few = Latest(recent, isLogin, isWeak: true, Few);
        _isFailing[kind] = few.Failing >= MostOfFew;
        _isSilent[kind] = Known(isLogin).Addresses + _live[kind].Addresses > 0 && !recent.Exists(client => client.IsKnown && now.UtcTicks - client.At <= s_horizons[1].Ticks);
    }

    private void Look(List<KnownClient> recent, bool isLogin, bool isWeak, BrakeOptions options, DateTimeOffset now)
    {
        var hasCeased = isLogin || HaveCeased(recent, isWeak, options, now);
        foreach (var horizon in s_horizons)
        {
            var seen = recent.FindAll(client => now.UtcTicks - client.At <= horizon.Ticks && (isWeak || client.IsEstablished));
            var tally = Tally(seen, isLogin);
            for (var group = 0; group < BrakeReason.Count; group++)
            {
                if (BrakeReason.IsOfLogins(group) == isLogin && tally.Of(group).Bad > 0 && !(isWeak && BrakeReason.IsUnmistakable(group)))
                {
                    var bad = isLogin ? Together(seen, isLogin) : NeedsSilence(group, isWeak) && !hasCeased ? 0 : tally.Of(group).Bad;
                    Share(group, tally.Of(group), bad, isWeak, horizon, options);
                }
            }
        }

        var most = isWeak ? 2 * options.Clients : (int)Math.Max(2 * options.Clients, Math.Ceiling(Limit(isLogin, isWeak, options) / options.LatestShare));
        var latest = Latest(recent, isLogin, isWeak, most);
        for (var group = 0; group < BrakeReason.Count && latest.Failing >= options.LatestShare * most; group++)
        {
            if (!BrakeReason.IsUnmistakable(group) && (hasCeased || !NeedsSilence(group, isWeak)) && latest.Of(group).Bad >= LeastPart * most)
            {
                Sign(group, pulls: true, keeps: false, Text($"{latest.Failing} of the latest {latest.Seen} {Words(isWeak)} fail, and {latest.Of(group).Bad} of them show it"), isWeak);
            }
        }
    }

    // Most of those who deliver or log in here otherwise fail at once.
    private void Share(int group, BrakeShare share, int together, bool isWeak, TimeSpan horizon, BrakeOptions options)
    {
        var limit = Limit(BrakeReason.IsOfLogins(group), isWeak, options);
        var part = isWeak ? Math.Max(WeakShare, options.Share) : options.Share;
        var pulls = (share with { Bad = together }).Reaches(limit, part);
        // Less of it keeps what is held, and so do few where no others come. The long horizon still sees what is over.
        var keeps = horizon <= s_horizons[1] && (share.Reaches(limit / 2, part * KeptPart) || (horizon == s_horizons[1] && share.Reaches(1, options.LatestShare)));
        if (pulls || keeps)
        {
            Sign(group, pulls, keeps, Text($"{share.Bad} of {share.Seen} {Words(isWeak)} seen lately show it and nothing else"), isWeak);
        }
    }

    // A login takes a password; one message is anybody's.
    private double Limit(bool isLogin, bool isWeak, BrakeOptions options) =>
        isWeak && !isLogin ? options.Clients * WeakFactor : Math.Max(options.Clients, Established(isLogin) * LeastShare);

    private void Count(string reason, BrakeOptions options, DateTimeOffset now)
    {
        var group = BrakeReason.GroupOf(reason);
        if (group >= 0 && BrakeReason.IsUnmistakable(group))
        {
            return;
        }

        var isLogin = group >= 0 && BrakeReason.IsOfLogins(group);
        var banned = candidates.Known(reason, Grain(isLogin), options.Clients);
        var limit = Math.Max(options.Clients, Established(isLogin) * (group >= 0 && BrakeReason.IsOftenHostile(group) ? ManyBanned : FewBanned));
        Act(reason, banned, limit, "clients that delivered mail or logged in on earlier days would be banned", isNames: false, options);
        var (named, all) = candidates.Named(reason);
        // Names are cheap: they speak only where mail has all but stopped, and for clients with names alone.
        if (named * 2 >= all && named >= known.Delivering(options.Window / 2, now))
        {
            Act(reason, named, options.NamedClients, "clients with names in order would be banned, and hardly anybody delivers", isNames: true, options);
        }
    }

    private void Act(string reason, double count, double limit, string what, bool isNames, BrakeOptions options)
    {
        if (count >= limit / 2)
        {
            _signs.Add(new BrakeSign(reason, count >= limit, true, Text($"{count:0} {what} within {options.Window.TotalMinutes:0} minutes"), isNames, isNames));
        }
    }

    private void Sign(int group, bool pulls, bool keeps, string why, bool isWeak) =>
        _signs.Add(new BrakeSign(BrakeReason.Name(group), pulls, keeps, why, isWeak, NamedOnly: false));

    // A client that fails again and again counts from when it began: it does not push the others out.
    private KnownTally Latest(List<KnownClient> recent, bool isLogin, bool isWeak, int most)
    {
        var tally = new KnownTally(Grain(isLogin));
        var first = recent.Find(static client => !client.IsWell).Since;
        foreach (var client in recent)
        {
            if (tally.Seen < most && (isWeak || client.IsEstablished) && (!isLogin || client.IsWell || first - client.Since <= s_together))
            {
                tally.Add(client);
            }
        }

        return tally;
    }

    private KnownTally Tally(List<KnownClient> seen, bool isLogin)
    {
        var tally = new KnownTally(Grain(isLogin));
        seen.ForEach(client => tally.Add(client));
        return tally;
    }

    // One message is anybody's, and dead addresses are refused every day: many may begin to fail at once while others go on to deliver.
    // In an outage nobody delivers.
    private static bool NeedsSilence(int group, bool isWeak) => isWeak || BrakeReason.IsOftenHostile(group);

    private static bool HaveCeased(List<KnownClient> recent, bool isWeak, BrakeOptions options, DateTimeOffset now) =>
        s_gaps.Any(gap => HaveCeased(recent, gap, options, now)) || (!isWeak && recent.Count(static client => client.LastWell != 0) < Expected);

    private static bool HaveCeased(List<KnownClient> recent, TimeSpan gap, BrakeOptions options, DateTimeOffset now)
    {
        var began = now.UtcTicks - gap.Ticks;
        var (before, since) = (0, 0);
        foreach (var client in recent)
        {
            since += client.LastWell >= began ? 1 : 0;
            before += client.LastWell != 0 && client.LastWell < began ? 1 : 0;
        }

        var expected = before * (gap / KnownClients.Horizon);
        return expected >= Expected && since <= (1 - options.LatestShare) * expected;
    }

    // The most of those that began to fail within a few minutes of each other.
    private int Together(List<KnownClient> seen, bool isLogin)
    {
        var failing = seen.FindAll(static client => !client.IsWell);
        var (first, most, from) = (0, 0, 0);
        for (var last = 0; last < failing.Count; last++)
        {
            while (failing[first].Since - failing[last].Since > s_together)
            {
                first++;
            }

            (most, from) = last - first >= most ? (last - first + 1, first) : (most, from);
        }

        return Tally(failing.GetRange(from, most), isLogin).Failing;
    }

    private BrakeGrain Grain(bool isLogin) => (BrakeGrain)Math.Max((int)Known(isLogin).Grain, (int)_live[isLogin ? 1 : 0].Grain);

    private PlaceCount Known(bool isLogin) => isLogin ? Population.Logins : Population.Mail;

    private int Established(bool isLogin) => (isLogin ? Population.Logins : Population.EstablishedMail).At(Grain(isLogin));

    private static string Words(bool isWeak) => isWeak ? "clients that delivered or logged in before" : "established clients";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
