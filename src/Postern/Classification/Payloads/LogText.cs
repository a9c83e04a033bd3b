namespace Postern.Classification.Payloads;

/// <summary>
/// Turns the text of a client as a log shows it back into bytes: Postfix 3.7 escapes like C (<c>\026</c>, <c>\r</c>),
/// rsyslog escapes control characters of older Postfix as <c>#026</c>; both are octal.
/// </summary>
internal static class LogText
{
    /// <summary>Undoes the escapes; what is none stays as it is.</summary>
    /// <param name="text">The text of the log.</param>
    /// <param name="into">At least as long as the text.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var length = 0;
        for (var i = 0; i < text.Length && length < into.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                if (TryOctal(text[(i + 1)..], out var value))
                {
                    into[length++] = value;
                    i += 3;
                    continue;
                }

                if (Letter(text[i + 1]) is var letter and not 0)
                {
                    into[length++] = letter;
                    i++;
                    continue;
                }
            }
            else if (c == '#' && TryOctal(text[(i + 1)..], out var value) && value is < 32 or 127)
            {
                into[length++] = value;
                i += 3;
                continue;
            }

            into[length++] = c;
        }

        return length;
    }

    private static byte Letter(byte c) => c switch
    {
        (byte)'r' => (byte)'\r',
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'a' => 7,
        (byte)'b' => 8,
        (byte)'f' => 12,
        (byte)'v' => 11,
        (byte)'\\' => (byte)'\\',
        _ => 0,
    };

    private static bool TryOctal(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        if (text.Length < 3 || text[0] is < (byte)'0' or > (byte)'3'
            || text[1] is < (byte)'0' or > (byte)'7' || text[2] is < (byte)'0' or > (byte)'7')
        {
            return false;
        }

        value = (byte)(((text[0] - '0') << 6) | ((text[1] - '0') << 3) | (text[2] - '0'));
        return true;
    }
}
