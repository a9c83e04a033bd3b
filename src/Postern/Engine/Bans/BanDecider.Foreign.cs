using Postern.Classification.Live;
using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>What other hosts decided and saw.</content>
internal sealed partial class BanDecider
{
    /// <summary>Takes a ban that another host decided, unless this one protects the client or its brake holds such bans.</summary>
    /// <param name="ban">The ban.</param>
    /// <param name="now">The time.</param>
    /// <param name="isOfMany">True where it is one of very many that are kept elsewhere: the ledger keeps it when <see cref="KeepForeign"/> says so.</param>
    public ForeignAnswer TakeForeign(Ban ban, DateTimeOffset now, bool isOfMany = false)
    {
        if (ban.Until <= now)
        {
            Book.AddPast(ban);
            return ForeignAnswer.None;
        }

        if (ban.Jail is Ban.OperatorJail)
        {
            if (!Protections.Networks.Touches(ban.Network))
            {
                Make(ban, isOfMany);
            }

            return ForeignAnswer.None;
        }

        var jail = _jails.FirstOrDefault(jail => string.Equals(jail.Name, ban.Jail, StringComparison.Ordinal)) ?? _jails[0];
        if (RulingOf(ban, jail, now) is { Answer: ProtectionAnswer.Suppress } ruling)
        {
            var spared = ruling.ToSuppressed(ban.Client, ban.Jail, now);
            Spare(spared);
            // Another host's word is not ours to repeat.
            return Protections.Vetoes.ContainsKey(ClientNetwork.HostOf(ban.Client)) ? ForeignAnswer.None : new ForeignAnswer(spared);
        }

        if (!TrySpareWithin(ban, out var others))
        {
            return ForeignAnswer.None;
        }

        var near = NearOf(ban, now);
        if (Brake.Hold(near, now) is { } hold)
        {
            Brake.Keep(near);
            Spare(ban.Client, ban.Jail, hold, now);
            return ForeignAnswer.None;
        }

        var made = others.Count == 0 ? ban : ban with { Spared = others };
        Make(made, isOfMany);
        if (!isOfMany)
        {
            Brake.Made(made, near);
        }

        return ForeignAnswer.None;
    }

    /// <summary>Hands bans of other hosts to the ledger, which does not have them yet; one that ended or was replaced meanwhile is left out.</summary>
    public void KeepForeign(ReadOnlySpan<Ban> bans)
    {
        foreach (var ban in bans)
        {
            if (Book.Has(ban))
            {
                Changes.Bans.Add(ban);
            }
        }
    }

    /// <summary>Ends a ban because another host ended it.</summary>
    public void LiftForeign(ClientNetwork network, string jail, DateTimeOffset now)
    {
        foreach (var ban in Book.Of(network).Where(ban => string.Equals(ban.Jail, jail, StringComparison.Ordinal)).ToList())
        {
            Lift(ban, now, isForeign: true);
        }
    }

    /// <summary>Spares a client because another host does.</summary>
    public void TakeVeto(ClientAddress client, ForeignVeto veto, DateTimeOffset now)
    {
        var host = ClientNetwork.HostOf(client);
        if (!Protections.Vetoes.TryGetValue(host, out var known) || known.Until < veto.Until)
        {
            Protections.Vetoes[host] = veto;
        }

        foreach (var ban in Book.Covering(client).Where(static ban => ban.Jail is not Ban.OperatorJail).ToList())
        {
            Spare(new SuppressedBan(client, ban.Jail, now, veto.Reason, $"{veto.Host} spares it: {veto.Detail}", now));
            if (IsOneHost(ban.Network))
            {
                Lift(ban, now, isForeign: true);
            }
            else
            {
                Book.Add(ban with { Spared = [.. ban.Spared, ClientNetwork.Of(client)] });
                Touched.Add((ban.Network, ban.Jail));
            }
        }
    }

