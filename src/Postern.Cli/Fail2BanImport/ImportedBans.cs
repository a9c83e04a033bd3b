using Postern.Cli.Configuration;
using Postern.Cli.Storage;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Cli.Fail2BanImport;

/// <summary>Bans that are left to fail2ban.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Jail">Their jail.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">One of them.</param>
internal sealed record LeftBans(LeftBanReason Reason, string Jail, int Count, string Example);

/// <summary>fail2ban's bans as bans of ours.</summary>
/// <param name="Bans">Those that are taken; of each network and jail one.</param>
/// <param name="Left">Those that are not.</param>
internal sealed record ImportedBans(IReadOnlyList<Ban> Bans, IReadOnlyList<LeftBans> Left)
{
    private const string PostfixFilter = "postfix";
    private static readonly TimeSpan s_forEver = TimeSpan.FromDays(36500);

    /// <summary>Reads them.</summary>
    /// <param name="rows">The rows of the database.</param>
    /// <param name="jails">fail2ban's enabled jails.</param>
    /// <param name="running">The names of those that run here, by <c>[fail2ban] config</c>.</param>
    /// <param name="options">How Postern is set.</param>
    public static ImportedBans Read(IReadOnlyList<Fail2BanRow> rows, IReadOnlyList<Fail2BanJail> jails, IReadOnlySet<string> running, PosternOptions options)
    {
        var bans = new Dictionary<(ClientNetwork, string), Ban>();
        var left = new List<(LeftBanReason Reason, Fail2BanRow Row)>();
        foreach (var row in rows)
        {
            var theirs = jails.FirstOrDefault(jail => string.Equals(jail.Name, row.Jail, StringComparison.Ordinal));
            var jail = running.Contains(row.Jail) ? Ban.Fail2BanPrefix + row.Jail : IsPostfix(theirs, row.Jail) ? options.Jail.Name : null;
            if (!ClientNetwork.TryParse(row.Id, out var network))
            {
                left.Add((LeftBanReason.NotAnAddress, row));
            }
            else if (network.PrefixLength < (network.IsIPv4 ? 8 : 16))
            {
                left.Add((LeftBanReason.TooLarge, row));
            }
            else if (jail is null)
            {
                left.Add((LeftBanReason.JailNotHere, row));
            }
            else if (LengthOf(row, theirs) is not { } length)
            {
                left.Add((LeftBanReason.UnknownLength, row));
            }
            else if (Make(row, network, jail, length, options) is var ban && Key(ban) is var key)
            {
                bans[key] = bans.TryGetValue(key, out var other) ? Longer(ban, other) : ban;
            }
        }

        return new ImportedBans([.. bans.Values], [.. left.GroupBy(one => (one.Reason, one.Row.Jail)).Select(group => new LeftBans(group.Key.Reason, group.Key.Jail, group.Count(), group.First().Row.Id))]);
    }

    /// <summary>True for a jail whose counterpart is the built-in one.</summary>
    public static bool IsPostfix(Fail2BanJail? jail, string name) => (jail?.Filter.Definition.Name ?? name).Split('-')[0] is PostfixFilter;

    // Of IPv6 what one host usually owns, as of our own bans.
    private static Ban Make(Fail2BanRow row, ClientNetwork network, string jail, TimeSpan length, PosternOptions options) => new()
    {
        Network = network is { IsIPv4: false, IsSingle: true }
            ? ClientNetwork.Of(network.First, jail.StartsWith(Ban.Fail2BanPrefix, StringComparison.Ordinal) ? 64 : options.Jail.IPv6Prefix)
            : network,
        Client = network.First,
        Jail = jail,
        From = row.From,
        Until = row.From + length,
        Reason = $"imported from fail2ban jail {row.Jail}",
        Repetition = row.Count,
    };

    private static (ClientNetwork, string) Key(Ban ban) => (ban.Network, ban.Jail);

    private static Ban Longer(Ban one, Ban other) =>
        (one.Until > other.Until ? one : other) with { Repetition = Math.Max(one.Repetition, other.Repetition) };

    private static TimeSpan? LengthOf(Fail2BanRow row, Fail2BanJail? jail) => row.Seconds switch
    {
        -1 => s_forEver,
        > 0 and var seconds => TimeSpan.FromSeconds(Math.Min(seconds, s_forEver.TotalSeconds)),
        // -2 stands for a length that an older version did not keep.
        _ => jail is null ? null : jail.BanTime.Length(0, 0) ?? s_forEver,
    };
}
