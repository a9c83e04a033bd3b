namespace Postern.Capture.Logs;

/// <summary>A compressed copy of a log, which nobody writes to any more.</summary>
internal sealed class PackedBytes : ILogBytes
{
    private readonly Stream _content;

    /// <summary>A copy, read from a place on.</summary>
    /// <param name="content">Its plain bytes from the first one; owned from now on.</param>
    /// <param name="position">The place.</param>
    public PackedBytes(Stream content, long position)
    {
        _content = content;
        var buffer = new byte[64 * 1024];
        while (position > 0)
        {
            var read = content.Read(buffer, 0, (int)Math.Min(buffer.Length, position));
            if (read == 0)
            {
                // It ends before the place.
                IsReplaced = true;
                return;
            }

            Before.Take(buffer.AsSpan(0, read));
            position -= read;
        }
    }

    /// <inheritdoc/>
    public bool IsReplaced { get; }

    /// <inheritdoc/>
    public LogFingerprint Before { get; } = new();

    /// <inheritdoc/>
    public int Read(Memory<byte> into) => IsReplaced ? 0 : _content.Read(into.Span);

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
