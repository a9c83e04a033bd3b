using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Tells whether the last lines together hold the words that a match of several lines (<c>maxlines</c>) needs: most lines come
/// while they do not, and need not be looked at.
/// </summary>
internal sealed class WindowWords
{
    private readonly int _most;
    private readonly WordSearch _search;
    private readonly ulong[] _marks;
    private readonly ulong[] _found = new ulong[1];

    // For each set of words, the number of the last line that held one of them.
    private readonly long[] _lastOf;
    private readonly NarrowText _narrow = new();
    private long _line;

    private WindowWords(IReadOnlyList<IReadOnlyCollection<string>> clauses, int most)
    {
        _most = most;
        _lastOf = new long[clauses.Count];
        Array.Fill(_lastOf, -most);
        var marks = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (i, words) in clauses.Index())
        {
            foreach (var word in words)
            {
                marks[word] = marks.GetValueOrDefault(word) | (1UL << i);
            }
        }

        _search = new WordSearch(marks.Keys);
        _marks = [.. marks.Values];
    }

    /// <summary>
    /// The words of a filter; null where it needs none that are known, or where <c>prefregex</c> changes the lines without a
    /// match.
    /// </summary>
    public static WindowWords? For(CompiledFilter filter)
    {
        if (filter.PrefRegex is not null || filter.IgnoresFirst || !LinePrefilter.CutsBetweenWords(filter.Dates))
        {
            return null;
        }

        var clauses = WordClauses.Of(LiteralNode.Any(filter.FailRegex.Select(LinePrefilter.WordsIn)));
        return clauses.Count == 0 ? null : new WindowWords(clauses, filter.Definition.MaxLines);
    }

    /// <summary>Counts a line, in UTF-8; true where it and those before may match together.</summary>
    public bool Next(ReadOnlySpan<byte> line) => Next(line, line.IndexOfAny(OtherCases.LeadBytes) >= 0);

    /// <summary>The same of a line in characters.</summary>
    public bool Next(ReadOnlySpan<char> line) => Next(_narrow.Of(line, out var hasOtherCases), hasOtherCases);

    private bool Next(ReadOnlySpan<byte> line, bool all)
    {
        _line++;
        _found[0] = all ? ulong.MaxValue : 0;
        if (!all)
        {
            _search.Mark(line, _marks, _found);
        }

        var mayMatch = true;
        for (var i = 0; i < _lastOf.Length; i++)
        {
            if ((_found[0] >> i & 1) != 0)
            {
                _lastOf[i] = _line;
            }

            mayMatch &= _lastOf[i] > _line - _most;
        }

        return mayMatch;
    }
}
