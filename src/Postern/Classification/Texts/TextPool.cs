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
        var hash = 2_166_136_261u;
        foreach (var b in text)
        {
            hash = (hash ^ b) * 16_777_619;
        }

        ref var slot = ref _slots[(hash ^ (hash >> 15)) % Slots];
        if (slot is null || !IsSame(slot, text))
        {
            slot = Encoding.Latin1.GetString(text);
        }

        return slot;
    }

    private static bool IsSame(string known, ReadOnlySpan<byte> text)
    {
        if (known.Length != text.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (known[i] != text[i])
            {
                return false;
            }
        }

        return true;
    }
}