    /// <summary>Counts a session that another host saw; only a session of our own leads to a ban here.</summary>
    /// <param name="client">Who.</param>
    /// <param name="id">The session, unlike any of our own.</param>
    /// <param name="mark">What it showed.</param>
    /// <param name="variety">See <see cref="Failure.Variety"/>.</param>
    /// <param name="now">The time.</param>
    public void NoteForeign(ClientAddress client, ulong id, SessionMark mark, int variety, DateTimeOffset now)
    {
        var host = ClientNetwork.HostOf(client);
        if (mark.Behaviours.Has(Behaviour.AccountTakeover))
        {
            // Its logins speak for it nowhere.
            Protections.Stolen[host] = mark.Time.ToDateTimeOffset();
        }

        if (mark.Time.UtcTicks < now.UtcTicks - _horizon.Ticks || Book.IsBanned(client))
        {
            return;
        }

        var before = _windows.TryGet(host, id, out var known) ? known : default;
        _windows.Add(new SessionReport { Id = id, Client = host, Mark = mark, Variety = variety });
        AddHostile(client, mark, HostileDay.Score(mark) - (known == default ? 0 : HostileDay.Score(known)));
        var held = Brake.IsHolding ? HeldNow(new SenderInquiry(client, "", null), now) : BehaviourSet.None;
        Long.Note(client, before, mark, variety, held);
        _ = Long.ReachedByNetwork(client, before, mark, _jails[0]);
    }

    /// <summary>Takes that a user logged in at another host.</summary>
    public void NoteForeign(AccountLogin login)
    {
        if (Long.NoteForeign(login) is { } takeover)
        {
            Withdraw(takeover, "sharing");
        }
    }

    /// <summary>Takes what a client did on a day at another host.</summary>
    public void NoteForeign(SenderDay day)
    {
        if (Protections.Senders.Note(day))
        {
            Long.Restore(day);
            Changes.ForeignDays.Add(day);
        }
    }

    // The other host has asked the DNS already: its answer would be ours.
    private ProtectionRuling RulingOf(Ban ban, JailOptions jail, DateTimeOffset now)
    {
        if (!IsOneHost(ban.Network))
        {
            return default;
        }

        var behaviours = BehaviourNames.TryParse(ban.Trigger, out var behaviour) ? BehaviourSet.Of(behaviour) : BehaviourSet.None;
        var sum = new WindowSum(Math.Max(ban.Failures, jail.MaxRetry), Math.Max(ban.Failures, 1), behaviours);
        var verdict = Protections.VerdictOf(ban.Client, now);
        var facts = Protections.FactsOf(ban.Client, ban.Jail, now, now - _horizon);
        facts = facts with { Correspondent = Ties.DomainOf(new SenderInquiry(ban.Client, ban.Jail, null) { HostName = ban.HostName }, verdict) };
        return ProtectionRules.Judge(facts.With(verdict), sum, [], jail, now);
    }

    private bool TrySpareWithin(Ban ban, out IReadOnlyList<ClientNetwork> spared)
    {
        spared = IsOneHost(ban.Network) ? [] : [.. Protections.Within(ban.Network).Take(MostSpared + 1)];
        var network = ban.Network;
        return spared.Count <= MostSpared && spared.Count + Book.SparedClients <= MostSparedInAll
            && !spared.Any(one => one.Contains(network)) && !Protections.Networks.Allowed.Any(pair => pair.Network.Contains(network));
    }

    private PendingBan NearOf(Ban ban, DateTimeOffset now)
    {
        var groups = BehaviourNames.TryParse(ban.Trigger, out var behaviour) ? BrakeReason.Groups(BehaviourSet.Of(behaviour)) : 0;
        var group = groups == 0 ? -1 : System.Numerics.BitOperations.TrailingZeroCount(groups);
        return NearOf(new SenderInquiry(ban.Client, ban.Jail, null) { HostName = ban.HostName }, ban.Jail, group, (_, at) => TakeForeign(ban, at), now);
    }

    private static bool IsOneHost(ClientNetwork network) => network.IsIPv4 ? network.IsSingle : network.PrefixLength >= 64;
}
