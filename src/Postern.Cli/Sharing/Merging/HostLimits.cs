using Postern.Cli.Sharing.Records;
using Postern.Facts;

namespace Postern.Cli.Sharing.Merging;

/// <summary>
/// What a host may ask of the others: no more bans at once than an attack makes, and none of a network that no jail bans. A host beyond
/// it is broken, or not its operator's any more.
/// </summary>
internal sealed class HostLimits
{
    /// <summary>So many bans a host may tell of at once; beyond, <see cref="PerSecond"/>.</summary>
    public const int AtOnce = 1_000_000;

    /// <summary>So many bans a second a host may tell of for long.</summary>
    public const int PerSecond = 5_000;

    /// <summary>How far ahead of the server's clock a change may be, in milliseconds.</summary>
    public const long Ahead = 600_000;

    private readonly Dictionary<string, (double Left, long At)> _hosts = new(StringComparer.Ordinal);

    /// <summary>The shortest prefix that a jail's ban may have.</summary>
    public static int LeastPrefix(ClientNetwork network, string jail) => (network.IsIPv4, jail is Ban.OperatorJail) switch
    {
        (true, false) => 24,
        (false, false) => 48,
        (true, true) => 8,
        (false, true) => 16,
    };

    /// <summary>True where a ban may be shared at all.</summary>
    public static bool Allows(ClientNetwork network, string jail) => network.PrefixLength >= LeastPrefix(network, jail) && jail.Length is > 0 and <= 255;

    /// <summary>Why a change is refused; null where it is not.</summary>
    /// <param name="change">The change.</param>
    /// <param name="now">The time by the server's clock.</param>
    public string? Refuse(SharedChange change, long now) =>
        change.At > now + Ahead ? "it is of the future"
        : change is SharedBan { Network: var network, Jail: var jail } && !Allows(network, jail) ? "its network is too large"
        : change is SharedBan ban && ban.End - ban.At > (long)TimeSpan.FromDays(3660).TotalMilliseconds ? "it lasts too long"
        : change is SharedBan && !Take(change.Host, now) ? "its host tells of too many bans"
        : null;

    private bool Take(string host, long now)
    {
        var (left, at) = _hosts.TryGetValue(host, out var known) ? known : (AtOnce, now);
        left = Math.Min(AtOnce, left + (Math.Max(0, now - at) * PerSecond / 1000.0));
        var isLeft = left >= 1;
        _hosts[host] = (isLeft ? left - 1 : left, Math.Max(now, at));
        return isLeft;
    }
}
