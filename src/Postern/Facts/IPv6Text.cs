namespace Postern.Facts;

/// <summary>
/// Reads the usual text of an IPv6 address (RFC 5952): groups of hexadecimal digits, at most one <c>::</c>. Most addresses of a log are
/// written so; the framework's reader, which knows all other forms, makes an object of each and takes ten times as long.
/// </summary>
internal static class IPv6Text
{
    private const int Groups = 8;

    /// <summary>The address; false where the text is of another form or none, which the framework's reader then tells.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        high = low = 0;
        Span<ulong> groups = stackalloc ulong[Groups];
        var count = 0;
        var gap = -1;
        var at = 0;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            at = 2;
        }

        while (at < text.Length)
        {
            var length = ReadGroup(text[at..], out var group);
            if (length == 0 || count == Groups)
            {
                return false;
            }

            groups[count++] = group;
            at += length;
            if (at == text.Length)
            {
                break;
            }

            // A colon and one more group, or the gap.
            if (text[at] != ':' || ++at == text.Length)
            {
                return false;
            }

            if (text[at] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                at++;
            }
        }

        if (gap < 0 ? count != Groups : count >= Groups)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            // What stands behind the gap counts from the end.
            var place = gap < 0 || i < gap ? i : Groups - count + i;
            var shift = 16 * (3 - (place & 3));
            high |= place < 4 ? groups[i] << shift : 0;
            low |= place < 4 ? 0 : groups[i] << shift;
        }

        return true;
    }

    private static int ReadGroup(ReadOnlySpan<byte> text, out ulong group)
    {
        group = 0;
        var length = 0;
        for (; length < text.Length && length < 5; length++)
        {
            var digit = (uint)text[length] - '0';
            var letter = (uint)(text[length] | 0x20) - 'a';
            if (digit > 9 && letter > 5)
            {
                break;
            }

            group = (group << 4) | (digit <= 9 ? digit : letter + 10);
        }

        return length > 4 ? 0 : length;
    }
}
