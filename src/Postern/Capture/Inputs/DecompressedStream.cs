namespace Postern.Capture.Inputs;

/// <summary>
/// The plain bytes of compressed data. Damage ends the stream and is told as <see cref="Damage"/>: what could be unpacked
/// before it is worth more to an operator than an exception.
/// </summary>
internal sealed class DecompressedStream : ReadOnlyStream
{
    private readonly Func<Stream> _open;
    private readonly string _format;
    private readonly int _step;
    private Stream? _inner;
    private bool _ended;

    /// <summary>
    /// Opens lazily, as some unpackers read on construction. A decoder that fails loses what it had unpacked in that
    /// call, so <paramref name="step"/> bounds how many bytes it is asked for at once.
    /// </summary>
    public DecompressedStream(Func<Stream> open, string format, int step)
    {
        _open = open;
        _format = format;
        _step = step;
    }

    /// <summary>What is wrong with the data, as a clause; null as long as nothing is.</summary>
    public string? Damage { get; private set; }

    /// <summary>Line feeds so far.</summary>
    public long LineCount { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && !_ended)
        {
            var read = ReadStep(buffer.Slice(total, Math.Min(_step, buffer.Length - total)));
            total += read;
            _ended |= read == 0;
            if (_step >= 4096)
            {
                break;
            }
        }

        LineCount += buffer[..total].Count((byte)'\n');
        return total;
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
        catch (Exception e) when (e is NotSupportedException or NotImplementedException)
        {
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
            _inner?.Dispose();
        base.Dispose(disposing);
    }
}
