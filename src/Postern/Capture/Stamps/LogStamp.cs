namespace Postern.Capture.Stamps;

/// <summary>Tells a line of a log by the stamp at its beginning; reads no time out of it.</summary>
internal static class LogStamp
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private const string Days = "MonTueWedThuFriSatSun";

    /// <summary>
    /// True for syslog's traditional stamp (RFC 3164, day padded or not), RFC 3339 and RFC 5424 stamps, a leading
    /// <c>&lt;priority&gt;</c>, and what journalctl prints as short, short-iso, short-precise and short-full.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> line)
    {
        if (line.Length > 3 && line[0] == '<' && line[..Math.Min(6, line.Length)].IndexOf((byte)'>') is > 1 and var close)
        {
            line = line[(close + 1)..];
            if (line.StartsWith("1 "u8))
            {
                line = line[2..];
            }
        }

        return IsTraditional(line) || IsIso(line, 'T') || IsFull(line);
    }

    /// <summary>True where an ISO stamp stands at the very start.</summary>
    public static bool IsPlainIso(ReadOnlySpan<byte> line) => IsIso(line, 'T');

    private static bool IsTraditional(ReadOnlySpan<byte> line)
    {
        if (line.Length < 14 || !IsName(line, Months) || line[3] != ' ')
        {
            return false;
        }

        var day = line[4..].TrimStart((byte)' ');
        var digits = day[..Math.Min(2, day.Length)].IndexOf((byte)' ') is 1 ? 1 : 2;
        return day.Length > digits + 9 && Matches(day, digits == 1 ? "d dd:dd:dd" : "dd dd:dd:dd");
    }

    private static bool IsIso(ReadOnlySpan<byte> line, char separator) =>
        Matches(line, "dddd-dd-dd") && line.Length > 19 && line[10] == separator && Matches(line[11..], "dd:dd:dd");

    /// <summary><c>Wed 2026-11-25 01:02:03 UTC host …</c></summary>
    private static bool IsFull(ReadOnlySpan<byte> line) =>
        line.Length > 24 && IsName(line, Days) && line[3] == ' ' && IsIso(line[4..], ' ');

    private static bool IsName(ReadOnlySpan<byte> line, string names)
    {
        for (var i = 0; i < names.Length; i += 3)
        {
            if (line[0] == names[i] && line[1] == names[i + 1] && line[2] == names[i + 2])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the line begins like the pattern, in which <c>d</c> stands for a digit.</summary>
    private static bool Matches(ReadOnlySpan<byte> line, string pattern)
    {
        if (line.Length < pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == 'd' ? !char.IsAsciiDigit((char)line[i]) : line[i] != pattern[i])
            {
                return false;
            }
        }

        return true;
    }
}
