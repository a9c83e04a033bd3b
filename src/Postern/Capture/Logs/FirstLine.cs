using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Knows a log again by its first line, under whatever name, copied or compressed: the stamp, host and process id of a first
/// line do not come a second time.
/// </summary>
internal static class FirstLine
{
    private const int Longest = 1024;

    /// <summary>The hash of a file's first line; 0 where it has no whole line yet, or cannot be read.</summary>
    public static ulong IdOf(string path)
    {
        try
        {
            using var stream = OpenPlain(path);
            return IdOf(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return 0;
        }
    }

    /// <summary>The same of a stream that is at its beginning.</summary>
    public static ulong IdOf(Stream stream)
    {
        Span<byte> head = stackalloc byte[Longest];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return IdOf(head[..length]);
    }

    /// <summary>The same of a file's first bytes.</summary>
    public static ulong IdOf(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, Longest)];
        var end = head.IndexOf((byte)'\n');
        if (end < 0 && head.Length < Longest)
        {
            return 0;
        }

        return StableHash.Of(end < 0 ? head : head[..end]);
    }

    /// <summary>A log's content, decompressed where it is packed.</summary>
    public static Stream OpenPlain(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        var magic = new byte[CompressionReader.MagicLength];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        var compression = CompressionReader.Recognise(magic.AsSpan(0, length));
        if (compression == Compression.None)
        {
            file.Position = 0;
            return file;
        }

        return CompressionReader.Open(new PeekedStream(magic.AsMemory(0, length), file), compression);
    }
}
