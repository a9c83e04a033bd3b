using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Looks for any of a set of ASCII words, in any case of letters, in bytes: sixteen places at a time by the first three
/// bytes of the words, whose halves are looked up in tables of eight bits, one bit for each of eight groups of words. What
/// words may stand at a place that is left, a table by a hash of its three bytes tells.
/// </summary>
internal sealed class WordSearch
{
    private const int Groups = 8;
    private const int Fingerprint = 3;
    private const int HashBits = 12;

    private readonly byte[][] _words;
    private readonly short[] _first = new short[1 << HashBits];
    private readonly short[] _next;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Fingerprint];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Fingerprint];

    /// <summary>A search of these words, each of three letters, digits or underscores of ASCII at least.</summary>
    public WordSearch(IEnumerable<string> words)
    {
        _words = [.. words.Select(word => word.Select(c => (byte)char.ToLowerInvariant(c)).ToArray())];
        _next = new short[_words.Length];
        Array.Fill(_first, (short)-1);
        for (var i = _words.Length - 1; i >= 0; i--)
        {
            ref var first = ref _first[Hash(_words[i])];
            _next[i] = first;
            first = (short)i;
        }

        MakeTables();
    }

    /// <summary>Where the next word begins; -1 where none is left.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        for (var at = NextPlace(text, 0); at >= 0; at = NextPlace(text, at + 1))
        {
            for (var word = _first[Hash(text[at..])]; word >= 0; word = _next[word])
            {
                if (Stands(_words[word], text[at..]))
                    return at;
            }
        }

        return -1;
    }

    /// <summary>Adds the marks of all words that stand in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="marks">The marks of each word in turn, in the order in which they were given.</param>
    /// <param name="found">What they are added to; as many as each word has.</param>
    public void Mark(ReadOnlySpan<byte> text, ReadOnlySpan<ulong> marks, Span<ulong> found)
    {
        for (var at = NextPlace(text, 0); at >= 0; at = NextPlace(text, at + 1))
        {
            for (var word = _first[Hash(text[at..])]; word >= 0; word = _next[word])
            {
                if (!Stands(_words[word], text[at..]))
                    continue;
                for (var i = 0; i < found.Length; i++)
                    found[i] |= marks[(word * found.Length) + i];
            }
        }
    }

    private static bool Stands(byte[] word, ReadOnlySpan<byte> text) => text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);

    // The same for both cases of a letter.
    private static uint Hash(ReadOnlySpan<byte> text) => ((text[0] | ((uint)text[1] << 8) | ((uint)text[2] << 16) | 0x202020) * 0x9E3779B1) >> (32 - HashBits);

    // The next place at or after from where a word may begin.
    private int NextPlace(ReadOnlySpan<byte> text, int from)
    {
        var at = from;
        ref var start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> low0 = _low[0], low1 = _low[1], low2 = _low[2], high0 = _high[0], high1 = _high[1], high2 = _high[2];
        for (; at + Vector128<byte>.Count + Fingerprint - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var found = Look(Vector128.LoadUnsafe(ref start, (nuint)at), low0, high0)
                & Look(Vector128.LoadUnsafe(ref start, (nuint)at + 1), low1, high1)
                & Look(Vector128.LoadUnsafe(ref start, (nuint)at + 2), low2, high2);
            if (found == Vector128<byte>.Zero)
                continue;
            return at + BitOperations.TrailingZeroCount(~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF);
        }

        return at + Fingerprint <= text.Length ? at : -1;
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

    // Words that begin alike share a group: their tables let less else through.
    private void MakeTables()
    {
        byte[][] sorted = [.. _words.OrderBy(Encoding.ASCII.GetString, StringComparer.Ordinal)];
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        for (var place = 0; place < Fingerprint; place++)
        {
            low.Clear();
            high.Clear();
            for (var i = 0; i < sorted.Length; i++)
            {
                var group = i * Groups / sorted.Length;
                Add(sorted[i][place], group, low, high);
                Add((byte)char.ToUpperInvariant((char)sorted[i][place]), group, low, high);
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
}
