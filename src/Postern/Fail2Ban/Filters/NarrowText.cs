using System.Text;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Characters as bytes for a search of ASCII words: what is not ASCII becomes anything, but letters that are another case of
/// ASCII's are told.
/// </summary>
internal sealed class NarrowText
{
    private byte[] _bytes = new byte[1024];

    /// <summary>The bytes, until the next call.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="hasOtherCases">Whether a letter is another case of ASCII's: the search may miss a word then.</param>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<char> text, out bool hasOtherCases)
    {
        hasOtherCases = text.IndexOfAny(OtherCases.Letters) >= 0;
        if (_bytes.Length < text.Length)
        {
            _bytes = new byte[text.Length * 2];
        }

        return _bytes.AsSpan(0, Encoding.Latin1.GetBytes(text, _bytes));
    }
}
