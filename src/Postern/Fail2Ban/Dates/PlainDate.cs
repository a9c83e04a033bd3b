namespace Postern.Fail2Ban.Dates;

/// <summary>Forms of dates at the start of a line that can be read without an expression, as nearly all daemons write them.</summary>
internal enum PlainForm : byte
{
    /// <summary>Only its expression reads it.</summary>
    None,
    /// <summary>As syslog writes it: <c>Nov 25 01:02:03</c>.</summary>
    Syslog,
    /// <summary>RFC 3339 and its kin: <c>2026-11-25T01:02:03.456+01:00</c>, <c>2026-11-25 01:02:03</c>.</summary>
    Iso,
}

/// <summary>
/// A date read without its expression. Only what the expression takes in one way is read here, and read alike; all else is
/// left to the expression.
/// </summary>
/// <param name="End">Where it ends; a blank stands there.</param>
/// <param name="Year">The year; null where it names none.</param>
/// <param name="Month">From 1.</param>
/// <param name="Day">From 1; perhaps more than the month has.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Second">0 to 59.</param>
/// <param name="Offset">Minutes east of UTC; null where it names no zone.</param>
internal readonly record struct PlainDate(int End, int? Year, int Month, int Day, int Hour, int Minute, int Second, int? Offset)
{
    private const string LineBegin = "{^LN-BEG}";
    private const int SyslogLength = 15, IsoLength = 19;
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>The form of a pattern with its tokens.</summary>
    public static PlainForm FormOf(string? pattern) => pattern switch
    {
        LineBegin + @"(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?" or LineBegin + @"(?:%a )?%b %d %H:%M:%S(?:\.%f)?(?: %ExY)?" => PlainForm.Syslog,
        LineBegin + @"%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\s*%z)?"
            or LineBegin + @"%ExY(?P<_sep>[-/.])%m(?P=_sep)%d[T ]%H:%M:%S(?:[.,]%f)?(?:\s*%z)?" => PlainForm.Iso,
        _ => PlainForm.None,
    };

    /// <summary>Reads the start of a line.</summary>
    public static bool TryRead(PlainForm form, ReadOnlySpan<char> line, out PlainDate date)
    {
        switch (form)
        {
            case PlainForm.Syslog:
                return TryReadSyslog(line, out date);
            case PlainForm.Iso:
                return TryReadIso(line, out date);
            default:
                date = default;
                return false;
        }
    }

    private static bool TryReadSyslog(ReadOnlySpan<char> line, out PlainDate date)
    {
        date = default;
        // A year may follow the blank.
        if (line.Length <= SyslogLength || line[3] != ' ' || line[6] != ' ' || line[SyslogLength] != ' ' || (line.Length > SyslogLength + 1 && line[SyslogLength + 1] == '2'))
        {
            return false;
        }

        var month = Months.AsSpan().IndexOf(line[..3]);
        var day = Two(line[4] == ' ' ? '0' : line[4], line[5]);
        if (month < 0 || month % 3 != 0 || day is < 1 or > 31 || !TryReadClock(line[7..], out var hour, out var minute, out var second))
        {
            return false;
        }

        date = new PlainDate(SyslogLength, null, (month / 3) + 1, day, hour, minute, second, null);
        return true;
    }

    private static bool TryReadIso(ReadOnlySpan<char> line, out PlainDate date)
    {
        date = default;
        if (line.Length <= IsoLength || line[0] != '2' || line[1] != '0' || line[2] is not (>= '0' and <= '2') || line[4] is not ('-' or '/' or '.')
            || line[7] != line[4] || line[10] is not ('T' or ' '))
        {
            return false;
        }

        var (year, month, day) = (Two(line[2], line[3]), Two(line[5], line[6]), Two(line[8], line[9]));
        if (year < 0 || month is < 1 or > 12 || day is < 1 or > 31 || !TryReadClock(line[11..], out var hour, out var minute, out var second))
        {
            return false;
        }

        var end = IsoLength;
        if (line[end] is '.' or ',')
        {
            var digits = line[(end + 1)..].IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 6)
            {
                return false;
            }

            end += digits + 1;
        }

        if (!TryReadZone(line, ref end, out var offset))
        {
            return false;
        }

        date = new PlainDate(end, 2000 + year, month, day, hour, minute, second, offset);
        return true;
    }

    // A zone that follows at once; after a blank there may be one, too, which is left to the expression.
    private static bool TryReadZone(ReadOnlySpan<char> line, ref int end, out int? offset)
    {
        offset = null;
        var rest = line[end..];
        if (rest.Length > 1 && rest[0] == 'Z' && rest[1] == ' ')
        {
            (offset, end) = (0, end + 1);
            return true;
        }

        if (rest.Length > 6 && rest[0] is '+' or '-' && rest[1] is '0' or '1' && rest[3] == ':' && rest[6] == ' ')
        {
            var (hours, minutes) = (Two(rest[1], rest[2]), Two(rest[4], rest[5]));
            if (hours < 0 || minutes < 0)
            {
                return false;
            }

            var east = (hours * 60) + minutes;
            (offset, end) = (rest[0] == '-' ? -east : east, end + 6);
            return true;
        }

        return rest.Length > 1 && rest[0] == ' ' && char.IsAscii(rest[1]) && rest[1] is not (<= ' ' or 'Z' or 'U' or 'G' or '+' or '-');
    }

    private static bool TryReadClock(ReadOnlySpan<char> text, out int hour, out int minute, out int second)
    {
        (hour, minute, second) = (Two(text[0], text[1]), Two(text[3], text[4]), Two(text[6], text[7]));
        return text[2] == ':' && text[5] == ':' && hour is >= 0 and <= 23 && minute is >= 0 and <= 59 && second is >= 0 and <= 59;
    }

    private static int Two(char tens, char ones) =>
        char.IsAsciiDigit(tens) && char.IsAsciiDigit(ones) ? ((tens - '0') * 10) + ones - '0' : -1;
}
