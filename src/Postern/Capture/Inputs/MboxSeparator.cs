using System.Buffers;

namespace Postern.Capture.Inputs;

/// <summary>The line that begins a message in an mbox (RFC 4155, and what other programs write).</summary>
internal static class MboxSeparator
{
    /// <summary>Addresses and dates are short; a line beyond this is somebody's text.</summary>
    private const int MaxLength = 1024;

    private static readonly SearchValues<byte> s_lineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>
    /// True for <c>From SENDER DATE</c>, where the date holds a time of day and a year: prose that begins with 'From' has
    /// hardly ever both, and delivery agents quote it.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("From "u8))
        {
            return false;
        }

        text = text[5..Math.Min(text.Length, MaxLength)];
        var end = text.IndexOfAny(s_lineEnds);
        if (end >= 0)
        {
            text = text[..end];
        }

        bool time = false, year = false;
        foreach (var range in text.Split((byte)' '))
        {
            var word = text[range];
            time |= word.Length >= 5 && IsDigits(word[..2]) && word[2] == ':' && IsDigits(word.Slice(3, 2));
            year |= word.Length == 4 && IsDigits(word) && word[0] is (byte)'1' or (byte)'2';
        }

        return time && year;
    }

    private static bool IsDigits(ReadOnlySpan<byte> word) => word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
