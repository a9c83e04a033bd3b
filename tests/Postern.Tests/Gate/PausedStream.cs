namespace Postern.Tests.Gate;

/// <summary>A connection whose bytes come when the test says so, and that stays open then.</summary>
/// <param name="bytes">The bytes.</param>
internal sealed class PausedStream(byte[] bytes) : MemoryStream
{
    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _written = new();
    private readonly Lock _lock = new();
    private int _read;

    /// <summary>What was written.</summary>
    public byte[] Written
    {
        get
        {
            lock (_lock)
            {
                return _written.ToArray();
            }
        }
    }

    /// <summary>Lets the bytes come.</summary>
    public void GoOn() => _goesOn.TrySetResult();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _goesOn.Task.WaitAsync(cancellationToken);
        if (_read == bytes.Length)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        var length = Math.Min(buffer.Length, bytes.Length - _read);
        bytes.AsSpan(_read, length).CopyTo(buffer.Span);
        _read += length;
        return length;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _written.Write(buffer.Span);
        }

        return ValueTask.CompletedTask;
    }
}
