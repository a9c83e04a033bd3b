using System.Buffers.Binary;
using System.Text;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Looks for any of a set of ASCII words, in any case of letters, in bytes. What words may stand at a place where one may begin,
/// a table by a hash of its first bytes tells; the first eight bytes of a word are compared at once.
/// </summary>
internal sealed class WordSearch
{
    private const int HashBits = 12;
    private const int HeadLength = 8;

    private readonly WordPlaces _places;
    private readonly Word[] _words;
    private readonly short[] _first = new short[1 << HashBits];

    /// <summary>A search of these words, each of three letters, digits or underscores of ASCII at least.</summary>
    public WordSearch(IEnumerable<string> words)
    {
        byte[][] texts = [.. words.Select(word => word.Select(c => (byte)char.ToLowerInvariant(c)).ToArray())];
        _places = new WordPlaces(texts);
        _words = new Word[texts.Length];
        Array.Fill(_first, (short)-1);
        for (var i = texts.Length - 1; i >= 0; i--)
        {
            ref var first = ref _first[Hash(texts[i])];
            _words[i] = new Word(texts[i], first);
            first = (short)i;
        }
    }

    /// <summary>Where the next word begins; -1 where none is left.</summary>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        var cursor = default(WordPlaces.Cursor);
        for (var at = _places.Next(text, ref cursor); at >= 0; at = _places.Next(text, ref cursor))
        {
            var rest = text[at..];
            for (int word = _first[Hash(rest)]; word >= 0; word = _words[word].Next)
            {
                if (_words[word].Begins(rest))
                {
                    return at;
                }
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
        var cursor = default(WordPlaces.Cursor);
        for (var at = _places.Next(text, ref cursor); at >= 0; at = _places.Next(text, ref cursor))
        {
            var rest = text[at..];
            for (int word = _first[Hash(rest)]; word >= 0; word = _words[word].Next)
            {
                if (!_words[word].Begins(rest))
                {
                    continue;
                }

                for (var i = 0; i < found.Length; i++)
                {
                    found[i] |= marks[(word * found.Length) + i];
                }
            }
        }
    }

    // The same for both cases of a letter.
    private static uint Hash(ReadOnlySpan<byte> text) => ((text[0] | ((uint)text[1] << 8) | ((uint)text[2] << 16) | 0x202020) * 0x9E3779B1) >> (32 - HashBits);

    private readonly struct Word
    {
        private readonly ulong _head;

        // The bit that tells a small letter from its capital, where the head has letters; and all bits of the bytes that it has.
        private readonly ulong _case;
        private readonly ulong _used;
        private readonly byte[] _text;

        public Word(byte[] text, short next)
        {
            (_text, Next) = (text, next);
            for (var i = 0; i < Math.Min(text.Length, HeadLength); i++)
            {
                _head |= (ulong)text[i] << (8 * i);
                _case |= (char.IsAsciiLetterLower((char)text[i]) ? 0x20UL : 0) << (8 * i);
                _used |= 0xFFUL << (8 * i);
            }
        }

        /// <summary>The next word of the same hash; -1 for none.</summary>
        public short Next { get; }

        /// <summary>Whether a text begins with it.</summary>
        public bool Begins(ReadOnlySpan<byte> text)
        {
            if (text.Length < HeadLength)
            {
                return text.Length >= _text.Length && Ascii.EqualsIgnoreCase(text[.._text.Length], _text);
            }

            return ((BinaryPrimitives.ReadUInt64LittleEndian(text) | _case) & _used) == _head
                && (_text.Length <= HeadLength || (text.Length >= _text.Length && Ascii.EqualsIgnoreCase(text[HeadLength.._text.Length], _text.AsSpan(HeadLength))));
        }
    }
}
