using System.Runtime.InteropServices;

namespace Postern.Capture.Inputs;

/// <summary>
/// The plain bytes of all streams of an .xz file, with the padding between them (.xz format 2.2), unpacked by liblzma. What
/// comes before damage is given first, and the exception with the next call.
/// </summary>
internal sealed unsafe class XzStreams : ReadOnlyStream
{
    // xz -9 needs 65 MiB to unpack. More is a bomb, or a file for another machine.
    private const ulong MostMemory = 80 << 20;
    private const int PackedLength = 64 << 10;

    private readonly Stream _packed;

    // Neither may move while the library knows of them.
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(PackedLength, pinned: true);
    private LzmaLibrary.Stream* _state;
    private LzmaLibrary.Result _result;
    private bool _isAtEnd;

    /// <summary>Reads <paramref name="packed"/>, which stays the caller's.</summary>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    /// <exception cref="EntryPointNotFoundException">It is not the one we know.</exception>
    public XzStreams(Stream packed)
    {
        _packed = packed;
        _state = (LzmaLibrary.Stream*)NativeMemory.AllocZeroed((nuint)sizeof(LzmaLibrary.Stream));
        try
        {
            _result = LzmaLibrary.Open(ref *_state, MostMemory);
        }
        catch
        {
            NativeMemory.Free(_state);
            _state = null;
            throw;
        }
    }

    /// <summary>The first bytes of every stream (.xz format 2.1.1.1).</summary>
    public static ReadOnlySpan<byte> Magic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    /// <inheritdoc/>
    /// <exception cref="XzCutException">The data end early.</exception>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    /// <exception cref="NotSupportedException">They need a filter that the library does not know, or too much memory.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        fixed (byte* start = buffer)
        {
            _state->NextOut = start;
            _state->AvailableOut = (nuint)buffer.Length;
            while (_result == LzmaLibrary.Result.Ok && _state->AvailableOut == (nuint)buffer.Length && !buffer.IsEmpty)
            {
                Fill();
                _result = LzmaLibrary.Code(ref *_state, _isAtEnd ? LzmaLibrary.Action.Finish : LzmaLibrary.Action.Run);
            }
        }

        var read = buffer.Length - (int)_state->AvailableOut;
        return read > 0 || buffer.IsEmpty ? read : Ended();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_state is not null)
        {
            LzmaLibrary.End(ref *_state);
            NativeMemory.Free(_state);
            _state = null;
        }

        base.Dispose(disposing);
    }

    private void Fill()
    {
        if (_state->AvailableIn > 0 || _isAtEnd)
        {
            return;
        }

        var length = _packed.Read(_input);
        _isAtEnd = length == 0;
        _state->NextIn = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_input, 0);
        _state->AvailableIn = (nuint)length;
    }

    private int Ended() => _result switch
    {
        LzmaLibrary.Result.StreamEnd => 0,
        LzmaLibrary.Result.NoProgress => throw new XzCutException(),
        LzmaLibrary.Result.MemoryLimit or LzmaLibrary.Result.NoMemory or LzmaLibrary.Result.Options =>
            throw new NotSupportedException("the dictionary is too large, or the filter unknown"),
        _ => throw new InvalidDataException("no xz stream"),
    };
}

/// <summary>An .xz file that ends within a stream.</summary>
internal sealed class XzCutException : IOException;
