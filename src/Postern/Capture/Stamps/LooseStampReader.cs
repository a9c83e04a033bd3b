namespace Postern.Capture.Stamps;

/// <summary>
/// Reads the stamps that <see cref="StampReader"/> does not: other orders and languages, a weekday or a year, a blank before the
/// offset, seconds since 1970, TAI64N. Slow next to that one, and asked only where it found none.
/// </summary>
internal static class LooseStampReader
{
    private const int MostTokens = 8;
    private const int LongestToken = 40;

    // 2001 to 2096.
    private const long FirstSecond = 978_307_200, LastSecond = 3_976_214_400;
    private static readonly long s_epoch = DateTime.UnixEpoch.Ticks;

    /// <summary>Reads a stamp at an offset.</summary>
    /// <returns>The index of what follows it and its blanks; 0 where there is none.</returns>
    public static int Read(ReadOnlySpan<byte> line, int at, out LooseStamp stamp)
    {
        stamp = default;
        if (at >= line.Length)
        {
            return 0;
        }

        if (ReadSeconds(line, at, out stamp) is var behind && behind > 0)
        {
            return behind;
        }

        var tokens = new StampTokens();
        var isBracketed = line[at] == '[';
        at += isBracketed ? 1 : 0;
        for (var count = 0; count < MostTokens && at < line.Length; count++)
        {
            var length = TokenLength(line[at..]);
            var token = line.Slice(at, length);
            var closes = isBracketed && token.Length > 1 && token[^1] == ']';
            if (length is 0 or > LongestToken || !tokens.Take(closes ? token[..^1] : token))
            {
                break;
            }

            at = SkipBlanks(line, at + length);
            if (closes)
            {
                break;
            }
        }

        stamp = tokens.Stamp;
        return tokens.IsComplete ? at : 0;
    }

    /// <summary>The index of the first byte from an offset on that is no blank.</summary>
    public static int SkipBlanks(ReadOnlySpan<byte> line, int at)
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>How many bytes stand before the next blank.</summary>
    public static int TokenLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)' ', (byte)'\t');
        return end < 0 ? text.Length : end;
    }

    // "1795571500.123456", milliseconds too, and multilog's and s6's "@4000000065e5f3a20c3a1f94".
    private static int ReadSeconds(ReadOnlySpan<byte> line, int at, out LooseStamp stamp)
    {
        stamp = default;
        var token = line.Slice(at, TokenLength(line[at..]));
        long ticks;
        if (token.Length == 25 && token[0] == '@')
        {
            if (!TryHex(token[1..17], out var seconds) || !TryHex(token[17..], out var nanoseconds))
            {
                return 0;
            }

            // TAI is ahead of UTC by ten seconds and the leap seconds since 1972, which these programs leave out.
            ticks = Ticks((long)(seconds - (1UL << 62)) - 10, (long)nanoseconds / 100);
        }
        else
        {
            token = token is [(byte)'[', .., (byte)']'] ? token[1..^1] : token;
            var digits = token.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : token.Length;
            if (digits is not (10 or 13) || !long.TryParse(token[..digits], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                return 0;
            }

            long fraction = digits == 13 ? number % 1000 * TimeSpan.TicksPerMillisecond : 0;
            if (digits < token.Length && !StampTokens.TryFraction(token[digits..], out fraction))
            {
                return 0;
            }

            ticks = Ticks(digits == 13 ? number / 1000 : number, fraction);
        }

        stamp.UtcTicks = ticks;
        return ticks == 0 ? 0 : SkipBlanks(line, at + TokenLength(line[at..]));
    }

    private static long Ticks(long seconds, long fraction) =>
        seconds is < FirstSecond or > LastSecond ? 0 : s_epoch + (seconds * TimeSpan.TicksPerSecond) + fraction;

    private static bool TryHex(ReadOnlySpan<byte> text, out ulong value) =>
        ulong.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out value);
}
