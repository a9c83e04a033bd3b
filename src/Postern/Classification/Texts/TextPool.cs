using System.Buffers.Binary;
using System.Text;

namespace Postern.Classification.Texts;

/// <summary>
/// Turns bytes into strings and gives the same string for the same bytes, as long as it remembers them: the names and
/// reasons of a client's sessions repeat, and a log has many sessions. For one thread.
/// </summary>
internal sealed class TextPool
{
    private const int Slots = 4096;
    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The string, each byte a character (Latin-1); only the last of equal hash is remembered, so that memory is bounded.</summary>
    public string Get(ReadOnlySpan<byte> text)
    {
        ref var slot = ref _slots[Hash(text) % Slots];
        // Text beyond ASCII is never the same, and so made anew each time.
        if (slot is null || !Ascii.Equals(text, slot))
        {
            slot = Encoding.Latin1.GetString(text);
        }

        return slot;
    }

    // Eight bytes at a time: whole sessions are looked up here. Equal hashes only make a string anew.
    private static uint Hash(ReadOnlySpan<byte> text)
    {
        const ulong Factor = 0x9E37_79B9_7F4A_7C15;
        var hash = (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Factor;
            hash ^= hash >> 29;
            text = text[8..];
        }

        foreach (var b in text)
        {
            hash = (hash ^ b) * Factor;
        }

        return (uint)(hash >> 40);
    }
}
