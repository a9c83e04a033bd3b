using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Postern.Facts;

/// <summary>
/// A quick hash for tables whose keys a client chooses. Its seeds are drawn anew in each process, and each step mixes them in by a
/// full multiplication, so that nobody can prepare keys that fall together. Not for what is kept or compared between processes.
/// </summary>
internal static class SeededHash
{
    private static readonly ulong s_first = Draw(), s_second = Draw(), s_third = Draw();

    /// <summary>The hash of two numbers.</summary>
    public static int Of(ulong high, ulong low) => (int)Fold(Fold(high ^ s_first, s_second) ^ low, s_third);

    /// <summary>The hash of bytes; never 0, which stands for 'none'.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = s_first ^ (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), s_second);
        }

        var rest = 0ul;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Fold(hash ^ rest, s_third) | 1;
    }

    /// <summary>The 64-bit hash of two numbers; never 0, which stands for 'none'.</summary>
    public static ulong Of64(ulong first, ulong second) => Fold(Fold(first ^ s_first, s_second) ^ second, s_third) | 1;

    /// <summary>A hash that takes one more number.</summary>
    /// <param name="hash">One that this class has made: the number could undo any other.</param>
    /// <param name="value">The number.</param>
    public static ulong Add(ulong hash, ulong value) => Fold(hash ^ value ^ s_first, s_second);

    private static ulong Fold(ulong value, ulong seed)
    {
        var high = Math.BigMul(value, seed, out var low);
        return high ^ low;
    }

    private static ulong Draw()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 0x8000_0000_0000_0001;
    }
}
