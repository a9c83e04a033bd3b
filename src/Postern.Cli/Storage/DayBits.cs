using Postern.Facts;

namespace Postern.Cli.Storage;

/// <summary>What a client did on a day, as bits that are joined by OR.</summary>
internal static class DayBits
{
    private const long Delivered = 1;
    private const long Hostile = 2;
    private const long LoggedIn = 4;

    /// <summary>The bits of a day.</summary>
    public static long Of(SenderDay day) => (day.Delivered ? Delivered : 0) | (day.Hostile ? Hostile : 0) | (day.LoggedIn ? LoggedIn : 0);

    /// <summary>The day of those bits.</summary>
    public static SenderDay ToDay(ClientAddress client, int day, long bits) =>
        new(client, DateOnly.FromDayNumber(day), (bits & Delivered) != 0, (bits & Hostile) != 0, (bits & LoggedIn) != 0);
}
