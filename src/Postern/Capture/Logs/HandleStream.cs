using Microsoft.Win32.SafeHandles;
using Postern.Capture.Inputs;

namespace Postern.Capture.Logs;

/// <summary>An open file from its beginning, which stays open: several may read it.</summary>
/// <param name="file">The file.</param>
internal sealed class HandleStream(SafeFileHandle file) : ReadOnlyStream
{
    private long _position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer, _position);
        _position += read;
        return read;
    }
}
