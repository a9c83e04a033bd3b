namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Tells which failure expressions of a filter can match a line at all, by the words in it: for each, one of a few words
/// must stand there. The others are not tried.
/// </summary>
internal sealed class ExpressionRoutes
{
    private const int MostWords = 1000;

    private readonly ulong[] _all;
    private readonly ulong[] _always;
    private readonly ulong[] _marks;
    private readonly WordSearch? _words;

    private ExpressionRoutes(int count, IReadOnlyList<IReadOnlyList<string>?> words, bool onContent)
    {
        OnContent = onContent;
        Width = Math.Max(1, (count + 63) / 64);
        _all = new ulong[Width];
        _always = new ulong[Width];
        string[] distinct = [.. words.SelectMany(some => some ?? []).Distinct(StringComparer.Ordinal)];
        var numbers = distinct.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        _marks = new ulong[distinct.Length * Width];
        for (var i = 0; i < count; i++)
        {
            var (place, bit) = (i >> 6, 1UL << (i & 63));
            _all[place] |= bit;
            if (words[i] is not { } some || distinct.Length > MostWords)
            {
                _always[place] |= bit;
            }

            foreach (var word in words[i] ?? [])
            {
                _marks[(numbers[word] * Width) + place] |= bit;
            }
        }

        _words = distinct.Length is 0 or > MostWords ? null : new WordSearch(distinct);
    }

    /// <summary>How many numbers of 64 bits hold a bit for each expression.</summary>
    public int Width { get; }

    /// <summary>Whether words can be looked for only once the date is cut out of a line, since the cut may join two.</summary>
    public bool OnContent { get; }

    /// <summary>The routes of a filter.</summary>
    public static ExpressionRoutes For(CompiledFilter filter)
    {
        var isSingle = filter.Definition.MaxLines <= 1;
        return new ExpressionRoutes(
            filter.FailRegex.Count, [.. filter.FailRegex.Select(expression => isSingle ? LinePrefilter.WordsIn(expression).Cheapest(LinePrefilter.Cost)?.Texts : null)],
            isSingle && !LinePrefilter.CutsBetweenWords(filter.Dates));
    }

    /// <summary>Marks the expressions that can match a line, in UTF-8 or with other characters than ASCII's replaced; false where none can.</summary>
    public bool Mark(ReadOnlySpan<byte> line, Span<ulong> wanted)
    {
        if (OnContent)
        {
            MarkAll(wanted);
            return true;
        }

        return MarkContent(line, wanted);
    }

    /// <summary>The same of a line whose date is cut out.</summary>
    public bool MarkContent(ReadOnlySpan<byte> line, Span<ulong> wanted)
    {
        if (_words is null || line.IndexOfAny(OtherCases.LeadBytes) >= 0)
        {
            MarkAll(wanted);
            return true;
        }

        _always.CopyTo(wanted);
        _words.Mark(line, _marks, wanted);
        return wanted.IndexOfAnyExcept(0UL) >= 0;
    }

    /// <summary>Marks all of them.</summary>
    public void MarkAll(Span<ulong> wanted) => _all.CopyTo(wanted);
}
