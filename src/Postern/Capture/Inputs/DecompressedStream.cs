namespace Postern.Capture.Inputs;

/// <summary>
/// The plain bytes of compressed data. Damage ends the stream and is told as <see cref="Damage"/>: what could be unpacked
/// before it is worth more to an operator than an exception.
/// </summary>
internal sealed class DecompressedStream : ReadOnlyStream
{
    private const int MostAtOnce = 64 << 10;

    private readonly Func<Stream> _open;
    private readonly string _format;
    private Stream? _inner;
    private bool _ended;

    /// <summary>
    /// Opens lazily, as some unpackers read on construction. A decoder that fails loses what it had unpacked in that
    /// call, so that it is asked for so many bytes at once.
    /// </summary>
    public DecompressedStream(Func<Stream> open, string format)
    {
        _open = open;
        _format = format;
    }

    /// <summary>What is wrong with the data, as a clause; null as long as nothing is.</summary>
    public string? Damage { get; private set; }

    /// <summary>Line feeds so far.</summary>
    public long LineCount { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        var read = ReadStep(buffer[..Math.Min(MostAtOnce, buffer.Length)]);
        _ended = read == 0;
        LineCount += buffer[..read].Count((byte)'\n');
        return read;
    }

    private int ReadStep(Span<byte> buffer)
    {
        try
        {
            _inner ??= _open();
            return _inner.Read(buffer);
        }
        catch (EndOfStreamException)
        {
            Damage = $"the {_format} data end early";
        }
        catch (InvalidDataException e)
        {
            Damage = e.Message.Contains("truncated", StringComparison.OrdinalIgnoreCase)
                ? $"the {_format} data end early"
                : $"the {_format} data are damaged";
        }
        catch (XzCutException)
        {
            Damage = $"the {_format} data end early";
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            Damage = $"{LzmaLibrary.Name}, which unpacks {_format}, is missing (install liblzma5 or xz-libs, or give the unpacked file)";
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException)
        {
            // The libraries' decoders throw these for a packing that they do not know; nothing here is unfinished.
            Damage = $"the {_format} data are packed in a way that cannot be read here";
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException))
        {
            // Decoders meet hostile bytes with exceptions of many kinds; all of them say the same thing. Only the disk's
            // own errors are not about the data.
            Damage = $"the {_format} data are damaged";
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner?.Dispose();
        }

        base.Dispose(disposing);
    }
}
