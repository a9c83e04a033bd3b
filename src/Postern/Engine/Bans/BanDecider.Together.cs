using Postern.Classification.Live;
using Postern.Decisions.Bans;
using Postern.Decisions.Brake;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>What only many days, or many clients, show together.</content>
internal sealed partial class BanDecider
{
    /// <summary>Takes that an own user wrote to a domain.</summary>
    public void WroteTo(string domain, LogTime at)
    {
        if (at.IsKnown && Protections.Correspondents.Note(domain, DateOnly.FromDateTime(new DateTime(at.UtcTicks, DateTimeKind.Utc))) is { } news)
        {
            Changes.Correspondents.Add(news);
        }
    }

    // By the long window, and by what the clients of its network show together.
    private void DecideTogether(SenderInquiry asked, SessionReport report, in SessionMark before, DateTimeOffset now)
    {
        var (client, jail) = (report.Client, _jails[0]);
        if (IsSettled(client, jail))
        {
            return;
        }

        if (Long.Reached(client, now) is { } persistent)
        {
            var (sum, words) = (persistent.Sum, persistent.Reason);
            var longer = jail with { MaxRetry = persistent.Limit };
            Together(asked with { Jail = jail.Name }, (near, at) => Decide(asked with { Jail = jail.Name }, longer, sum, _windows.Of(ClientNetwork.HostOf(client)), near, at, words), now);
        }
        else if (Long.ReachedByNetwork(client, before, report.Mark, jail) is { } weight)
        {
            var network = SubnetEvidence.NetworkOf(client);
            Long.Forget(network);
            Together(asked with { Jail = jail.Name }, (near, at) =>
            {
                if (!Brake.Waits(near, at) && !Protections.LiveWithin(network) && Book.Of(network).Count == 0)
                {
                    Make(BanTimes.Next(jail, network, client, Book.Past(network, jail.Name), at, BanReason.OfSubnet(weight, network, jail), (int)weight) with { Trigger = BanTrigger.Network }, near);
                }
            }, now);
        }
    }

    // The brake holds these as well: an outage of days fills a long window, too.
    private void Together(SenderInquiry asked, Action<PendingBan, DateTimeOffset> decide, DateTimeOffset now)
    {
        var marks = _windows.Of(ClientNetwork.HostOf(asked.Client));
        var group = BrakeReason.Leading(marks, _jails[0], (long.MinValue, long.MaxValue));
        var near = NearOf(asked, asked.Jail, group, decide, now);
        if (group >= 0 && Brake.Hold(near, now) is { } hold)
        {
            Brake.Keep(near);
            Spare(asked.Client, asked.Jail, hold, now);
            return;
        }

        decide(near, now);
    }

    // Who logged in with somebody else's password is no user, today and after a restart.
    private void Withdraw(AccountTakeover takeover, string source)
    {
        foreach (var client in takeover.Clients)
        {
            if (Protections.Stolen.ContainsKey(client))
            {
                continue;
            }

            Protections.Stolen[client] = takeover.To.ToDateTimeOffset();
            var id = new StableHash();
            id.Add(client.High);
            id.Add(client.Low);
            id.Add((ulong)takeover.From.UtcTicks);
            Changes.Failures.Add(new Failure
            {
                Id = id.Value,
                Client = client,
                Mark = new SessionMark(takeover.To, BehaviourSet.Of(Behaviour.AccountTakeover), SessionTraits.LoggedIn),
                Source = source,
            });
        }
    }
}
