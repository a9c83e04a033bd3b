using System.Globalization;
using System.Text;

namespace Postern.Facts;

/// <summary>How far one of a source's files was read.</summary>
/// <param name="FileId">Which file, as in <see cref="SourcePosition.FileId"/>.</param>
/// <param name="Offset">Where a restart reads it again.</param>
/// <param name="Counted">Up to where it was counted; at least <paramref name="Offset"/>.</param>
/// <param name="Fingerprint">A hash of what stands just before <paramref name="Offset"/>; 0 for unknown.</param>
/// <param name="Inode">A hash of its device and inode, by which files that are alike to the letter are told apart; 0 for unknown.</param>
public readonly record struct FileMark(ulong FileId, long Offset, long Counted, ulong Fingerprint = 0, ulong Inode = 0);

/// <summary>
/// How far each of a source's files was read, in the one text that is kept of it: a log that was rotated is still written to
/// for a while, and a journal may hold several sequences.
/// </summary>
/// <param name="Own">What the source itself needs to go on; empty for none.</param>
/// <param name="ReadAt">When it was last read, UTC ticks; 0 for unknown.</param>
/// <param name="Files">The files, youngest last.</param>
public sealed record SourceMarks(string Own, long ReadAt, IReadOnlyList<FileMark> Files)
{
    private const char Bar = '|';

    /// <summary>The marks of a position; its own file alone where no marks were kept with it.</summary>
    public static SourceMarks Of(SourcePosition position)
    {
        ArgumentNullException.ThrowIfNull(position);
        var parts = position.Cursor?.Split(Bar) ?? [];
        if (parts.Length == 3 && long.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var readAt))
        {
            FileMark[] files = [.. parts[2].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<FileMark>()];
            if (files.Length > 0)
            {
                return new SourceMarks(parts[0], readAt, files);
            }
        }

        var counted = position.CountedFileId == position.FileId ? Math.Max(position.Offset, position.CountedOffset) : position.Offset;
        return new SourceMarks(parts is [var own, ..] ? own : "", 0, position.FileId == 0 ? [] : [new FileMark(position.FileId, position.Offset, counted, position.Fingerprint, position.Inode)]);
    }

    /// <summary>The text, for <see cref="SourcePosition.Cursor"/>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Own).Append(CultureInfo.InvariantCulture, $"{Bar}{ReadAt:x}{Bar}");
        for (var i = 0; i < Files.Count; i++)
        {
            var file = Files[i];
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ";" : "")}{file.FileId:x}:{file.Offset:x}:{file.Counted:x}:{file.Fingerprint:x}:{file.Inode:x}");
        }

        return text.ToString();
    }

    private static FileMark? Read(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 5 && Hex(parts[0], out var file) && Hex(parts[1], out var offset) && Hex(parts[2], out var counted) && Hex(parts[3], out var fingerprint) && Hex(parts[4], out var inode)
            ? new FileMark(file, (long)offset, (long)counted, fingerprint, inode) : null;
    }

    private static bool Hex(string text, out ulong value) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
