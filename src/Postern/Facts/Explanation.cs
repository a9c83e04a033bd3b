namespace Postern.Facts;

/// <summary>A run of sessions of one client without a long gap.</summary>
/// <param name="From">Start of the first session.</param>
/// <param name="To">Start of the last session.</param>
/// <param name="Sessions">How many.</param>
public readonly record struct Burst(LogTime From, LogTime To, int Sessions);

/// <summary>Many clients that do the same close in time.</summary>
/// <param name="Behaviour">What they do.</param>
/// <param name="Clients">Who, by address.</param>
/// <param name="Sessions">How often, all together.</param>
/// <param name="From">The first session.</param>
/// <param name="To">The last session.</param>
public sealed record Campaign(Behaviour Behaviour, IReadOnlyList<ClientAddress> Clients, int Sessions, LogTime From, LogTime To)
{
    /// <summary>What stands behind it, where that is told of all of them together; else null.</summary>
    public Cause? Cause { get; init; }

    /// <summary>Failed logins, of a campaign of guessing.</summary>
    public int Failures { get; init; }

    /// <summary>Networks that hold several of the clients, the fullest first.</summary>
    public IReadOnlyList<CampaignNetwork> Networks { get; init; } = [];

    /// <summary>The HELO name that all of them share; null where something else makes them one.</summary>
    public string? Helo { get; init; }

    /// <summary>Different networks of the clients, an IPv4 /24 or IPv6 /48 each; 0 where they were not counted.</summary>
    public int DistinctNetworks { get; init; }

    /// <summary>Sessions of the client that came least often.</summary>
    public int FewestSessions { get; init; }

    /// <summary>Sessions of the median client.</summary>
    public int MedianSessions { get; init; }

    /// <summary>Sessions of the client that came most often.</summary>
    public int MostSessions { get; init; }

    /// <summary>How long the median client waits from one session to the next; null where that is not known.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>User names that were tried, the commonest first, where the log names any; escaped where they are shown.</summary>
    public IReadOnlyList<string> UserNames { get; init; } = [];
}

/// <summary>A network that holds several clients of a campaign.</summary>
/// <param name="Network">The IPv4 /24 or IPv6 /48.</param>
/// <param name="Clients">How many of its addresses take part.</param>
public sealed record CampaignNetwork(ClientNetwork Network, int Clients);

/// <summary>A cause with its weight.</summary>
/// <param name="Cause">Which.</param>
/// <param name="Confidence">0 to 1, as docs/causes.md defines it.</param>
/// <param name="Clues">The observations that decided, strongest first.</param>
public sealed record CauseFinding(Cause Cause, double Confidence, IReadOnlyList<Clue> Clues);

/// <summary>Everything that is known of one client.</summary>
public sealed record ClientFinding
{
    /// <summary>Who; unknown for transcripts that name nobody.</summary>
    public required ClientAddress Address { get; init; }

    /// <summary>True where the client is the server itself: a program on it connects.</summary>
    public bool IsOwnHost { get; init; }

    /// <summary>True where the jail would ban it, were its address not of a private network: the verdict is <see cref="Verdict.Watch"/>.</summary>
    public bool ReachesLimit { get; init; }

    /// <summary>Sessions in all.</summary>
    public required int Sessions { get; init; }

    /// <summary>Start of the first; unknown where no source has a time.</summary>
    public LogTime FirstSeen { get; init; }

    /// <summary>End of the last.</summary>
    public LogTime LastSeen { get; init; }

    /// <summary>How many sessions showed each behaviour, most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<Behaviour, int>> Behaviours { get; init; }

    /// <summary>In order of time; together they hold every session of known time.</summary>
    public IReadOnlyList<Burst> Bursts { get; init; } = [];

    /// <summary>The PTR name, forward-confirmed unless <see cref="NameIsConfirmed"/> is false; null where there is none.</summary>
    public string? HostName { get; init; }

    /// <summary>False where the name does not resolve back to the client.</summary>
    public bool NameIsConfirmed { get; init; }

    /// <summary>HELO names, at most 8.</summary>
    public IReadOnlyList<string> HeloNames { get; init; } = [];

    /// <summary>The most likely cause.</summary>
    public required CauseFinding Cause { get; init; }

    /// <summary>The next likely ones, if any comes near.</summary>
    public IReadOnlyList<CauseFinding> Others { get; init; } = [];

