using Postern.Facts;

namespace Postern.Cli.Sharing.Records;

/// <summary>Something that one host tells the others. Times are milliseconds since 1970 by the clock of the server that they share.</summary>
/// <param name="Host">Who tells it.</param>
/// <param name="At">When it came about.</param>
internal abstract record SharedChange(string Host, long At)
{
    /// <summary>The process that tells it, which tells hosts of the same name apart; 0 for this one, and for bans and their ends, where it makes no difference.</summary>
    public long Process { get; init; }
}

/// <summary>A ban.</summary>
/// <param name="Host">Who decided it.</param>
/// <param name="At">Since when.</param>
/// <param name="End">Until when.</param>
/// <param name="Network">Whom.</param>
/// <param name="Jail">Which jail.</param>
/// <param name="Client">The client whose failures led to it.</param>
internal sealed record SharedBan(string Host, long At, long End, ClientNetwork Network, string Jail, ClientAddress Client) : SharedChange(Host, At)
{
    /// <summary>Why, for the operator.</summary>
    public string Reason { get; init; } = "";

    /// <summary>See <see cref="Ban.Trigger"/>.</summary>
    public string Trigger { get; init; } = BanTrigger.Order;

    /// <summary>How many failures led to it.</summary>
    public int Failures { get; init; }

    /// <summary>The how-manieth ban of the network it is.</summary>
    public int Repetition { get; init; } = 1;
}

/// <summary>Every ban of a network by a jail that began until then has ended.</summary>
/// <param name="Host">Who ended it.</param>
/// <param name="At">When.</param>
/// <param name="Keep">So long it must be remembered: no ban that it ends lasts longer.</param>
/// <param name="Network">Whose.</param>
/// <param name="Jail">Which jail's.</param>
internal sealed record SharedUnban(string Host, long At, long Keep, ClientNetwork Network, string Jail) : SharedChange(Host, At);

/// <summary>A client must not be banned by any jail for what it did until <paramref name="End"/>.</summary>
/// <param name="Host">Whose word it is.</param>
/// <param name="At">Since when.</param>
/// <param name="End">Until when.</param>
/// <param name="Keep">So long it must be remembered.</param>
/// <param name="Client">Who; of IPv6 the first address of its /64.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">Why, in words.</param>
internal sealed record SharedVeto(string Host, long At, long End, long Keep, ClientAddress Client, ProtectionReason Reason, string Detail) : SharedChange(Host, At);

/// <summary>Whom an operator allowed by command, or no longer.</summary>
/// <param name="Host">Where.</param>
/// <param name="At">When.</param>
/// <param name="End">Until when; <see cref="long.MaxValue"/> for good.</param>
/// <param name="Entry">Who, as in the allow list.</param>
/// <param name="IsRemoved">True where the entry is taken out.</param>
internal sealed record SharedAllow(string Host, long At, long End, string Entry, bool IsRemoved) : SharedChange(Host, At);

/// <summary>What a client did on a day.</summary>
/// <param name="Host">Where.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Day">The day.</param>
internal sealed record SharedDay(string Host, long At, SenderDay Day) : SharedChange(Host, At);

/// <summary>A session that counts towards a ban.</summary>
/// <param name="Host">Where.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Client">Whose.</param>
/// <param name="Id">Its id at that host.</param>
/// <param name="Mark">What it showed, its time by that host's log.</param>
/// <param name="Variety">See <see cref="Failure.Variety"/>.</param>
internal sealed record SharedFailure(string Host, long At, ClientAddress Client, ulong Id, SessionMark Mark, int Variety) : SharedChange(Host, At);

/// <summary>A place that is new to a user.</summary>
/// <param name="Host">Where it logged in.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Login">Who and from where, as keyed hashes.</param>
internal sealed record SharedLogin(string Host, long At, AccountLogin Login) : SharedChange(Host, At);

/// <summary>A sender that was asked to come back, or did.</summary>
/// <param name="Host">Where.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Triplet">The keyed hash of its network, its address and the recipient.</param>
/// <param name="First">When it came first.</param>
/// <param name="Until">How long it is remembered.</param>
/// <param name="IsKnown">True where it has come back.</param>
internal sealed record SharedGreylisting(string Host, long At, UInt128 Triplet, long First, long Until, bool IsKnown) : SharedChange(Host, At);

/// <summary>A host's sign of life.</summary>
/// <param name="Host">Whose.</param>
/// <param name="At">When.</param>
/// <param name="Bans">Its active bans.</param>
/// <param name="LagMs">How old the last change was when it was read.</param>
/// <param name="Version">The program's version.</param>
/// <param name="HasNamesake">True where it has seen another process of its name.</param>
internal sealed record SharedHost(string Host, long At, int Bans, long LagMs, string Version, bool HasNamesake = false) : SharedChange(Host, At);
