using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Postern.Gate.Milter;

/// <summary>
/// A message while it comes: its beginning in memory, all of it in a file without a name once it is larger. What a kill leaves
/// behind is nothing.
/// </summary>
/// <param name="folder">Where the file is made; only our own user may look into it.</param>
/// <param name="most">The largest message that is kept.</param>
internal sealed class MessageSpool(string folder, int most) : IDisposable
{
    private const int InMemory = 16 * 1024;

    private byte[]? _buffer;
    private int _buffered;
    private SafeFileHandle? _file;
    private long _filed;

    /// <summary>Bytes written so far.</summary>
    public long Length => _filed + _buffered;

    /// <summary>True where the message is larger than what is kept, or the disk could not keep it; it is lost, then.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Writes on.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > most)
        {
            Lose();
        }

        while (!bytes.IsEmpty && !IsLost)
        {
            _buffer ??= ArrayPool<byte>.Shared.Rent(InMemory);
            var length = Math.Min(bytes.Length, InMemory - _buffered);
            bytes[..length].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += length;
            bytes = bytes[length..];
            if (_buffered == InMemory)
            {
                Flush();
            }
        }
    }

    /// <summary>The whole message.</summary>
    public byte[] ToArray()
    {
        var message = new byte[Length];
        for (var read = 0L; read < _filed;)
        {
            var count = RandomAccess.Read(_file!, message.AsSpan((int)read, (int)(_filed - read)), read);
            read += count > 0 ? count : throw new EndOfStreamException("the spooled message was cut short");
        }

        _buffer.AsSpan(0, _buffered).CopyTo(message.AsSpan((int)_filed));
        return message;
    }

    /// <summary>Forgets the message.</summary>
    public void Clear()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        }

        _file?.Dispose();
        (_buffer, _buffered, _file, _filed, IsLost) = (null, 0, null, 0, false);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Lose()
    {
        Clear();
        IsLost = true;
    }

    private void Flush()
    {
        try
        {
            if (_file is null)
            {
                var path = Path.Combine(folder, Path.GetRandomFileName());
                _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
                File.Delete(path);
            }

            RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), _filed);
            _filed += _buffered;
            _buffered = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk costs the test of the message, never the message.
            Lose();
        }
    }
}
