using System.Buffers.Binary;

namespace Postern.Capture.Headers;

/// <summary>
/// A quick 64-bit hash of a few dozen bytes, for telling conversations and queue ids apart. Its seed is drawn anew in
/// each process, because a client chooses its own port and could otherwise make two conversations fall together.
/// </summary>
internal static class Hash64
{
    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>The hash; never 0, which stands for 'none'.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = s_seed ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        ulong rest = 0;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(hash ^ rest) | 1;
    }

    /// <summary>The hash of two numbers.</summary>
    public static ulong Of(ulong first, ulong second) => Mix(Mix(s_seed ^ first) ^ second) | 1;

    private static ulong Mix(ulong value)
    {
        value *= 0x9E37_79B9_7F4A_7C15;
        value ^= value >> 32;
        value *= 0xD6E8_FEB8_6659_FD93;
        return value ^ (value >> 29);
    }
}
