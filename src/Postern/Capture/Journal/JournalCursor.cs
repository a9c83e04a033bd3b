using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Capture.Journal;

/// <summary>Where an entry stands in a journal: <c>s=…;i=…;b=…;m=…;t=…;x=…</c> (sd_journal_get_cursor(3)).</summary>
/// <param name="Text">The cursor as journalctl takes it.</param>
/// <param name="SequenceId">A hash of <c>s</c>, the id of the sequence that the number counts in.</param>
/// <param name="Number">The number <c>i</c> within it.</param>
internal readonly record struct JournalCursor(string Text, ulong SequenceId, long Number)
{
    private static readonly byte[] s_field = "\"__CURSOR\""u8.ToArray();

    /// <summary>Finds the cursor of an entry in JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> entry, out JournalCursor cursor)
    {
        cursor = default;
        var at = entry.IndexOf(s_field);
        if (at < 0)
        {
            return false;
        }

        var rest = entry[(at + s_field.Length)..];
        var open = rest.IndexOf((byte)'"');
        var length = open < 0 ? -1 : rest[(open + 1)..].IndexOf((byte)'"');
        if (length <= 0)
        {
            return false;
        }

        return TryParse(Encoding.ASCII.GetString(rest.Slice(open + 1, length)), out cursor);
    }

    /// <summary>Reads a cursor as journalctl tells it.</summary>
    public static bool TryParse(string text, out JournalCursor cursor)
    {
        cursor = default;
        var sequence = Part(text, "s=");
        if (sequence is null || !long.TryParse(Part(text, "i="), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        cursor = new JournalCursor(text, StableHash.Of(Encoding.ASCII.GetBytes(sequence)), number);
        return true;
    }

    /// <summary>When the entry was written, UTC; null where the cursor does not tell.</summary>
    public DateTimeOffset? Written =>
        long.TryParse(Part(Text, "t="), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var micros) && micros is > 0 and < 250_000_000_000_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;

    private static string? Part(string text, string name) =>
        Array.Find(text.Split(';'), part => part.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
