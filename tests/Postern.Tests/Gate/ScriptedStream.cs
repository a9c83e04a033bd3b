namespace Postern.Tests.Gate;

/// <summary>A connection that gives its bytes in the pieces that a test chooses, then ends, and keeps what is written to it.</summary>
/// <param name="pieces">The pieces, one a read.</param>
internal sealed class ScriptedStream(IEnumerable<byte[]> pieces) : Stream
{
    private readonly Queue<byte[]> _pieces = new(pieces);
    private readonly MemoryStream _written = new();

    /// <summary>What was written.</summary>
    public byte[] Written => _written.ToArray();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A stream of all bytes, cut at these places.</summary>
    public static ScriptedStream Cut(byte[] bytes, params int[] at)
    {
        int[] ends = [0, .. at, bytes.Length];
        return new(Enumerable.Range(0, ends.Length - 1).Select(i => bytes[ends[i]..ends[i + 1]]).Where(piece => piece.Length > 0));
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_pieces.TryDequeue(out var piece))
        {
            return new(0);
        }

        var length = Math.Min(buffer.Length, piece.Length);
        piece.AsSpan(0, length).CopyTo(buffer.Span);
        if (length < piece.Length)
        {
            byte[][] rest = [piece[length..], .. _pieces];
            _pieces.Clear();
            foreach (var later in rest)
            {
                _pieces.Enqueue(later);
            }
        }

        return new(length);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _written.Write(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);
}
