using System.Buffers;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Words of which one must stand in every line that a filter can match: all lines without one are passed over at the speed
/// of a vectorised search. Only whole runs of word characters are looked for, since the cut that takes the date out of a
/// line never joins such a run.
/// </summary>
internal sealed class LinePrefilter
{
    private const int MostWords = 100;
    private const int ShortestWord = 3;

    // In another case than ASCII's these are letters of words that are looked for, and the search does not know it.
    private static readonly SearchValues<char> s_otherCases = SearchValues.Create("\u0130\u0131\u017F\u212A");

    private readonly SearchValues<string>? _words;

    private LinePrefilter(IReadOnlyList<string>? words)
    {
        Words = words ?? [];
        _words = words is null ? null : SearchValues.Create([.. words], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Lets every line through.</summary>
    public static LinePrefilter None { get; } = new(null);

    /// <summary>The words; empty where every line must be looked at.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Whether lines can be passed over at all.</summary>
    public bool IsUseful => _words is not null;

    /// <summary>Whether the filter might match this line.</summary>
    public bool MayMatch(ReadOnlySpan<char> line) => _words is null || IndexOfCandidate(line) >= 0;

    /// <summary>Where the next word stands, in one line or in many; -1 where none is left.</summary>
    public int IndexOfCandidate(ReadOnlySpan<char> text)
    {
        if (_words is null)
            return 0;
        var word = text.IndexOfAny(_words);
        var other = (word < 0 ? text : text[..word]).IndexOfAny(s_otherCases);
        return other >= 0 ? other : word;
    }

    /// <summary>The words of a filter.</summary>
    public static LinePrefilter For(CompiledFilter filter)
    {
        if (filter.Definition.MaxLines > 1 || !filter.Dates.All(CutsBetweenWords))
            return None;
        var words = OfAll(filter.FailRegex);
        if (filter.PrefRegex is { } pref)
            words = Better(words, WordsOf(pref.Pattern));
        // Lines that are ignored up front are counted, too.
        if (words is not null && filter.IgnoresFirst)
            words = OfAll(filter.IgnoreRegex) is { } ignored ? [.. words, .. ignored] : null;
        return words is null || words.Count == 0 || words.Count > MostWords ? None : new LinePrefilter([.. words.Distinct(StringComparer.Ordinal)]);
    }

    private static List<string>? OfAll(IReadOnlyList<FilterExpression> expressions)
    {
        var all = new List<string>();
        foreach (var expression in expressions)
        {
            if (WordsOf(expression.Pattern) is not { } words)
                return null;
            all.AddRange(words);
        }

        return all;
    }

    private static List<string>? Better(List<string>? one, List<string>? other) =>
        one is null || (other is not null && other.Count > 0 && one.Count > MostWords) ? other : one;

    private static List<string>? WordsOf(PythonPattern pattern)
    {
        var words = new List<string>();
        foreach (var literal in pattern.Literals)
        {
            if (LongestWord(literal) is not { Length: >= ShortestWord } word)
                return null;
            words.Add(word);
        }

        return words.Count == 0 ? null : words;
    }

    private static string LongestWord(string text)
    {
        var best = "";
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && char.IsAscii(text[end]) && PythonCharacters.IsWord(text[end]))
                end++;
            if (end - at > best.Length)
                best = text[at..end];
            at = Math.Max(end, at + 1);
        }

        return best;
    }

    // After a date ends a word, or nothing stands before it: what the cut joins is no word then.
    private static bool CutsBetweenWords(DateTemplate template) =>
        template.BeginsWithCut || ((template.Bounds & DateBounds.WordEnd) != DateBounds.None && template.CutEndsInWord);
}
