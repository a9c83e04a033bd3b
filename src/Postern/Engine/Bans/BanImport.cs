using Postern.Decisions.Bans;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>What became of bans that another program made.</summary>
/// <param name="Active">Bans that were taken over.</param>
/// <param name="Past">Bans that are over and were noted, so that the next one lasts longer.</param>
/// <param name="Known">Bans that are here already, just as long or longer.</param>
/// <param name="Protected">Networks that are never banned here.</param>
internal sealed record BanImportResult(int Active, int Past, int Known, IReadOnlyList<ClientNetwork> Protected);

/// <summary>Takes over bans that another program made.</summary>
internal static class BanImport
{
    /// <summary>Takes them.</summary>
    /// <param name="table">The bans that stand here.</param>
    /// <param name="networks">Who is never banned.</param>
    /// <param name="bans">Their bans.</param>
    /// <param name="now">The time.</param>
    /// <param name="make">Makes a ban.</param>
    /// <param name="note">Notes a ban that is over.</param>
    public static BanImportResult Take(BanTable table, ProtectedNetworks networks, IEnumerable<Ban> bans, DateTimeOffset now, Action<Ban> make, Action<Ban> note)
    {
        var (active, past, known, spared) = (0, 0, 0, new List<ClientNetwork>());
        foreach (var ban in bans)
        {
            var standing = table.Of(ban.Network).FirstOrDefault(other => string.Equals(other.Jail, ban.Jail, StringComparison.Ordinal));
            if (networks.Touches(ban.Network))
            {
                spared.Add(ban.Network);
            }
            else if (standing is not null && (standing.Until >= ban.Until || ban.Until <= now))
            {
                known++;
            }
            else if (ban.Until > now)
            {
                make(ban);
                active++;
            }
            else if (table.Past(ban.Network, ban.Jail) is { } last && last.Until >= ban.Until)
            {
                known++;
            }
            else
            {
                note(ban);
                past++;
            }
        }

        return new BanImportResult(active, past, known, spared);
    }
}
