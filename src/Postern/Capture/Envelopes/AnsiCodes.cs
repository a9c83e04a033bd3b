namespace Postern.Capture.Envelopes;

/// <summary>Takes the colours out of a line that was meant for a terminal.</summary>
internal static class AnsiCodes
{
    private const byte Escape = 0x1B;

    /// <summary>True where there may be any.</summary>
    public static bool Has(ReadOnlySpan<byte> line) => line.IndexOf(Escape) >= 0;

    /// <summary>The line without sequences such as <c>ESC[36m</c>; the line itself where it has none.</summary>
    public static ReadOnlyMemory<byte> Remove(ReadOnlyMemory<byte> line)
    {
        var span = line.Span;
        if (span.IndexOf(Escape) < 0)
        {
            return line;
        }

        var bytes = new byte[span.Length];
        var length = 0;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == Escape && i + 1 < span.Length && span[i + 1] == '[')
            {
                // Parameters, then one final byte (ECMA-48 5.4).
                for (i += 2; i < span.Length && span[i] is >= 0x20 and < 0x40; i++)
                {
                }
            }
            else
            {
                bytes[length++] = span[i];
            }
        }

        return bytes.AsMemory(0, length);
    }
}
