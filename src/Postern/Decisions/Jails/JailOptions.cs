using Postern.Facts;

namespace Postern.Decisions.Jails;

/// <summary>The settings of a jail, named as in fail2ban.</summary>
public sealed record JailOptions
{
    /// <summary>The jail's name; the built-in one is <c>postfix</c>.</summary>
    public string Name { get; init; } = "postfix";

    /// <summary>Failures count together within this time; default 10 minutes.</summary>
    public TimeSpan FindTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So many failures within <see cref="FindTime"/> are a ban; default 10.</summary>
    public double MaxRetry { get; init; } = 10;

    /// <summary>How long a first ban lasts; default 1 hour.</summary>
    public TimeSpan BanTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Each further ban lasts so many times longer than the one before; 1 keeps them alike; default 2.</summary>
    public double BanTimeFactor { get; init; } = 2;

    /// <summary>No ban lasts longer; default 1 week.</summary>
    public TimeSpan MaxBanTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>A ban that ended so long ago is forgotten, and the next one is a first one again; default 30 days.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What counts; null for everything that has a weight.</summary>
    public BehaviourSet? Behaviours { get; init; }

    /// <summary>Weights that differ from the table in docs/behaviours.md, by behaviour; 1 is a failure in full.</summary>
    public IReadOnlyDictionary<Behaviour, double> Weights { get; init; } = new Dictionary<Behaviour, double>();

    /// <summary>TCP ports that a banned client cannot reach; empty for every port. Default 25, 465 and 587.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [25, 465, 587];

    /// <summary>Prefix length of the network that a ban of an IPv6 client covers; default 64, for one host owns all of it.</summary>
    public int IPv6Prefix { get; init; } = 64;

    /// <summary>So many clients of one IPv4 /24 banned at once are a ban of the /24; 0 for never; default 8.</summary>
    public int SubnetThreshold { get; init; } = 8;
}
