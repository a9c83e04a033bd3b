namespace Postern.Capture.Inputs;

/// <summary>A stream whose first bytes have been looked at and are given again.</summary>
/// <param name="head">The bytes already taken from <paramref name="rest"/>.</param>
/// <param name="rest">What follows; disposed with this stream.</param>
internal sealed class PeekedStream(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _head = head;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        // Let go of the array once it has been given.
        _head = count == _head.Length ? default : _head[count..];
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }
}
