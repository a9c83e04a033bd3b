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
    private const int MostWords = 120;

    private readonly LiteralNode _needed;

    private LinePrefilter(LiteralNode needed, IReadOnlyList<string> words)
    {
        _needed = needed;
        Words = words;
    }

    /// <summary>Lets every line through.</summary>
    public static LinePrefilter None { get; } = new(LiteralNode.Nothing, []);

    /// <summary>The words; empty where every line must be looked at.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Whether lines can be passed over at all.</summary>
    public bool IsUseful => Words.Count > 0;

    /// <summary>The prefilter of a filter, its words chosen by their length.</summary>
    public static LinePrefilter For(CompiledFilter filter) => Choose(Needed(filter), Cost);

    /// <summary>The words that must stand in a line for a filter to match it, or to ignore it up front; nothing where it must see every line.</summary>
    public static LiteralNode Needed(CompiledFilter filter)
    {
        if (filter.Definition.MaxLines > 1 || !CutsBetweenWords(filter.Dates))
        {
            return LiteralNode.Nothing;
        }

        var needed = LiteralNode.Any(filter.FailRegex.Select(WordsIn));
        if (filter.PrefRegex is { } pref)
        {
            needed = LiteralNode.All([needed, WordsIn(pref)]);
        }
        // Lines that are ignored up front are counted, too.
        return filter.IgnoresFirst ? LiteralNode.Any([needed, .. filter.IgnoreRegex.Select(WordsIn)]) : needed;
    }

    /// <summary>Words of which some must stand in every line that an expression matches.</summary>
    public static LiteralNode WordsIn(FilterExpression expression) => expression.Pattern.Literals.Select(WordsOf);

    /// <summary>How common a word is likely to be: the longer, the rarer.</summary>
    public static double Cost(string word) => Math.Pow(2, -word.Length);

    /// <summary>Whether the cut of a date never joins two words: no word is made then that did not stand in the line.</summary>
    public static bool CutsBetweenWords(IEnumerable<DateTemplate> dates) => dates.All(CutsBetweenWords);

    /// <summary>The same with the words that are rarest in a log, which a part of it shows.</summary>
    public LinePrefilter Tuned(ReadOnlySpan<char> sample)
    {
        if (!IsUseful)
        {
            return this;
        }

        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var word in _needed.Texts())
        {
            if (!counts.ContainsKey(word))
            {
                counts[word] = Count(sample, word) + (1.0 / word.Length);
            }
        }

        return Choose(_needed, word => counts[word]);
    }

    private static LinePrefilter Choose(LiteralNode needed, Func<string, double> cost)
    {
        if (needed.Cheapest(cost) is not { } cheapest)
        {
            return None;
        }

        string[] words = [.. cheapest.Texts.Distinct(StringComparer.Ordinal)];
        // What holds another word is found by it.
        words = [.. words.Where(word => !Array.Exists(words, other => other.Length < word.Length && word.Contains(other, StringComparison.Ordinal)))];
        return words.Length > MostWords ? None : new LinePrefilter(needed, words);
    }

    private static int Count(ReadOnlySpan<char> sample, string word)
    {
        var count = 0;
        for (var at = sample.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = sample.IndexOf(word, StringComparison.OrdinalIgnoreCase))
        {
            count++;
            sample = sample[(at + word.Length)..];
        }

        return count;
    }

    private static LiteralNode WordsOf(string text)
    {
        var words = new List<LiteralNode>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && char.IsAscii(text[end]) && PythonCharacters.IsWord(text[end]))
            {
                end++;
            }

            if (end - at >= WordPlaces.Shortest)
            {
                words.Add(new Literal(text[at..end]));
            }

            at = Math.Max(end, at + 1);
        }

        return LiteralNode.All(words);
    }

    // After a date ends a word, or no word stands before it: what the cut joins is no word then.
    private static bool CutsBetweenWords(DateTemplate template) =>
        template.BeginsWithCut || template.CutsNothing || template.CutFollowsNoWord || ((template.Bounds & DateBounds.WordEnd) != DateBounds.None && template.CutEndsInWord);
}
