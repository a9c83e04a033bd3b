using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Finds the places of a text where one of a set of words may begin, sixteen places at a time, by the first four
/// bytes of the words: their halves are looked up in tables of eight bits, one bit for each of eight groups of words.
/// </summary>
internal sealed class WordPlaces
{
    /// <summary>So many bytes a word must have, and follow a place that is found.</summary>
    public const int Shortest = 3;

    private const int Fingerprint = 4;

    private const int Groups = 8;
    private const int BlockLength = 16;

    private readonly Tables _low;
    private readonly Tables _high;

    /// <summary>Looks for these words, in lower case, in any case.</summary>
    public WordPlaces(IReadOnlyList<byte[]> words)
    {
        // Words that begin alike share a group: their tables let less else through.
        byte[][] sorted = [.. words.OrderBy(Encoding.ASCII.GetString, StringComparer.Ordinal)];
        Span<byte> low = stackalloc byte[Fingerprint * 16];
        Span<byte> high = stackalloc byte[Fingerprint * 16];
        low.Clear();
        high.Clear();
        for (var i = 0; i < sorted.Length; i++)
        {
            var bit = (byte)(1 << (i * Groups / sorted.Length));
            for (var place = 0; place < Fingerprint; place++)
            {
                // After the shortest words comes anything.
                if (place >= sorted[i].Length)
                {
                    for (var half = 0; half < 16; half++)
                    {
                        Add(place, (byte)(half * 17), bit, low, high);
                    }

                    continue;
                }

                Add(place, sorted[i][place], bit, low, high);
                Add(place, (byte)char.ToUpperInvariant((char)sorted[i][place]), bit, low, high);
            }
        }

        _low = new Tables(low);
        _high = new Tables(high);

        static void Add(int place, byte c, byte bit, Span<byte> low, Span<byte> high)
        {
            low[(place * 16) + (c & 15)] |= bit;
            high[(place * 16) + (c >> 4)] |= bit;
        }
    }

    /// <summary>The next place; -1 where none is left.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cursor">How far it was searched.</param>
    public int Next(ReadOnlySpan<byte> text, ref Cursor cursor)
    {
        if (cursor.Found == 0 && !Search(text, ref cursor))
        {
            return -1;
        }

        var place = cursor.Block + BitOperations.TrailingZeroCount(cursor.Found);
        cursor.Found &= cursor.Found - 1;
        return place;
    }

    // The instruction is chosen once for a search: the choice would cost as much as the look-up.
    private bool Search(ReadOnlySpan<byte> text, ref Cursor cursor) =>
        Ssse3.IsSupported ? Search<Ssse3Lookup>(text, ref cursor)
        : AdvSimd.Arm64.IsSupported ? Search<AdvSimdLookup>(text, ref cursor)
        : Search<PlainLookup>(text, ref cursor);

    private bool Search<TLookup>(ReadOnlySpan<byte> text, ref Cursor cursor)
        where TLookup : struct, ILookup
    {
        var at = cursor.Next;
        ref var start = ref MemoryMarshal.GetReference(text);
        for (; at + BlockLength + Fingerprint - 1 <= text.Length; at += BlockLength)
        {
            if (Look<TLookup>(ref Unsafe.Add(ref start, at)) is not 0 and var found)
            {
                return cursor.Keep(at, found, at + BlockLength);
            }
        }

        return at + Shortest <= text.Length && SearchLast<TLookup>(text[at..], at, ref cursor);
    }

    // Beyond the end of the text no word goes on, but the shortest need nothing there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool SearchLast<TLookup>(ReadOnlySpan<byte> text, int at, ref Cursor cursor)
        where TLookup : struct, ILookup
    {
        Span<byte> last = stackalloc byte[BlockLength + Fingerprint - 1];
        last.Clear();
        text.CopyTo(last);
        return cursor.Keep(at, Look<TLookup>(ref MemoryMarshal.GetReference(last)), at + text.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Look<TLookup>(ref byte text)
        where TLookup : struct, ILookup
    {
        var found = GroupsAt<TLookup>(ref text, _low.First, _high.First) & GroupsAt<TLookup>(ref Unsafe.Add(ref text, 1), _low.Second, _high.Second)
            & GroupsAt<TLookup>(ref Unsafe.Add(ref text, 2), _low.Third, _high.Third) & GroupsAt<TLookup>(ref Unsafe.Add(ref text, 3), _low.Fourth, _high.Fourth);
        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> GroupsAt<TLookup>(ref byte place, Vector128<byte> low, Vector128<byte> high)
        where TLookup : struct, ILookup
    {
        var text = Vector128.LoadUnsafe(ref place);
        var half = Vector128.Create((byte)15);
        return TLookup.Take(low, text & half) & TLookup.Take(high, (text.AsUInt16() >>> 4).AsByte() & half);
    }

    // The bytes of a table at sixteen places.
    private interface ILookup
    {
        static abstract Vector128<byte> Take(Vector128<byte> table, Vector128<byte> places);
    }

    private readonly struct Ssse3Lookup : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Take(Vector128<byte> table, Vector128<byte> places) => Ssse3.Shuffle(table, places);
    }

    private readonly struct AdvSimdLookup : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> Take(Vector128<byte> table, Vector128<byte> places) => AdvSimd.Arm64.VectorTableLookup(table, places);
    }

    private readonly struct PlainLookup : ILookup
    {
        public static Vector128<byte> Take(Vector128<byte> table, Vector128<byte> places) => Vector128.Shuffle(table, places);
    }

    /// <summary>How far a text was searched; at first not at all.</summary>
    internal struct Cursor
    {
        /// <summary>Where the places that were found last begin.</summary>
        public int Block;

        /// <summary>A bit for each place from there that is still to be given.</summary>
        public uint Found;

        /// <summary>Where the search goes on.</summary>
        public int Next;

        /// <summary>Moves to a block; true where it has a place.</summary>
        public bool Keep(int block, uint found, int next)
        {
            (Block, Found, Next) = (block, found, next);
            return found != 0;
        }
    }

    // A table of sixteen bytes for each byte of the fingerprint.
    private readonly struct Tables(ReadOnlySpan<byte> bytes)
    {
        public readonly Vector128<byte> First = Vector128.Create(bytes[..16]);
        public readonly Vector128<byte> Second = Vector128.Create(bytes[16..32]);
        public readonly Vector128<byte> Third = Vector128.Create(bytes[32..48]);
        public readonly Vector128<byte> Fourth = Vector128.Create(bytes[48..64]);
    }
}
