namespace Postern.Capture.Stamps;

/// <summary>Fixed-width decimal numbers in bytes; -1 where a byte is no digit.</summary>
internal static class Digits
{
    /// <summary>Two digits.</summary>
    public static int Two(ReadOnlySpan<byte> text, int at)
    {
        var high = text[at] - '0';
        var low = text[at + 1] - '0';
        return (uint)high > 9 || (uint)low > 9 ? -1 : (high * 10) + low;
    }

    /// <summary>Two digits, the first of which may be a blank (the day of a syslog stamp).</summary>
    public static int PaddedTwo(ReadOnlySpan<byte> text, int at) =>
        text[at] != ' ' ? Two(text, at) : (uint)(text[at + 1] - '0') > 9 ? -1 : text[at + 1] - '0';

    /// <summary>Four digits.</summary>
    public static int Four(ReadOnlySpan<byte> text, int at)
    {
        var high = Two(text, at);
        var low = Two(text, at + 2);
        return high < 0 || low < 0 ? -1 : (high * 100) + low;
    }

    /// <summary>All digits from the start, and how many these are; a value beyond nine digits stops at 999,999,999.</summary>
    public static int Leading(ReadOnlySpan<byte> text, out int length)
    {
        const int Most = 999_999_999;
        long value = 0;
        length = 0;
        while (length < text.Length && (uint)(text[length] - '0') <= 9)
        {
            value = Math.Min(Most, (value * 10) + (text[length] - '0'));
            length++;
        }

        return (int)value;
    }
}