    /// <summary>What to do.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>True where so much of its mail was refused that a jail would count it, and it looks most like a mail server: a forwarder's spam is refused, too.</summary>
    public bool MayForward => Verdict == Verdict.Watch && Cause.Cause == Facts.Cause.FaultySender && Behaviours.Any(static pair => pair is { Key: Behaviour.RejectedMail, Value: >= 40 });

    /// <summary>True where it stays below the jail's threshold and only the long window would ban it.</summary>
    public bool IsSlow { get; init; }

    /// <summary>The limits of Postfix that it exceeded, and how often; null where it exceeded none.</summary>
    public Clue? Limits { get; init; }

    /// <summary>Messages accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>What the client sent first in its most telling session, escaped for a terminal; null where unknown.</summary>
    public string? Payload { get; init; }

    /// <summary>Evidence of the sender's legitimacy, where a resolver was given.</summary>
    public IReadOnlyList<Evidence> Tests { get; init; } = [];
}

/// <summary>Sessions over time, for plots: one row a behaviour, all of one length.</summary>
/// <param name="From">Start of the first bucket.</param>
/// <param name="Bucket">Width of a bucket.</param>
/// <param name="Rows">Sessions a bucket, by behaviour.</param>
public sealed record Timeline(LogTime From, TimeSpan Bucket, IReadOnlyDictionary<Behaviour, int[]> Rows)
{
    /// <summary>Sessions a bucket by the verdict on their client, each session once; those that only delivered are left out.</summary>
    public IReadOnlyDictionary<Verdict, int[]> Verdicts { get; init; } = new Dictionary<Verdict, int[]>();
}

/// <summary>How heavy the suspicious traffic is, for the question whether it is a denial of service.</summary>
/// <param name="PeakSessionsPerMinute">Sessions of all clients but ordinary ones in the busiest minute.</param>
/// <param name="PeakAt">That minute.</param>
/// <param name="LimitsExceeded">Times that Postfix said that a client went over a limit.</param>
/// <param name="IsDenialOfService">True only where the volume could hurt a server.</param>
public sealed record Load(int PeakSessionsPerMinute, LogTime PeakAt, int LimitsExceeded, bool IsDenialOfService);

/// <summary>The answer to an operator: who connects, and why.</summary>
public sealed record Explanation
{
    /// <summary>The first time in the input.</summary>
    public LogTime From { get; init; }

    /// <summary>The last time in the input.</summary>
    public LogTime To { get; init; }

    /// <summary>The mail server that all logs name; null where they name none or several.</summary>
    public string? Host { get; init; }

    /// <summary>Lines of logs read.</summary>
    public long LinesRead { get; init; }

    /// <summary>Of these, lines of Postfix.</summary>
    public long LinesPostfix { get; init; }

    /// <summary>Lines without a stamp and program that could be read, and lines of the daemons that clients talk to whose form is not known.</summary>
    public long LinesUnparsed { get; init; }

    /// <summary>The commonest forms of lines that are not known, at most 20, commonest first.</summary>
    public IReadOnlyList<UnknownForm> UnknownForms { get; init; } = [];

    /// <summary>Notices read.</summary>
    public int Notices { get; init; }

    /// <summary>The transcript, where the input is one and nothing else; else null.</summary>
    public Notice? Transcript { get; init; }

    /// <summary>Sessions in all.</summary>
    public required int Sessions { get; init; }

    /// <summary>Every client that showed anything but delivery, most telling first.</summary>
    public required IReadOnlyList<ClientFinding> Clients { get; init; }

    /// <summary>What is wrong with the server itself, most urgent first.</summary>
    public IReadOnlyList<Trouble> Troubles { get; init; } = [];

    /// <summary>Clients that only delivered.</summary>
    public int OrdinaryClients { get; init; }

    /// <summary>Their sessions.</summary>
    public int OrdinarySessions { get; init; }

    /// <summary>Who works together, largest first.</summary>
    public IReadOnlyList<Campaign> Campaigns { get; init; } = [];

    /// <summary>Accounts that others than their owners use.</summary>
    public IReadOnlyList<AccountTakeover> Takeovers { get; init; } = [];

    /// <summary>For plots; null where no time is known.</summary>
    public Timeline? Timeline { get; init; }

    /// <summary>How heavy it is.</summary>
    public required Load Load { get; init; }

    /// <summary>What could not be read or had to be guessed.</summary>
    public IReadOnlyList<ReportWarning> Warnings { get; init; } = [];
}
