using Postern.Cli.Notifications;
using Postern.Cli.Notifications.Telling;
using Postern.Decisions.Brake;
using Postern.Engine.Supervision;
using Postern.Facts;

namespace Postern.Cli.Daemon.Logging;

/// <summary>Hands what the run tells to the notifications, where there are any; nobody waits for them.</summary>
/// <param name="time">The clock.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
internal sealed class HappeningFeed(TimeProvider time, bool isDryRun)
{
    private volatile NotificationHub? _hub;

    /// <summary>Who is told; null for nobody. Replaced as a whole by a reload.</summary>
    public NotificationHub? Hub
    {
        get => _hub;
        set => _hub = value;
    }

    /// <summary>What happened lately, for whoever watches.</summary>
    public RecentEvents Recent { get; } = new(time);

    /// <summary>A session that showed something.</summary>
    public void Suspicious(ClientAddress client, SessionMark mark)
    {
        if (Recent.IsWatched)
        {
            Recent.Add(EventRow.Of(client, mark, time.GetUtcNow()));
        }
    }

    /// <summary>A ban.</summary>
    public void Banned(Ban ban) => Tell(New(HappeningKind.Ban) with
    {
        Client = ban.Client,
        Network = ban.Network,
        HostName = ban.HostName,
        Jail = ban.Jail,
        Reason = ban.Reason,
        From = ban.From,
        Until = ban.Until,
        Failures = ban.Failures,
        Repetition = ban.Repetition,
    });

    /// <summary>The end of a ban.</summary>
    public void Ended(Ban ban, bool isLifted) =>
        Tell(New(isLifted ? HappeningKind.Unban : HappeningKind.BanEnded) with { Client = ban.Client, Network = ban.Network, Jail = ban.Jail, From = ban.From });

    /// <summary>A ban that was not made.</summary>
    public void Spared(SuppressedBan ban) =>
        Tell(New(HappeningKind.Spared) with { Client = ban.Client, Jail = ban.Jail, Detail = ban.Detail, Until = ban.Until });

    /// <summary>The brake.</summary>
    public void Braked(BrakeChange change, int bans) => Tell(New(change.IsReleased ? HappeningKind.BrakeReleased : HappeningKind.BrakePulled) with
    {
        Reason = change.Hold.Reason,
        Detail = change.Hold.Why,
        From = change.Hold.Since,
        Count = bans,
        IsInFull = change.InFull,
    });

    /// <summary>A stolen account.</summary>
    public void TakenOver(AccountTakeover takeover) => Tell(New(HappeningKind.AccountTakeover) with
    {
        Subject = takeover.User,
        Client = takeover.Clients[^1],
        Count = takeover.Clients.Count,
        Networks = takeover.Networks.Count,
        From = takeover.From.ToDateTimeOffset(),
    });

    /// <summary>Trouble of the server's own.</summary>
    public void Troubled(Trouble trouble) => Tell(New(HappeningKind.ServerTrouble) with
    {
        Subject = trouble.Kind.Id(),
        Detail = trouble.Text,
        Count = trouble.Lines,
        From = trouble.FirstSeen.IsKnown ? trouble.FirstSeen.ToDateTimeOffset() : null,
    });

    /// <summary>A stranger who sends through this server.</summary>
    public void Relayed(ClientAddress client, IReadOnlyList<string> domains) =>
        Tell(New(HappeningKind.OpenRelay) with { Client = client, Detail = string.Join(", ", domains.Take(3)), Count = domains.Count });

    /// <summary>A source that cannot be read, or can be again.</summary>
    public void Source(string source, string? why) =>
        Tell(New(why is null ? HappeningKind.SourceRecovered : HappeningKind.SourceUnreadable) with { Subject = source, Detail = why });

    /// <summary>A DNS list that was switched off, or is in use again.</summary>
    public void DnsList(string list, string? why) =>
        Tell(New(why is null ? HappeningKind.DnsListRecovered : HappeningKind.DnsListBroken) with { Subject = list, Detail = why });

    /// <summary>The database's trouble, or its end.</summary>
    public void Database(string? why) => Tell(New(why is null ? HappeningKind.DatabaseRecovered : HappeningKind.DatabaseTrouble) with { Detail = why });

    /// <summary>A damaged database.</summary>
    public void DatabaseDamaged(string path) => Tell(New(HappeningKind.DatabaseDamaged) with { Detail = path });

    /// <summary>A firewall's words.</summary>
    public void Firewall(string words) => Tell(New(HappeningKind.Firewall) with { Detail = words });

    /// <summary>A part that failed.</summary>
    public void Failed(PartFault fault) => Tell(New(HappeningKind.Fault) with { Subject = fault.Part, Detail = $"{fault.Exception.GetType().Name}: {fault.Exception.Message}" });

    /// <summary>The service's beginning or end.</summary>
    public void Service(bool isStart) => Tell(New(isStart ? HappeningKind.Start : HappeningKind.Stop));

    private void Tell(Happening one)
    {
        _hub?.Add(one);
        if (Recent.IsWatched)
        {
            Recent.Add(EventRow.Of(one));
        }
    }

    private Happening New(HappeningKind kind) => new(kind, time.GetUtcNow()) { IsDryRun = isDryRun };
}
