namespace Postern.Checks.Sender;

/// <summary>
/// Bounds the header of a message before it is parsed: the parser's time grows with the square of a field's length, so that one
/// field of some megabytes would hold a check for minutes.
/// </summary>
internal static class HeaderSize
{
    // Postfix itself lets no field grow beyond its header_size_limit, 102,400 octets by default.
    private const int MaxField = 128 * 1024;
    private const int MaxHeader = 1024 * 1024;

    /// <summary>True where no field of the message's header, and not the header itself, is beyond all honest size.</summary>
    public static bool IsBounded(ReadOnlySpan<byte> message)
    {
        int field = 0, total = 0;
        while (!message.IsEmpty)
        {
            var end = message.IndexOf((byte)'\n');
            var line = end < 0 ? message : message[..(end + 1)];
            if (line is [(byte)'\n', ..] or [(byte)'\r', (byte)'\n', ..])
                return true;
            field = line[0] is (byte)' ' or (byte)'\t' ? field + line.Length : line.Length;
            total += line.Length;
            if (field > MaxField || total > MaxHeader)
                return false;
            message = message[line.Length..];
        }

        return true;
    }
}
