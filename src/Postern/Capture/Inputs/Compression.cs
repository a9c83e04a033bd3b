using System.IO.Compression;
using ZstdSharp;

namespace Postern.Capture.Inputs;

/// <summary>How a file is packed, by its first bytes.</summary>
internal enum Compression : byte
{
    /// <summary>Not at all.</summary>
    None,
    /// <summary>RFC 1952; logrotate's usual choice.</summary>
    Gzip,
    /// <summary>The .xz format, version 1.2.</summary>
    Xz,
    /// <summary>RFC 8878.</summary>
    Zstd,
}

/// <summary>Recognises and undoes compression.</summary>
internal static class CompressionReader
{
    /// <summary>How many bytes <see cref="Recognise"/> wants to see.</summary>
    public const int MagicLength = 6;

    /// <summary>A frame may ask for this much memory as window, as power of two: 128 MiB, zstd's own limit.</summary>
    private const int ZstdWindowLog = 27;

    /// <summary>By magic number, never by the file's name.</summary>
    public static Compression Recognise(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) ? Compression.Gzip
        : head.StartsWith(XzStreams.Magic) ? Compression.Xz
        : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? Compression.Zstd
        : Compression.None;

    /// <summary>The decompressed bytes of <paramref name="packed"/>, which stays the caller's.</summary>
    public static DecompressedStream Open(Stream packed, Compression compression) => compression switch
    {
        Compression.Gzip => new DecompressedStream(() => new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true), "gzip"),
        Compression.Xz => new DecompressedStream(() => new XzStreams(packed), "xz"),
        Compression.Zstd => new DecompressedStream(() => OpenZstd(packed), "zstd"),
        _ => throw new ArgumentOutOfRangeException(nameof(compression)),
    };

    private static DecompressionStream OpenZstd(Stream packed)
    {
        var stream = new DecompressionStream(packed, leaveOpen: true);
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return stream;
    }
}
