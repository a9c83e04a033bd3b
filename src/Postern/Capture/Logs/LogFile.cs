using Microsoft.Win32.SafeHandles;
using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>One open file of a log.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly ILogBytes _bytes;
    private readonly LineCutter _lines;

    private LogFile(SafeFileHandle handle, ILogBytes bytes, FileMark place, LogNames names, FileStatus status)
    {
        (_handle, _bytes, Status) = (handle, bytes, status);
        Mark = place with { Inode = status.Id };
        _lines = new LineCutter(names.Source, bytes, Mark, names.Name, () => names.Date(FileStatus.Of(handle).Written));
    }

    /// <summary>What the kernel said of it when it was opened.</summary>
    public FileStatus Status { get; }

    /// <summary>What the kernel says of it now.</summary>
    public FileStatus StatusNow => FileStatus.Of(_handle);

    /// <summary>True where somebody may write to it still.</summary>
    public bool IsPlain => _bytes is PlainBytes;

    /// <summary>True once it holds something else than what was read from it.</summary>
    public bool IsReplaced => _bytes.IsReplaced;

    /// <summary>How far it was read.</summary>
    public FileMark Mark { get; private set; }

    /// <summary>When lines were last read from it, UTC; when it was opened where none were.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    /// <summary>Opens a file from its beginning.</summary>
    /// <returns>Null where it is there no more.</returns>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static LogFile? Open(Generation file, LogNames names) => Open(file, default, names);

    /// <summary>Opens a file that was read before where it was left.</summary>
    /// <returns>Null where it is another file, or there no more.</returns>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static LogFile? Open(Generation file, FileMark mark, LogNames names)
    {
        SafeFileHandle? handle = null;
        ILogBytes? bytes = null;
        try
        {
            handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var status = FileStatus.Of(handle);
            if (status.IsSameFile(file.Status))
            {
                bytes = BytesOf(handle, mark);
            }

            if (bytes is null || bytes.IsReplaced || (mark.Fingerprint != 0 && mark.Fingerprint != bytes.Before.Hash))
            {
                return null;
            }

            var opened = new LogFile(handle, bytes, mark, names, status) { ReadAt = names.Now };
            (handle, bytes) = (null, null);
            return opened;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        finally
        {
            bytes?.Dispose();
            handle?.Dispose();
        }
    }

    /// <summary>The next batch; null where no whole line waits.</summary>
    /// <param name="buffer">Room to work in.</param>
    /// <param name="isLate">Whether a younger file has been read from already.</param>
    /// <param name="now">The time, UTC.</param>
    public LineBatch? Next(byte[] buffer, bool isLate, DateTimeOffset now)
    {
        var batch = _lines.Next(buffer, isLate);
        if (batch is not null)
        {
            ReadAt = now;
            Mark = new FileMark(batch.End.FileId, batch.End.Offset, batch.End.Offset, batch.End.Fingerprint, Mark.Inode);
        }

        return batch;
    }

    /// <summary>The hash of a file's first line; 0 where it has none, or cannot be read.</summary>
    public static ulong FirstLineOf(Generation file)
    {
        try
        {
            using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var head = Content(handle, CompressionOf(handle));
            return FirstLine.IdOf(head);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _handle.Dispose();
    }

    private static ILogBytes? BytesOf(SafeFileHandle handle, FileMark mark)
    {
        var compression = CompressionOf(handle);
        if (mark.FileId != 0)
        {
            using var head = Content(handle, compression);
            if (!FirstLine.MayBe(FirstLine.IdOf(head), mark.FileId))
            {
                return null;
            }
        }

        return compression == Compression.None ? new PlainBytes(handle, mark.Offset) : new PackedBytes(Content(handle, compression), mark.Offset);
    }

    private static Compression CompressionOf(SafeFileHandle handle)
    {
        Span<byte> magic = stackalloc byte[CompressionReader.MagicLength];
        return CompressionReader.Recognise(magic[..RandomAccess.Read(handle, magic, 0)]);
    }

    private static Stream Content(SafeFileHandle handle, Compression compression)
    {
        var file = new HandleStream(handle);
        return compression == Compression.None ? file : CompressionReader.Open(file, compression);
    }
}
