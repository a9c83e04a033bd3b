using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Postern.Fail2Ban.Testing;

/// <summary>
/// Looks for any of a set of ASCII words, in any case of letters, in bytes: sixteen places at a time by the first three
/// bytes of the words, whose halves are looked up in tables of eight bits, one bit for each of eight groups of words.
/// </summary>
internal sealed class WordSearch
{
    private const int Groups = 8;
    private const int Fingerprint = 3;

    private readonly byte[][][] _groups;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Fingerprint];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Fingerprint];

    /// <summary>A search of these words, each of three letters, digits or underscores of ASCII at least.</summary>
    public WordSearch(IEnumerable<string> words)
    {
        byte[][] all = [.. words.Order(StringComparer.Ordinal).Select(word => word.Select(c => (byte)char.ToLowerInvariant(c)).ToArray())];
        _groups = [.. Enumerable.Range(0, Groups).Select(group => all.Where((_, i) => i * Groups / Math.Max(all.Length, 1) == group).ToArray())];
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        for (var place = 0; place < Fingerprint; place++)
        {
            low.Clear();
            high.Clear();
            for (var group = 0; group < Groups; group++)
            {
                foreach (var word in _groups[group])
                {
                    Add(word[place], group, low, high);
                    Add((byte)char.ToUpperInvariant((char)word[place]), group, low, high);
                }
            }

            _low[place] = Vector128.Create<byte>(low);
            _high[place] = Vector128.Create<byte>(high);
        }

        static void Add(byte c, int group, Span<byte> low, Span<byte> high)
        {
            low[c & 15] |= (byte)(1 << group);
            high[c >> 4] |= (byte)(1 << group);
        }
    }

    /// <summary>Where the next word begins; -1 where none is left.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        var at = 0;
        ref var start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> low0 = _low[0], low1 = _low[1], low2 = _low[2], high0 = _high[0], high1 = _high[1], high2 = _high[2];
        for (; at + Vector128<byte>.Count + Fingerprint - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var found = Look(Vector128.LoadUnsafe(ref start, (nuint)at), low0, high0)
                & Look(Vector128.LoadUnsafe(ref start, (nuint)at + 1), low1, high1)
                & Look(Vector128.LoadUnsafe(ref start, (nuint)at + 2), low2, high2);
            if (found == Vector128<byte>.Zero)
                continue;
            for (var places = ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF; places != 0; places &= places - 1)
            {
                var place = BitOperations.TrailingZeroCount(places);
                if (IsWord(text[(at + place)..], found[place]))
                    return at + place;
            }
        }

        for (; at + Fingerprint <= text.Length; at++)
        {
            if (IsWord(text[at..], 0xFF))
                return at;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Look(Vector128<byte> text, Vector128<byte> low, Vector128<byte> high)
    {
        var half = Vector128.Create((byte)15);
        return Take(low, text & half) & Take(high, (text.AsUInt16() >>> 4).AsByte() & half);
    }

    // Ahead-of-time code takes the instruction only where it is asked for by name.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Take(Vector128<byte> table, Vector128<byte> places) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, places)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.VectorTableLookup(table, places)
        : Vector128.Shuffle(table, places);

    private bool IsWord(ReadOnlySpan<byte> text, byte groups)
    {
        for (var left = (uint)groups; left != 0; left &= left - 1)
        {
            foreach (var word in _groups[BitOperations.TrailingZeroCount(left)])
            {
                if (text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word))
                    return true;
            }
        }

        return false;
    }
}
