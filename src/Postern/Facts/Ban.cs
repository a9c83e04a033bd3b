namespace Postern.Facts;

/// <summary>A ban, decided and for a time.</summary>
public sealed record Ban
{
    // There may be a million: an instant takes half as much as a DateTimeOffset, of which nobody asks for the offset.
    private readonly long _from;
    private readonly long _until;
    private readonly long _seenAt;

    /// <summary>The jail of a ban that the operator ordered.</summary>
    public const string OperatorJail = "operator";

    /// <summary>What stands before the name of a jail of fail2ban's.</summary>
    public const string Fail2BanPrefix = "fail2ban/";

    /// <summary>Who is banned.</summary>
    public required ClientNetwork Network { get; init; }

    /// <summary>The client whose failures led to it; within <see cref="Network"/>.</summary>
    public required ClientAddress Client { get; init; }

    /// <summary>Who decided: a jail, or <see cref="OperatorJail"/>.</summary>
    public required string Jail { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset From
    {
        get => new(_from, TimeSpan.Zero);
        init => _from = value.UtcTicks;
    }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Until
    {
        get => new(_until, TimeSpan.Zero);
        init => _until = value.UtcTicks;
    }

    /// <summary>Why, in a few words for the operator.</summary>
    public required string Reason { get; init; }

    /// <summary>How many failures led to it.</summary>
    public int Failures { get; init; }

    /// <summary>The how-manieth ban of this network it is, from 1; later ones last longer.</summary>
    public int Repetition { get; init; } = 1;

    /// <summary>Who lives within the network and is not banned with it, because it is protected. Not kept in the database: each start finds it out anew.</summary>
    public IReadOnlyList<ClientNetwork> Spared { get; init; } = [];

    /// <summary>The client's forward-confirmed PTR name; null where it has none, or it is not known. Not kept in the database.</summary>
    public string? HostName { get; init; }

    /// <summary>True where the ban leaves that client out.</summary>
    public bool Spares(ClientAddress client)
    {
        foreach (var spared in Spared)
        {
            if (spared.Contains(client))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What led to it, in one word of few: the id of the behaviour that counted most, or a name of <see cref="BanTrigger"/>. Not kept in the
    /// database.
    /// </summary>
    public string Trigger { get; init; } = BanTrigger.Order;

    /// <summary>When the session was seen that led to it; null where none did. Not kept in the database.</summary>
    public DateTimeOffset? SeenAt
    {
        get => _seenAt == 0 ? null : new(_seenAt, TimeSpan.Zero);
        init => _seenAt = value?.UtcTicks ?? 0;
    }

    /// <summary>True where a dry run decided it: nobody was kept out.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The other host that decided it and shares it with this one; null where this one did.</summary>
    public string? Host { get; init; }
}

/// <summary>What leads to bans besides the behaviours of one client within findtime.</summary>
public static class BanTrigger
{
    /// <summary>The operator's command.</summary>
    public const string Order = "order";

    /// <summary>The bans of another program.</summary>
    public const string Import = "import";

    /// <summary>A filter of fail2ban's.</summary>
    public const string Filter = "filter";

    /// <summary>What a client did over days.</summary>
    public const string Persistence = "persistence";

    /// <summary>What the clients of a network did together.</summary>
    public const string Network = "network";
}

/// <summary>The end of a ban before its time or at it.</summary>
/// <param name="Network">Whose.</param>
/// <param name="Jail">Which jail's.</param>
/// <param name="At">When.</param>
/// <param name="IsPardon">True where the operator lifted it: it does not count as a repetition later.</param>
public sealed record EndedBan(ClientNetwork Network, string Jail, DateTimeOffset At, bool IsPardon)
{
    /// <summary>When the ban that ended began; those of the same network and jail that began before have ended as well. Null for any.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When it would have ended by itself.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>True where another host ended it, or where it ended here alone: it is not shared.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>Why a client that would be banned is not.</summary>
public enum ProtectionReason : byte
{
    /// <summary>Named in the operator's allow-list.</summary>
    Allowed,
    /// <summary>An address of this host.</summary>
    OwnAddress,
    /// <summary>Within Postfix's mynetworks.</summary>
    MyNetworks,
    /// <summary>It has logged in.</summary>
    LoggedIn,
    /// <summary>It delivered mail on several days with no hostile day among them.</summary>
    ProvenSender,
    /// <summary>Its DNS shows a genuine sender.</summary>
    GenuineByChecks,
    /// <summary>Own users write to its domain.</summary>
    Correspondent,
    /// <summary>The brake holds bans for what it did.</summary>
    Brake,
    /// <summary>An address of a private network, which may be a gateway that everybody comes through.</summary>
    PrivateNetwork,
}

/// <summary>A ban that was not made, and why.</summary>
/// <param name="Client">Who.</param>
/// <param name="Jail">Which jail would have banned it.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Detail">The particulars for the operator: the network, the days, the tests that decided.</param>
/// <param name="Until">Until when the protection holds without being asked again.</param>
public sealed record SuppressedBan(ClientAddress Client, string Jail, DateTimeOffset At, ProtectionReason Reason, string Detail, DateTimeOffset Until)
{
    /// <summary>Sessions or failed logins that would have led to the ban; 0 where that is not known, as after a restart.</summary>
    public int Failures { get; init; }
}

/// <summary>Whom the operator allowed by command, besides the configuration's own.</summary>
/// <param name="Entry">Who, as in the configuration's allow-list: an address, a network or a DNS name.</param>
/// <param name="At">Since when.</param>
public sealed record AllowedEntry(string Entry, DateTimeOffset At)
{
    /// <summary>Until when; null for good.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True for a change that takes the entry out.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>True where the command was given on another host: it is not told to others again. Not kept in the database.</summary>
    public bool IsForeign { get; init; }

    /// <summary>True while it holds.</summary>
    public bool HoldsAt(DateTimeOffset now) => Until is not { } until || until > now;
}

/// <summary>A day on which a client delivered mail, logged in, or was hostile.</summary>
/// <param name="Client">Who.</param>
/// <param name="Day">The day, in UTC by the log's time.</param>
/// <param name="Delivered">True where mail was accepted from it on that day.</param>
/// <param name="Hostile">True where the day was hostile: <c>HostileDay</c> says when.</param>
/// <param name="LoggedIn">True where it logged in on that day.</param>
public sealed record SenderDay(ClientAddress Client, DateOnly Day, bool Delivered, bool Hostile, bool LoggedIn);
