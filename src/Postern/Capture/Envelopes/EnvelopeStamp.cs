using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>Finds the stamp of a line wherever it stands, for telling what an input is and of which year.</summary>
internal static class EnvelopeStamp
{
    // Nothing of what matters here stands further behind.
    private const int Longest = 16 * 1024;

    /// <summary>Month and day, as 100 times the one and the other, of the stamp that counts, where that has no year; else 0.</summary>
    public static int MonthAndDay(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
        return line.Length < 15 || LogStamp.IsPlainIso(line) ? 0 : Find(line, out _).MonthAndDay;
    }

    /// <summary>The stamp that counts; unknown where there is none.</summary>
    /// <param name="line">One line.</param>
    /// <param name="result">What the line is.</param>
    public static LooseStamp Find(ReadOnlySpan<byte> line, out EnvelopeResult result)
    {
        var found = new EnvelopedLine();
        result = line.Length > Longest ? EnvelopeResult.None : new EnvelopeReader().Read(line.ToArray(), ref found);
        return found.Stamp;
    }
}
