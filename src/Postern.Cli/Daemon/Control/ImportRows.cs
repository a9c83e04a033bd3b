using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>Bans of another program on their way to the daemon.</summary>
internal static class ImportRows
{
    private const int LongestReason = 200;

    /// <summary>A ban as a row.</summary>
    public static ImportRow Of(Ban ban) => new(ban.Network.ToString(), ban.Jail, ban.From, ban.Until, ban.Reason, ban.Repetition);

    /// <summary>The bans; null where a row is none, or bans more than any command may.</summary>
    public static IReadOnlyList<Ban>? Read(IReadOnlyList<ImportRow> rows)
    {
        var bans = new List<Ban>(rows.Count);
        foreach (var row in rows)
        {
            if (!ClientNetwork.TryParse(row.Network, out var network) || network.PrefixLength < (network.IsIPv4 ? 8 : 16) || row.From >= row.Until)
            {
                return null;
            }

            bans.Add(new Ban
            {
                Network = network,
                Client = network.First,
                Jail = row.Jail,
                From = row.From.ToUniversalTime(),
                Until = row.Until.ToUniversalTime(),
                Reason = row.Reason.Length <= LongestReason ? row.Reason : row.Reason[..LongestReason],
                Repetition = Math.Max(1, row.Repetition),
            });
        }

        return bans;
    }
}
