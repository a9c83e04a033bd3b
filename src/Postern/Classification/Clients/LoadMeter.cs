using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>
/// Measures how heavy the suspicious traffic is. Postfix on a small machine takes some hundred connections a second; 50 a second for
/// a minute is where it could begin to hurt, or fewer where Postfix itself had to set limits again and again.
/// </summary>
internal static class LoadMeter
{
    private const int FloodPerMinute = 3000;
    private const int LimitedFloodPerMinute = 600;
    private const int ManyLimits = 100;

    /// <summary>The load of all sessions that showed anything but delivery.</summary>
    public static Load Of(ClientLedger ledger)
    {
        var minutes = new Dictionary<long, int>();
        var limits = 0;
        short offset = 0;
        foreach (var history in ledger.Clients.Values)
        {
            limits += history.Details?.LimitsExceeded ?? 0;
            foreach (var mark in history.Marks)
            {
                if (mark.Time.IsKnown)
                {
                    var minute = mark.Time.UtcTicks / TimeSpan.TicksPerMinute;
                    minutes[minute] = minutes.GetValueOrDefault(minute) + 1;
                    offset = mark.Time.OffsetMinutes;
                }
            }
        }

        var peak = minutes.Count == 0 ? default : minutes.MaxBy(pair => (pair.Value, -pair.Key));
        return new Load(
            peak.Value, peak.Value == 0 ? default : new LogTime(peak.Key * TimeSpan.TicksPerMinute, offset), limits,
            peak.Value >= FloodPerMinute || (limits >= ManyLimits && peak.Value >= LimitedFloodPerMinute));
    }
}
