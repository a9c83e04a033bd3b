using Postern.Decisions.Bans;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>Whether a client is banned.</content>
internal sealed partial class BanDecider
{
    private void Judge(SenderInquiry asked, DateTimeOffset now)
    {
        var client = asked.Client;
        var marks = _windows.Of(ClientNetwork.HostOf(client));
        foreach (var jail in _jails)
        {
            if (IsSettled(client, jail))
            {
                continue;
            }

            var cutoff = Scores.Cutoff(client, jail);
            if (JailWindow.Reaches(marks, jail, now, cutoff))
            {
                Near(asked with { Jail = jail.Name }, jail, marks, cutoff, now);
            }
        }
    }

    private bool IsSettled(ClientAddress client, JailOptions jail)
    {
        foreach (var ban in Book.Covering(client))
        {
            if (ban.Jail is Ban.OperatorJail || string.Equals(ban.Jail, jail.Name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return _pending.Contains((ClientNetwork.HostOf(client), jail.Name));
    }

    private void Decide(
        SenderInquiry asked, JailOptions jail, WindowSum sum, ReadOnlySpan<SessionMark> marks, PendingBan near, DateTimeOffset now, string? reason = null)
    {
        var client = asked.Client;
        var facts = Protections.FactsOf(client, jail.Name, now, now - _horizon) with
        {
            UserNames = Long.UserNames(client),
            IsLongWindow = reason is not null,
            Correspondent = Ties.DomainOf(asked, Protections.VerdictOf(client, now)),
            MayCorrespond = Ties.MayTie(asked),
        };
        var ruling = ProtectionRules.Judge(facts, sum, marks, jail, now);
        if (ruling.Answer == ProtectionAnswer.AskChecks)
        {
            if (_inquire is not null)
            {
                _pending.Add((ClientNetwork.HostOf(client), jail.Name));
                _inquire(asked);
                return;
            }

            ruling = ProtectionRules.Judge(facts.With(null), sum, marks, jail, now);
        }

        if (ruling.Answer == ProtectionAnswer.Suppress)
        {
            Spare(ruling.ToSuppressed(client, jail.Name, now) with { Failures = sum.Sessions });
            return;
        }

        if (Brake.Waits(near, now))
        {
            return;
        }

        var (network, spared) = Around(BanTimes.Network(jail, client), client, jail.Name);
        var trigger = reason is null ? BanReason.Leading(marks, jail, near.At, Scores.Cutoff(client, jail)) : BanTrigger.Persistence;
        var ban = BanTimes.Next(jail, network, client, Book.Past(network, jail.Name), now, reason ?? BanReason.Of(marks, jail, near.At, Scores.Cutoff(client, jail)), sum.Sessions);
        Make(ban with { Spared = spared, HostName = asked.HostName, Trigger = trigger }, near);
        Long.Forget(client);
        if (SubnetBan.ToBan(jail, client, Book.BannedInSubnet(client), Protections.LiveWithin) is { } whole && Book.Of(whole).Count == 0)
        {
            var banned = Book.BannedInSubnet(client);
            Make(BanTimes.Next(jail, whole, client, Book.Past(whole, jail.Name), now, BanReason.OfSubnet(banned, whole), banned) with { Trigger = BanTrigger.Network }, near);
        }
    }
}
