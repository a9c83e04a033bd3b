using System.Buffers.Binary;
using Postern.Facts;

namespace Postern.Capture.Stamps;

/// <summary>
/// Reads the stamp at the start of a log line: traditional syslog (<c>Nov 25 01:02:03</c>), RFC 3339 and its near kin
/// (journalctl's <c>+0000</c>), and journalctl's <c>Wed 2026-11-25 01:02:03 UTC</c>. Not safe for several threads: it
/// keeps the last stamp, because most lines repeat it.
/// </summary>
internal sealed class StampReader(TimeZoneInfo zone)
{
    private const int TraditionalLength = 15;
    private const int IsoLength = 19;

    private readonly LocalClock _clock = new(zone);
    private ulong _lastHead, _lastTail;
    private LogTime _lastTime;
    private ulong _isoHead, _isoMiddle;
    private uint _isoTail;
    private long _isoTicks;
    private int _year;
    private int _month;

    /// <summary>The year of the next traditional stamp, given the month of the line before it.</summary>
    public void StartAt(int year, int month)
    {
        _year = year;
        _month = month;
        _lastHead = 0;
    }

    /// <summary>Forgets the order of the lines before: those of another log follow.</summary>
    public void Restart() => _clock.Restart();

    /// <summary>Tells when the lines were read, UTC ticks, and whether they were written just before; 0 where nobody knows.</summary>
    public void ReadAt(long utcTicks, bool isLive) => (_clock.ReadAt, _clock.IsLive) = (utcTicks, isLive);

    /// <summary>Reads the stamp.</summary>
    /// <param name="line">The line, its start at a stamp.</param>
    /// <param name="time">The instant.</param>
    /// <returns>The index behind the stamp and the blank that follows, or 0 where there is no stamp.</returns>
    public int Read(ReadOnlySpan<byte> line, out LogTime time)
    {
        if (line.Length > TraditionalLength && line[TraditionalLength] is (byte)' ' or (byte)'.')
        {
            var head = BinaryPrimitives.ReadUInt64LittleEndian(line);
            var tail = BinaryPrimitives.ReadUInt64LittleEndian(line[7..]);
            if (head == _lastHead && tail == _lastTail)
            {
                time = _lastTime;
                return line[TraditionalLength] == ' ' ? TraditionalLength + 1 : BehindFraction(line, ref time);
            }

            if (ReadTraditional(line, out time))
            {
                _lastHead = head;
                _lastTail = tail;
                _lastTime = time;
                return line[TraditionalLength] == ' ' ? TraditionalLength + 1 : BehindFraction(line, ref time);
            }
        }

        time = default;
        if (line.Length <= IsoLength)
        {
            return 0;
        }

        if ((uint)(line[0] - '0') <= 9)
        {
            return ReadIso(line, out time);
        }

        return line[3] == ' ' && char.IsAsciiLetter((char)line[0]) ? ReadWeekday(line, out time) : 0;
    }

    /// <summary>1 to 12 where the line starts with a traditional stamp, else 0; for following the year across blocks.</summary>
    public static int TraditionalMonth(ReadOnlySpan<byte> line) =>
        line.Length > TraditionalLength && line[3] == ' ' && line[6] == ' ' && line[9] == ':' && Digits.PaddedTwo(line, 4) > 0
            ? Calendar.Month(line) : 0;

    /// <summary>
    /// 1 where a log steps over New Year from one month to the next, -1 where a late line of last year comes after it, else 0.
    /// A log that is silent for more than half a year cannot be told from one that steps back.
    /// </summary>
    public static int YearStep(int from, int to) => to - from < -6 ? 1 : to - from > 6 ? -1 : 0;

    /// <summary>The index behind <c>&lt;22&gt;</c>, which may stand before a stamp, or <c>&lt;22&gt;1 </c> before one of RFC 5424.</summary>
    public static int SkipPriority(ReadOnlySpan<byte> line, int at, out bool isRfc5424)
    {
        isRfc5424 = false;
        var end = at < line.Length - 7 && line[at] == '<' ? line.Slice(at, 5).IndexOf((byte)'>') : -1;
        if (end < 2)
        {
            return at;
        }

        at += end + 1;
        isRfc5424 = line[at] == '1' && line[at + 1] == ' ';
        return isRfc5424 ? at + 2 : at;
    }

    /// <summary>The line without a leading <c>&lt;22&gt;</c>.</summary>
    public static ReadOnlySpan<byte> BehindPriority(ReadOnlySpan<byte> line) => line[SkipPriority(line, 0, out _)..];

    /// <summary>The instant of a stamp that was read elsewhere; unknown where there is no such day.</summary>
    public LogTime Resolve(in LooseStamp stamp)
    {
        if (stamp.UtcTicks != 0 || !stamp.IsKnown)
        {
            return stamp.UtcTicks == 0 ? default : _clock.AtUtc(stamp.UtcTicks);
        }

        var local = stamp.LocalTicks(stamp.Year != 0 ? stamp.Year : YearAt(stamp.Month));
        return local <= 0 ? default
            : stamp.Offset is not { } minutes ? _clock.At(local)
            : local - (minutes * TimeSpan.TicksPerMinute) is var utc && utc > 0 ? new LogTime(utc, minutes) : default;
    }

