using System.Buffers;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Letters that are another case of ASCII's (U+0130, U+0131, U+017F, U+212A). A search for words of ASCII does not know that they
/// stand for letters of these: a line that holds one must be looked at.
/// </summary>
internal static class OtherCases
{
    /// <summary>The letters.</summary>
    public static SearchValues<char> Letters { get; } = SearchValues.Create("\u0130\u0131\u017F\u212A");

    /// <summary>The bytes that they, and others, begin with in UTF-8.</summary>
    public static SearchValues<byte> LeadBytes { get; } = SearchValues.Create([0xC4, 0xC5, 0xE2]);
}
