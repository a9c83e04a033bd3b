using System.Runtime.InteropServices;

namespace Postern.Capture.Inputs;

/// <summary>liblzma, which the program xz is made of, as far as unpacking needs it (lzma/base.h, lzma/container.h).</summary>
internal static unsafe partial class LzmaLibrary
{
    /// <summary>The library's file; Debian's package liblzma5, which dpkg itself needs.</summary>
    public const string Name = "liblzma.so.5";

    private const uint Concatenated = 0x08;

    /// <summary>What a call came to (lzma_ret).</summary>
    public enum Result
    {
        /// <summary>There is more to do.</summary>
        Ok = 0,
        /// <summary>All streams are read to their ends.</summary>
        StreamEnd = 1,
        /// <summary>No memory.</summary>
        NoMemory = 5,
        /// <summary>It would need more memory than the limit.</summary>
        MemoryLimit = 6,
        /// <summary>Not the .xz format.</summary>
        Format = 7,
        /// <summary>A filter or option that this library does not know.</summary>
        Options = 8,
        /// <summary>The data are damaged.</summary>
        Data = 9,
        /// <summary>No progress is possible: the data end early.</summary>
        NoProgress = 10,
    }

    /// <summary>What to do (lzma_action).</summary>
    public enum Action
    {
        /// <summary>Go on.</summary>
        Run = 0,
        /// <summary>Go on; there is no more input than this.</summary>
        Finish = 3,
    }

    /// <summary>Prepares to read all streams of a file, with the padding between them.</summary>
    public static Result Open(ref Stream stream, ulong memoryLimit) => StreamDecoder(ref stream, memoryLimit, Concatenated);

    /// <summary>Unpacks as much as there is input and room for.</summary>
    [LibraryImport(Name, EntryPoint = "lzma_code")]
    public static partial Result Code(ref Stream stream, Action action);

    /// <summary>Frees what the library holds.</summary>
    [LibraryImport(Name, EntryPoint = "lzma_end")]
    public static partial void End(ref Stream stream);

    [LibraryImport(Name, EntryPoint = "lzma_stream_decoder")]
    private static partial Result StreamDecoder(ref Stream stream, ulong memoryLimit, uint flags);

    /// <summary>lzma_stream: where input lies and where output goes. All zero before <see cref="Open"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Stream
    {
        /// <summary>The next byte of input.</summary>
        public byte* NextIn;
        /// <summary>Bytes of input.</summary>
        public nuint AvailableIn;
        /// <summary>Bytes read.</summary>
        public ulong TotalIn;
        /// <summary>Where the next byte goes.</summary>
        public byte* NextOut;
        /// <summary>Room for so many bytes.</summary>
        public nuint AvailableOut;
        /// <summary>Bytes written.</summary>
        public ulong TotalOut;
        private readonly nint _allocator;
        private readonly nint _internal;
        private fixed ulong _reserved[9];
    }
}
