namespace Postern.Capture.Inputs;

/// <summary>Names what an operator gave by mistake, so that the error says more than 'no'.</summary>
internal static class KnownContent
{
    /// <summary>What the bytes look like, with its article: <c>a JPEG picture</c>; plain or binary data where nothing better is known.</summary>
    public static string Describe(ReadOnlySpan<byte> head) =>
        DescribeMagic(head) ?? (LooksBinary(head) ? "binary data" : "plain text of another kind");

    /// <summary>By magic number; null where there is none.</summary>
    public static string? DescribeMagic(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "a JPEG picture"
        : head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "a PNG picture"
        : head.StartsWith("GIF8"u8) ? "a GIF picture"
        : head.StartsWith((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F']) ? "a program (ELF)"
        : head.StartsWith("%PDF-"u8) ? "a PDF document"
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'P', (byte)'K', 3, 4]) ? "a zip archive; unpack it first"
        : head.StartsWith("BZh"u8) && head.Length > 9 && head[4] == 0x31 && head[5] == 0x41 ? "bzip2 data; unpack them first"
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF]) ? "a 7-Zip archive; unpack it first"
        : head.StartsWith("LPKSHHRH"u8) ? "a journal file of systemd; give the output of journalctl instead"
        : head.StartsWith("SQLite format 3\0"u8) ? "an SQLite database"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? "UTF-16 text; save it as UTF-8"
        : head.Length > 262 && head[257..].StartsWith("ustar"u8) ? "a tar archive; unpack it first"
        : head.StartsWith("__CURSOR="u8) ? "a journal export; use journalctl -o short-iso or -o json"
        : null;

    /// <summary>True where it is no text.</summary>
    public static bool LooksBinary(ReadOnlySpan<byte> head)
    {
        var odd = 0;
        foreach (var b in head)
        {
            if (b is < 32 and not ((byte)'\n' or (byte)'\r' or (byte)'\t' or 12 or 27))
            {
                odd++;
            }
        }

        return odd * 20 > head.Length;
    }
}
