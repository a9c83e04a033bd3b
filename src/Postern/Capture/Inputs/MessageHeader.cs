namespace Postern.Capture.Inputs;

/// <summary>Tells a message by the header that it begins with.</summary>
internal static class MessageHeader
{
    /// <summary>
    /// True where the text begins with header fields (RFC 5322 2.2) and one of them was added in transport. Fields alone do
    /// not make a message: what people copy out of a mail program begins with From, To and Subject too.
    /// </summary>
    public static bool Begins(ReadOnlySpan<byte> text)
    {
        var transported = false;
        var fields = 0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.IsEmpty)
            {
                break;
            }

            if (line[0] is (byte)' ' or (byte)'\t' && fields > 0)
            {
                continue;
            }

            if (!IsField(line))
            {
                return false;
            }

            fields++;
            transported |= IsNamed(line, "Received:"u8) || IsNamed(line, "Return-Path:"u8)
                || IsNamed(line, "Message-ID:"u8) || IsNamed(line, "Delivered-To:"u8) || IsNamed(line, "MIME-Version:"u8);
        }

        return transported;
    }

    /// <summary>True where the line is a header field: a name without blanks or controls, and a colon.</summary>
    public static bool IsField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon is > 0 and < 80 && line[..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }

    private static bool IsNamed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
