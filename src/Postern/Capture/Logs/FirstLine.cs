using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>
/// Knows a log again by its first line, under whatever name, copied or compressed: the stamp, host and process id of a first
/// line do not come a second time.
/// </summary>
internal static class FirstLine
{
    /// <summary>So many files with the same first line are told apart.</summary>
    public const int MostAlike = 16;

    private const int Longest = 1024;

    // Who writes on at its old place in a file that was truncated leaves a hole before its line.
    private const int MostHole = 64 * 1024 * 1024;

    /// <summary>The hash of the first line of a stream that is at its beginning; 0 where it has no whole line yet.</summary>
    public static ulong IdOf(Stream stream)
    {
        Span<byte> head = stackalloc byte[Longest];
        for (var looks = 0; looks < MostHole / Longest; looks++)
        {
            var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var hole = head[..length].IndexOfAnyExcept((byte)0);
            if (hole > 0)
            {
                head[hole..length].CopyTo(head);
                length -= hole;
                length += stream.ReadAtLeast(head[length..], head.Length - length, throwOnEndOfStream: false);
            }

            if (hole >= 0 || length < head.Length)
            {
                return hole < 0 ? 0 : IdOf(head[..length]);
            }
        }

        return 0;
    }

    /// <summary>The same of a log's first bytes.</summary>
    public static ulong IdOf(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, Longest)];
        var end = head.IndexOf((byte)'\n');
        if (end < 0 && head.Length < Longest)
        {
            return 0;
        }

        return StableHash.Of(end < 0 ? head : head[..end]);
    }

    /// <summary>The name of the next file whose first line is the same to the letter, as two lines of one second may be.</summary>
    public static ulong Next(ulong id) => ((id * 0x9E37_79B9_7F4A_7C15) + 2) | 1;

    /// <summary>True where a file with that first line may go by that name.</summary>
    public static bool MayBe(ulong id, ulong name)
    {
        for (var tries = 0; id != 0 && tries <= MostAlike; tries++)
        {
            if (id == name)
            {
                return true;
            }

            id = Next(id);
        }

        return false;
    }
}
