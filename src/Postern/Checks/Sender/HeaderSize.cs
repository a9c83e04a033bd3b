using System.Buffers;
using System.Text;

namespace Postern.Checks.Sender;

/// <summary>How large the header of a message is.</summary>
internal enum HeaderExtent : byte
{
    /// <summary>Within all bounds.</summary>
    Bounded,
    /// <summary>A field is larger than what is read: a list of thousands of recipients, for example.</summary>
    LargeField,
    /// <summary>No genuine message has such a header.</summary>
    Oversized,
}

/// <summary>
/// Bounds the header of a message before it is parsed: the parser's time grows with the square of a field's length, so that one
/// field of some megabytes would hold a check for minutes. What is left over is tested as ever: who pads a message gains nothing.
/// </summary>
internal static class HeaderSize
{
    // Postfix itself lets no field grow beyond its header_size_limit, 102,400 octets by default.
    private const int MaxField = 128 * 1024;
    private const int MaxHeader = 1024 * 1024;

    // More than that nobody reads.
    private const int MostAuthors = 16;

    /// <summary>How large the header is.</summary>
    public static HeaderExtent Of(ReadOnlySpan<byte> message)
    {
        int field = 0, total = 0;
        var (isFrom, hasLarge) = (false, false);
        while (NextLine(ref message, out var line))
        {
            var isNew = line[0] is not ((byte)' ' or (byte)'\t');
            field = isNew ? line.Length : field + line.Length;
            isFrom = isNew ? IsField(line, "From") : isFrom;
            total += line.Length;
            if (total > MaxHeader || (isFrom && field > MaxField))
            {
                return HeaderExtent.Oversized;
            }

            hasLarge |= field > MaxField;
        }

        return hasLarge ? HeaderExtent.LargeField : HeaderExtent.Bounded;
    }

    /// <summary>
    /// The message with a header that can be read: of a field that is too large its beginning, and of a header that is too large
    /// as many fields as fit, the author's ones above all.
    /// </summary>
    public static byte[] Trim(ReadOnlySpan<byte> message)
    {
        var kept = new ArrayBufferWriter<byte>(message.Length);
        var (total, authors) = (0, 0);
        var rest = message;
        while (TakeField(ref rest, out var field))
        {
            var part = field[..Math.Min(field.Length, MaxField)];
            var isAuthor = IsField(part, "From") && ++authors <= MostAuthors;
            if (!isAuthor && total + part.Length > MaxHeader)
            {
                continue;
            }

            total += part.Length;
            kept.Write(part);
            if (part.Length < field.Length)
            {
                kept.Write("\r\n"u8);
            }
        }

        kept.Write(rest);
        return kept.WrittenSpan.ToArray();
    }

    // A field with its folded lines; false at the header's end, whose empty line stays with the body.
    private static bool TakeField(ref ReadOnlySpan<byte> message, out ReadOnlySpan<byte> field)
    {
        var rest = message;
        var length = 0;
        while (true)
        {
            var before = rest.Length;
            if (!NextLine(ref rest, out var line) || (length > 0 && line[0] is not ((byte)' ' or (byte)'\t')))
            {
                break;
            }

            length += before - rest.Length;
        }

        field = message[..length];
        message = message[length..];
        return length > 0;
    }

    private static bool NextLine(ref ReadOnlySpan<byte> message, out ReadOnlySpan<byte> line)
    {
        var end = message.IndexOf((byte)'\n');
        line = end < 0 ? message : message[..(end + 1)];
        if (line.IsEmpty || line is [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..])
        {
            return false;
        }

        message = message[line.Length..];
        return true;
    }

    private static bool IsField(ReadOnlySpan<byte> line, string name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) && line[name.Length..].TrimStart(" \t"u8) is [(byte)':', ..];
}