    private bool ReadTraditional(ReadOnlySpan<byte> line, out LogTime time)
    {
        time = default;
        var month = line[3] == ' ' && line[6] == ' ' ? Calendar.Month(line) : 0;
        var timeOfDay = month == 0 ? -1 : Calendar.TimeOfDay(line, 7);
        if (timeOfDay < 0)
        {
            return false;
        }

        var date = Calendar.Date(YearAt(month), month, Digits.PaddedTwo(line, 4));
        if (date < 0)
        {
            return false;
        }

        time = _clock.At(date + timeOfDay);
        return true;
    }

    private int YearAt(int month)
    {
        if (month != _month)
        {
            _year += _month == 0 ? 0 : YearStep(_month, month);
            _month = month;
        }

        return _year;
    }

    private int ReadIso(ReadOnlySpan<byte> line, out LogTime time)
    {
        time = default;
        var head = BinaryPrimitives.ReadUInt64LittleEndian(line);
        var middle = BinaryPrimitives.ReadUInt64LittleEndian(line[8..]);
        var tail = BinaryPrimitives.ReadUInt32LittleEndian(line[15..]);
        if (head != _isoHead || middle != _isoMiddle || tail != _isoTail)
        {
            var date = line[4] == '-' && line[7] == '-' && line[10] is (byte)'T' or (byte)'t' or (byte)' '
                ? Calendar.Date(Digits.Four(line, 0), Digits.Two(line, 5), Digits.Two(line, 8)) : -1;
            var timeOfDay = date < 0 ? -1 : Calendar.TimeOfDay(line, 11);
            if (timeOfDay < 0)
            {
                return 0;
            }

            (_isoHead, _isoMiddle, _isoTail, _isoTicks) = (head, middle, tail, date + timeOfDay);
        }

        var at = IsoLength;
        var ticks = _isoTicks + Fraction(line, ref at);
        if (!ReadOffset(line, ref at, out var minutes))
        {
            time = _clock.At(ticks);
        }
        else
        {
            var utc = ticks - (minutes * TimeSpan.TicksPerMinute);
            if (utc <= 0)
            {
                return 0;
            }

            time = new LogTime(utc, (short)minutes);
        }

        return at < line.Length && line[at] == ' ' ? at + 1 : 0;
    }

    // journalctl -o short-full: the zone is a name; UTC is taken at its word, any other is the machine's own.
    private int ReadWeekday(ReadOnlySpan<byte> line, out LogTime time)
    {
        var rest = line[4..];
        time = default;
        if (rest.Length <= IsoLength || (uint)(rest[0] - '0') > 9)
        {
            return 0;
        }

        var behind = ReadIso(rest, out time);
        if (behind == 0)
        {
            return 0;
        }

        var name = rest[behind..];
        var end = name.IndexOf((byte)' ');
        if (end is < 1 or > 6)
        {
            return 0;
        }

        if (name[..end].SequenceEqual("UTC"u8))
        {
            time = new LogTime(time.LocalTicks, 0);
        }

        return 4 + behind + end + 1;
    }

    private static int BehindFraction(ReadOnlySpan<byte> line, ref LogTime time)
    {
        var at = TraditionalLength;
        time = time with { UtcTicks = time.UtcTicks + Fraction(line, ref at) };
        return at < line.Length && line[at] == ' ' ? at + 1 : 0;
    }

    private static long Fraction(ReadOnlySpan<byte> line, ref int at)
    {
        if (at >= line.Length || line[at] is not ((byte)'.' or (byte)','))
        {
            return 0;
        }

        at++;
        long ticks = 0, unit = TimeSpan.TicksPerSecond / 10;
        while (at < line.Length && (uint)(line[at] - '0') <= 9)
        {
            ticks += (line[at] - '0') * unit;
            unit /= 10;
            at++;
        }

        return ticks;
    }

    private static bool ReadOffset(ReadOnlySpan<byte> line, ref int at, out int minutes)
    {
        minutes = 0;
        if (at >= line.Length)
        {
            return false;
        }

        var sign = line[at];
        if (sign is (byte)'Z' or (byte)'z')
        {
            at++;
            return true;
        }

        if (sign is not ((byte)'+' or (byte)'-') || line.Length < at + 5)
        {
            return false;
        }

        var colon = line[at + 3] == ':' ? 1 : 0;
        if (line.Length < at + 5 + colon)
        {
            return false;
        }

        var hours = Digits.Two(line, at + 1);
        var rest = Digits.Two(line, at + 3 + colon);
        if ((uint)hours > 14 || (uint)rest > 59 || (hours == 14 && rest > 0))
        {
            return false;
        }

        minutes = ((hours * 60) + rest) * (sign == '-' ? -1 : 1);
        at += 5 + colon;
        return true;
    }
}
