using System.Numerics;

namespace Postern.Fail2Ban.Filters;

/// <summary>
/// Many filters over one stream of lines: one search for the words that they need tells which of them must look at a line.
/// The others cannot match it. It holds no state; one may be used for all logs, on one thread at a time.
/// </summary>
internal sealed class FilterBank
{
    private readonly int _width;
    private readonly WordSearch _search;
    private readonly ulong[] _marks;
    private readonly ulong[] _given;
    private readonly ulong[] _found;
    private readonly ulong[] _all;
    private readonly NarrowText _narrow = new();

    /// <summary>A bank of these filters.</summary>
    public FilterBank(IReadOnlyList<CompiledFilter> filters)
    {
        Count = filters.Count;
        _width = (filters.Count + 63) / 64;
        // A bit for each filter, for each of its clauses in turn: a line must hold a word of each.
        _given = new ulong[_width * WordClauses.Most];
        _found = new ulong[_given.Length];
        _all = new ulong[_width];
        var marks = new Dictionary<string, ulong[]>(StringComparer.Ordinal);
        for (var i = 0; i < filters.Count; i++)
        {
            var bit = 1UL << (i & 63);
            _all[i >> 6] |= bit;
            var clauses = WordClauses.Of(LinePrefilter.Needed(filters[i]));
            for (var clause = 0; clause < WordClauses.Most; clause++)
            {
                var place = (clause * _width) + (i >> 6);
                if (clause >= clauses.Count)
                {
                    _given[place] |= bit;
                    continue;
                }

                foreach (var word in clauses[clause])
                {
                    if (!marks.TryGetValue(word, out var own))
                    {
                        marks[word] = own = new ulong[_given.Length];
                    }

                    own[place] |= bit;
                }
            }
        }

        _search = new WordSearch(marks.Keys);
        _marks = [.. marks.Values.SelectMany(own => own)];
    }

    /// <summary>How many filters there are.</summary>
    public int Count { get; }

    /// <summary>Which filters must look at a line, in UTF-8.</summary>
    /// <param name="line">The line.</param>
    /// <param name="filters">Takes their indexes, ascending; as long as there are filters.</param>
    /// <returns>How many they are.</returns>
    public int Route(ReadOnlySpan<byte> line, Span<int> filters) => Route(line, line.IndexOfAny(OtherCases.LeadBytes) >= 0, filters);

    /// <summary>The same of a line as a string.</summary>
    public int Route(string line, Span<int> filters) => Route(_narrow.Of(line, out var hasOtherCases), hasOtherCases, filters);

    private int Route(ReadOnlySpan<byte> line, bool all, Span<int> filters)
    {
        _given.CopyTo(_found, 0);
        if (!all)
        {
            _search.Mark(line, _marks, _found);
        }

        var count = 0;
        for (var i = 0; i < _width; i++)
        {
            var wanted = _all[i];
            for (var clause = 0; clause < WordClauses.Most && !all; clause++)
            {
                wanted &= _found[(clause * _width) + i];
            }

            for (; wanted != 0; wanted &= wanted - 1)
            {
                filters[count++] = (i << 6) + BitOperations.TrailingZeroCount(wanted);
            }
        }

        return count;
    }
}
