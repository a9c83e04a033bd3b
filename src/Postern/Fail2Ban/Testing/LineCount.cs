using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Postern.Fail2Ban.Testing;

/// <summary>Counts the lines of a block that are neither empty nor comments.</summary>
internal static class LineCount
{
    /// <summary>The number; the block begins with a line.</summary>
    public static long Of(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }
        // A line begins at the start and after each line feed but the last byte's.
        long count = IsLine(text, 0) ? 1 : 0;
        var at = 0;
        ref var start = ref MemoryMarshal.GetReference(text);
        for (; at + Vector128<byte>.Count < text.Length; at += Vector128<byte>.Count)
        {
            var feeds = Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)at), Vector128.Create((byte)'\n')).ExtractMostSignificantBits();
            if (feeds == 0)
            {
                continue;
            }

            var next = Vector128.LoadUnsafe(ref start, (nuint)at + 1);
            var odd = (Vector128.Equals(next, Vector128.Create((byte)'\n')) | Vector128.Equals(next, Vector128.Create((byte)'#')) | Vector128.Equals(next, Vector128.Create((byte)'\r')))
                .ExtractMostSignificantBits() & feeds;
            count += BitOperations.PopCount(feeds & ~odd);
            for (; odd != 0; odd &= odd - 1)
            {
                count += IsLine(text, at + BitOperations.TrailingZeroCount(odd) + 1) ? 1 : 0;
            }
        }

        for (; at + 1 < text.Length; at++)
        {
            if (text[at] == '\n' && IsLine(text, at + 1))
            {
                count++;
            }
        }

        return count;
    }

    private static bool IsLine(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] == '#')
        {
            return false;
        }

        var end = text[at..].IndexOf((byte)'\n');
        return (end < 0 ? text[at..] : text.Slice(at, end)).IndexOfAnyExcept((byte)'\r') >= 0;
    }
}
