using Postern.Engine.Ledger;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <content>What a ledger that is new must hold.</content>
internal sealed partial class BanDecider
{
    /// <summary>All that is so now, for a ledger that is new.</summary>
    /// <param name="allowed">Whom the operator allowed by command.</param>
    public LedgerChanges All(IReadOnlyList<AllowedEntry> allowed)
    {
        var all = new LedgerChanges { Holds = Brake.Holds, Spans = Brake.Spans, CorrespondentKey = Protections.Correspondents.Key };
        foreach (var ban in Book.Standing)
        {
            all.Bans.Add(ban);
        }

        foreach (var entry in allowed)
        {
            all.Allowed.Add(entry);
        }

        foreach (var domain in Protections.Correspondents.All)
        {
            all.Correspondents.Add(domain);
        }

        foreach (var day in Protections.Senders.All)
        {
            all.Days.Add(day);
        }

        return all;
    }
}
