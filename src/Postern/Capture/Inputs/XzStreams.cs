using SharpCompress.Compressors.Xz;

namespace Postern.Capture.Inputs;

/// <summary>
/// All streams of an .xz file one after the other, with the padding between them (.xz format 2.2). The library reads the
/// first alone, and stops at its last byte, so the next can be looked for there.
/// </summary>
internal sealed class XzStreams : ReadOnlyStream
{
    /// <summary>How many bytes to ask for at once: little is lost where the data end early.</summary>
    public const int Step = 256;

    /// <summary>The dictionary that a block may ask for: xz -9 takes 64 MiB. More is a bomb, or a file for another machine.</summary>
    private const byte MaxDictionaryCode = 28;

    private readonly EndWatch _packed;
    private XZStream? _current;
    private bool _ended;

    /// <summary>Reads <paramref name="packed"/>, which stays the caller's.</summary>
    public XzStreams(Stream packed) => _packed = new EndWatch(packed);

    /// <summary>The first bytes of every stream (.xz format 2.1.1.1).</summary>
    public static ReadOnlySpan<byte> Magic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && !buffer.IsEmpty)
        {
            if (_current is null && !TryOpenNext())
            {
                _ended = true;
                return 0;
            }

            int read;
            try
            {
                read = _current!.Read(buffer);
            }
            catch (Exception) when (_packed.HitEnd)
            {
                // The decoder was still asking for bytes, so whatever it complains of, the file is cut short.
                throw new XzCutException();
            }

            if (read > 0)
                return read;
            _current = null;
        }

        return 0;
    }

    private bool TryOpenNext()
    {
        Span<byte> head = stackalloc byte[HeadLength];
        int first;
        do
        {
            first = _packed.ReadByte();
        }
        while (first == 0);
        if (first < 0)
            return false;

        head[0] = (byte)first;
        var length = 1 + _packed.ReadAtLeast(head[1..], HeadLength - 1, throwOnEndOfStream: false);
        if (length < HeadLength)
            throw new XzCutException();
        if (!head.StartsWith(Magic))
            throw new InvalidDataException("no xz stream");
        if (AsksForTooMuch(head[12..]))
            throw new NotSupportedException("the dictionary is too large");

        _packed.PushBack(head);
        _current = new XZStream(_packed);
        return true;
    }

    /// <summary>12 bytes of stream header, and of the block header as far as its first filters go (.xz format 3.1).</summary>
    private const int HeadLength = 24;

    private static bool AsksForTooMuch(ReadOnlySpan<byte> block)
    {
        if (block[0] == 0)
            return false;
        var at = 2;
        // Sizes before the filters are optional numbers of seven bits a byte.
        for (var sizes = (block[1] >> 6 & 1) + (block[1] >> 7); sizes > 0; sizes--)
        {
            while (at < block.Length && (block[at] & 0x80) != 0)
                at++;
            at++;
        }

        // LZMA2 is filter 0x21 with one byte of properties; another first filter (BCJ, delta) comes before it.
        while (at + 2 < block.Length && block[at] != 0x21)
            at += 2 + block[at + 1];
        return at + 2 < block.Length && block[at] == 0x21 && block[at + 2] > MaxDictionaryCode;
    }

    /// <summary>Knows whether a reader asked for more than there was, and takes bytes back once.</summary>
    private sealed class EndWatch(Stream inner) : ReadOnlyStream
    {
        private byte[] _back = [];
        private int _at;

        private long _position;

        public bool HitEnd { get; private set; }

        /// <summary>The decoder aligns its blocks by it.</summary>
        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public void PushBack(ReadOnlySpan<byte> bytes)
        {
            _back = bytes.ToArray();
            _at = 0;
            _position = 0;
        }

        public override int Read(Span<byte> buffer)
        {
            if (_at < _back.Length)
            {
                var count = Math.Min(buffer.Length, _back.Length - _at);
                _back.AsSpan(_at, count).CopyTo(buffer);
                _at += count;
                _position += count;
                return count;
            }

            var read = inner.Read(buffer);
            HitEnd |= read == 0 && buffer.Length > 0;
            _position += read;
            return read;
        }

        public override int ReadByte()
        {
            Span<byte> one = stackalloc byte[1];
            return Read(one) == 0 ? -1 : one[0];
        }
    }
}

/// <summary>An .xz file that ends within a stream.</summary>
internal sealed class XzCutException : IOException;
