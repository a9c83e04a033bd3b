using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Cuts what a log has so far into batches of whole lines; a line without its end waits. What is beyond the longest line
/// of a log is thrown away.
/// </summary>
/// <param name="source">The source's name.</param>
/// <param name="bytes">What is read; stays the caller's.</param>
/// <param name="place">Which file it is, 0 for one that is named by its first line, and where its bytes begin.</param>
/// <param name="name">Names a file by the hash of its first line.</param>
/// <param name="written">When the file was last written, for stamps without a year.</param>
internal sealed class LineCutter(string source, ILogBytes bytes, FileMark place, Func<ulong, ulong> name, Func<DateTimeOffset> written)
{
    private readonly LogFingerprint _before = bytes.Before.Copy();
    private byte[] _waiting = [];
    private bool _isSkipping;

    /// <summary>Where the next line begins: everything before has been handed on.</summary>
    public long Offset { get; private set; } = place.Offset;

    /// <summary>Which file it is; 0 as long as it has no whole line.</summary>
    public ulong FileId { get; private set; } = place.FileId;

    /// <summary>The next batch; null where no whole line waits.</summary>
    /// <param name="buffer">Room to work in, of <see cref="LogBlock.Size"/> bytes; nothing stays in it.</param>
    /// <param name="isLate">Whether a younger file has been read from already.</param>
    public LineBatch? Next(byte[] buffer, bool isLate)
    {
        _waiting.CopyTo(buffer, 0);
        var length = _waiting.Length;
        while (true)
        {
            var read = bytes.Read(buffer.AsMemory(length));
            length += read;
            if (length > 0 && Drop(buffer.AsSpan(0, length)) is > 0 and var dropped)
            {
                Pass(buffer.AsSpan(0, dropped));
                buffer.AsSpan(dropped, length - dropped).CopyTo(buffer);
                length -= dropped;
            }

            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && length == buffer.Length)
            {
                _isSkipping = true;
                end = length;
            }

            if (end > 0)
            {
                _waiting = buffer.AsSpan(end, length - end).ToArray();
                return Cut(buffer.AsSpan(0, end), isLate);
            }

            if (read == 0)
            {
                _waiting = buffer.AsSpan(0, length).ToArray();
                return null;
            }
        }
    }

    // The rest of a line that was too long, up to its line feed; and the hole that a writer leaves which goes on at its old place
    // in a file that was truncated.
    private int Drop(ReadOnlySpan<byte> text)
    {
        if (_isSkipping)
        {
            var end = text.IndexOf((byte)'\n') + 1;
            _isSkipping = end == 0;
            return end == 0 ? text.Length : end;
        }

        var hole = text.IndexOfAnyExcept((byte)0);
        return hole < 0 ? text.Length : hole;
    }

    private LineBatch Cut(ReadOnlySpan<byte> lines, bool isLate)
    {
        if (FileId == 0)
        {
            FileId = name(FirstLine.IdOf(lines));
        }

        var start = Here();
        Pass(lines);
        return new LineBatch
        {
            Source = source,
            Lines = lines.ToArray(),
            Start = start,
            End = Here(),
            // A file spans less than a year, so that its last write alone tells the year of any stamp in it.
            Year = YearInference.FirstYear(lines, [], written()),
            IsLate = isLate,
        };
    }

    private SourcePosition Here() => new(source, FileId, Offset) { Fingerprint = _before.Hash, Inode = place.Inode };

    private void Pass(ReadOnlySpan<byte> passed)
    {
        _before.Take(passed);
        Offset += passed.Length;
    }
}
