namespace Postern.Capture.Stamps;

/// <summary>Puts a stamp together from the words at the start of a line, in whatever order its writer's language has them.</summary>
internal ref struct StampTokens()
{
    private LooseStamp _stamp = new() { TimeOfDay = -1 };
    private bool _hasWeekday, _hasAny;

    /// <summary>What was taken so far.</summary>
    public readonly LooseStamp Stamp => IsComplete ? _stamp : default;

    /// <summary>True once there are a month, a day and a time.</summary>
    public readonly bool IsComplete => _stamp is { Month: > 0, Day: > 0, TimeOfDay: >= 0 };

    /// <summary>Takes the next word; false where it is no part of a stamp.</summary>
    public bool Take(ReadOnlySpan<byte> token)
    {
        var taken = IsComplete ? TakeBehind(token) : TakeWithin(token.TrimEnd((byte)','));
        _hasAny |= taken;
        return taken;
    }

    /// <summary>Reads <c>.123456</c> or <c>,123</c>, and nothing behind it.</summary>
    public static bool TryFraction(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 2 || text[0] is not ((byte)'.' or (byte)','))
        {
            return false;
        }

        var unit = TimeSpan.TicksPerSecond / 10;
        foreach (var digit in text[1..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            ticks += (digit - '0') * unit;
            unit /= 10;
        }

        return true;
    }

    private bool TakeWithin(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty)
        {
            return false;
        }

        if (token[0] is < (byte)'0' or > (byte)'9')
        {
            return TakeWord(token);
        }

        switch (token.IndexOf((byte)':'))
        {
            case 1 or 2:
                return _stamp.TimeOfDay < 0 && TakeTime(token);
            case 11 or 13:
                return _stamp.TimeOfDay < 0 && TakeDateAndTime(token);
            case >= 0:
                return false;
        }

        var digits = token.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : token.Length;
        var rest = token[digits..];
        return digits switch
        {
            4 when rest.IsEmpty || rest.SequenceEqual("年"u8) || rest.SequenceEqual("년"u8) => TakeYear(token),
            1 or 2 when rest.IsEmpty || rest.SequenceEqual("."u8) || rest.SequenceEqual("日"u8) || rest.SequenceEqual("일"u8) => TakeDay(Number(token[..digits])),
            1 or 2 when rest.StartsWith("月"u8) || rest.StartsWith("월"u8) => TakeMonthNumber(Number(token[..digits]), rest[3..]),
            _ => TakeDate(token),
        };
    }

    private bool TakeWord(ReadOnlySpan<byte> token)
    {
        if (_stamp.Month == 0 && MonthNames.Month(token) is > 0 and var month)
        {
            _stamp.Month = month;
            return true;
        }

        // A weekday, in any language; "de" between day and month.
        if (_hasWeekday || _stamp.TimeOfDay >= 0 || token.Length > 24 || (_hasAny && token[0] < 0x80 && token.Length > 3) || !IsWord(token))
        {
            return false;
        }

        _hasWeekday = true;
        return true;
    }

    private static bool IsWord(ReadOnlySpan<byte> token)
    {
        token = token.TrimEnd((byte)'.');
        foreach (var b in token)
        {
            if (b < 0x80 && !char.IsAsciiLetter((char)b))
            {
                return false;
            }
        }

        return token.Length > 1;
    }

    private bool TakeYear(ReadOnlySpan<byte> token)
    {
        var year = Digits.Four(token, 0);
        if (_stamp.Year != 0 || year is < 1990 or > 2100)
        {
            return false;
        }

        _stamp.Year = year;
        return true;
    }

    private bool TakeDay(int day)
    {
        if (_stamp.Day != 0 || day is < 1 or > 31)
        {
            return false;
        }

        _stamp.Day = day;
        return true;
    }

    // "11月", "11月27日".
    private bool TakeMonthNumber(int month, ReadOnlySpan<byte> rest)
    {
        if (_stamp.Month != 0 || month is < 1 or > 12)
        {
            return false;
        }

        _stamp.Month = month;
        if (rest.IsEmpty)
        {
            return true;
        }

        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is 1 or 2 && TakeDay(Number(rest[..digits]));
    }

    // "2026-11-27", "2026/11/27", "27.11.2026", "27-Nov-2026", "27/Nov/2026".
    private bool TakeDate(ReadOnlySpan<byte> token)
    {
        Span<Range> parts = stackalloc Range[4];
        var separator = token.IndexOfAny((byte)'-', (byte)'/', (byte)'.');
        if (separator < 1 || _stamp.Month != 0 || token.Split(token[separator]) is var split && !TryThree(split, parts))
        {
            return false;
        }

        var first = token[parts[0]];
        var middle = token[parts[1]];
        var year = first.Length == 4 ? first : token[parts[2]];
        var day = first.Length == 4 ? token[parts[2]] : first;
        _stamp.Month = IsNumber(middle) ? Number(middle) : MonthNames.Month(middle);
        return year.Length == 4 && IsNumber(year) && day.Length is 1 or 2 && IsNumber(day) && _stamp.Month is > 0 and <= 12
            && (first.Length == 4 || token[separator] != '/' || !IsNumber(middle))
            && TakeYear(year) && TakeDay(Number(day));
    }

    private static bool TryThree(MemoryExtensions.SpanSplitEnumerator<byte> split, Span<Range> parts)
    {
        var count = 0;
        foreach (var part in split)
        {
            if (count == 3)
            {
                return false;
            }

            parts[count++] = part;
        }

        return count == 3;
    }

    // "2026-11-27T10:00:00…", "2026-11-27_10:00:00", "27/Nov/2026:10:00:00".
    private bool TakeDateAndTime(ReadOnlySpan<byte> token)
    {
        var length = token[10] is (byte)'T' or (byte)'t' or (byte)'_' ? 10 : token[11] == ':' ? 11 : 0;
        return length > 0 && TakeDate(token[..length]) && TakeTime(token[(length + 1)..]);
    }

    // "10:00:00", "9:00:00", with a fraction, with an offset.
    private bool TakeTime(ReadOnlySpan<byte> token)
    {
        var colon = token.IndexOf((byte)':');
        Span<byte> padded = stackalloc byte[8];
        var length = colon + 6;
        if (colon is < 1 or > 2 || token.Length < length)
        {
            return false;
        }

        padded[0] = (byte)'0';
        token[..length].CopyTo(padded[(2 - colon)..]);
        var ticks = Calendar.TimeOfDay(padded, 0);
        var rest = token[length..];
        var fraction = 0L;
        if (rest is [(byte)'.' or (byte)',', ..])
        {
            var end = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var found and >= 0 ? found + 1 : rest.Length;
            if (!TryFraction(rest[..end], out fraction))
            {
                return false;
            }

            rest = rest[end..];
        }

        if (ticks < 0 || !(rest.IsEmpty || TakeOffset(rest)))
        {
            return false;
        }

        _stamp.TimeOfDay = ticks + fraction;
        return true;
    }

    // What may follow the time: AM or PM, the year, an offset, a zone's name.
    private bool TakeBehind(ReadOnlySpan<byte> token)
    {
        if (token is [(byte)'A' or (byte)'P', (byte)'M'])
        {
            const long HalfDay = TimeSpan.TicksPerHour * 12;
            var isMorning = token[0] == 'A';
            _stamp.TimeOfDay += isMorning && _stamp.TimeOfDay >= HalfDay ? -HalfDay : !isMorning && _stamp.TimeOfDay < HalfDay ? HalfDay : 0;
            return true;
        }

        if (token.Length == 4 && IsNumber(token))
        {
            return TakeYear(token);
        }

        if (_stamp.Offset is not null)
        {
            return false;
        }

        // Any other name than UTC is the machine's own zone, and a word before a host only where the writer tells weekdays.
        return TakeOffset(token)
            || (_hasWeekday && token.Length is 3 or 4 && token.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0);
    }

    private bool TakeOffset(ReadOnlySpan<byte> token)
    {
        if (token.SequenceEqual("Z"u8) || token.SequenceEqual("z"u8) || token.SequenceEqual("UTC"u8) || token.SequenceEqual("GMT"u8))
        {
            _stamp.Offset = 0;
            return true;
        }

        var colon = token.Length == 6 && token[3] == ':' ? 1 : 0;
        if (token.Length is not (3 or 5 or 6) || token[0] is not ((byte)'+' or (byte)'-') || token.Length - colon == 6)
        {
            return false;
        }

        var hours = Digits.Two(token, 1);
        var minutes = token.Length == 3 ? 0 : Digits.Two(token, 3 + colon);
        if ((uint)hours > 14 || (uint)minutes > 59 || (hours == 14 && minutes > 0))
        {
            return false;
        }

        _stamp.Offset = (short)(((hours * 60) + minutes) * (token[0] == '-' ? -1 : 1));
        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static int Number(ReadOnlySpan<byte> text) => Digits.Leading(text, out _);
}
