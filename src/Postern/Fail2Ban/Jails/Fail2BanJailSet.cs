using Postern.Facts;

namespace Postern.Fail2Ban.Jails;

/// <summary>The jails that run, and what they need of the machine.</summary>
/// <param name="Jails">The jails.</param>
/// <param name="OwnLogs">Where fail2ban logs its own bans, which jails such as <c>recidive</c> read: our bans are such lines, too.</param>
/// <param name="Resolve">The addresses of a name; empty where it has none, or the DNS gave no answer in time.</param>
internal sealed record Fail2BanJailSet(IReadOnlyList<Fail2BanJail> Jails, IReadOnlyList<string> OwnLogs, Func<string, IReadOnlyList<ClientAddress>> Resolve)
{
    /// <summary>The longest findtime.</summary>
    public TimeSpan Horizon => TimeSpan.FromSeconds(Jails.Select(jail => jail.FindTime).DefaultIfEmpty().Max());

    /// <summary>No jails.</summary>
    public static Fail2BanJailSet Empty { get; } = new([], [], static _ => []);
}
