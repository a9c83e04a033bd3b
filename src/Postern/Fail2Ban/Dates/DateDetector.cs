using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Dates;

/// <summary>What was found of a date.</summary>
/// <param name="Start">Where the text to cut out begins; equal to <paramref name="End"/> where the date is optional and not there.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Time">Seconds since 1970; null where the text makes no date.</param>
internal readonly record struct FoundDate(int Start, int End, double? Time);

/// <summary>
/// Looks for the date of a line among several forms. Forms that hit move up, and a form that finds its date elsewhere than
/// in earlier lines must be better than the others: a message may quote a date.
/// </summary>
internal sealed class DateDetector
{
    // A form that was not used for so long, in seconds, gives way.
    private const double LongUnused = 300;

    private readonly List<Candidate> _candidates;
    private readonly DateClock _clock;
    private readonly int? _defaultOffset;
    private Place _last = new(1, -2, -2);
    private Place _lastEnd = new(int.MaxValue, -2, -2);
    private int _lastIndex = int.MaxValue;
    private int _firstUnused;
    private long _tries;
    private DateTemplate? _readBy;
    private double _readAt;
    private char[] _readText = [];
    private int _readLength;
    private PlainDate _plain;
    private double? _readTime;

    /// <summary>A detector of these forms.</summary>
    /// <param name="templates">The forms in their order.</param>
    /// <param name="clock">The present.</param>
    /// <param name="defaultOffset">Minutes east of UTC for dates without a zone (<c>logtimezone</c>); null for the clock's zone.</param>
    public DateDetector(IReadOnlyList<DateTemplate> templates, DateClock clock, int? defaultOffset)
    {
        _candidates = [.. templates.Select(template => new Candidate(template))];
        _clock = clock;
        _defaultOffset = defaultOffset;
    }

    /// <summary>The forms in their present order, with their hits.</summary>
    public IEnumerable<(string Name, long Hits)> Hits => _candidates.Select(candidate => (candidate.Template.Name, candidate.Hits));

    /// <summary>The date of a line; null where none is found.</summary>
    /// <param name="line">The line.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="now">The present, in seconds since 1970.</param>
    public FoundDate? Find(ReadOnlySpan<char> line, MatchScratch scratch, double now)
    {
        var found = default(Found);
        var skip = -1;
        if (_lastIndex < _candidates.Count && !TryLast(line, scratch, out found, out skip) && Search(line, scratch, found, skip) is { } better)
        {
            found = better;
        }
        else if (_lastIndex >= _candidates.Count && Search(line, scratch, default, -1) is { } first)
        {
            found = first;
        }

        if (!found.IsMatch)
        {
            return null;
        }

        var template = _candidates[found.Index].Template;
        Won(found, new Place(found.Start, Char(line, found.Start - 1), Char(line, found.Start)), new Place(found.End, Char(line, found.End > 0 ? found.End - 1 : line.Length - 1), Char(line, found.End)), now);
        // A later try that was worse may have been read since.
        if (found.IsPlain && (_tries == found.Try || PlainDate.TryRead(template.Plain, line, out _plain)))
        {
            return new FoundDate(0, found.End, Read(template, line[..found.End], now, _plain));
        }
        // The scratch may hold the groups of a later try that was worse.
        if (_tries != found.Try && template.Regex.Search(line[..found.Limit], scratch, found.From) != SearchResult.Match)
        {
            return null;
        }

        var group = scratch.Group(1) ?? 0..0;
        var (start, length) = group.GetOffsetAndLength(line.Length);
        return new FoundDate(start, start + length, length == 0 ? null : Read(template, line, line.Slice(start, length), scratch, now));
    }

    /// <summary>
    /// Takes over a date that was read elsewhere, where this would find it, too: by the form of the line before, which is
    /// bound to the start of the line. False where it must be looked for.
    /// </summary>
    /// <param name="template">The form.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="first">The line's first character.</param>
    /// <param name="last">The date's last character.</param>
    /// <param name="now">The present, in seconds since 1970.</param>
    public bool TryTake(DateTemplate template, int end, char first, char last, double now)
    {
        if (_lastIndex >= _candidates.Count || !ReferenceEquals(_candidates[_lastIndex].Template, template))
        {
            return false;
        }

        _tries++;
        _candidates[_lastIndex].Matches++;
        // A blank follows every date that is read without its expression.
        Won(new Found(true, _lastIndex, 0, end, 0, end, _tries, true), new Place(0, -1, first), new Place(end, last, ' '), now);
        return true;
    }

    // Many lines have the date of the line before; what a date means changes with the day at most.
    private double? Read(DateTemplate template, ReadOnlySpan<char> line, ReadOnlySpan<char> date, MatchScratch scratch, double now)
    {
        var minute = Math.Floor(now / 60);
        if (!IsKnown(template, date, minute))
        {
            Keep(template, date, minute, template.Read(line, scratch, _clock, _defaultOffset));
        }

        return _readTime;
    }

    private double? Read(DateTemplate template, ReadOnlySpan<char> date, double now, in PlainDate plain)
    {
        var minute = Math.Floor(now / 60);
        if (!IsKnown(template, date, minute))
        {
            Keep(template, date, minute, DateFields.ToUnix(plain, _clock, _defaultOffset));
        }

        return _readTime;
    }

    private bool IsKnown(DateTemplate template, ReadOnlySpan<char> date, double minute) =>
        ReferenceEquals(template, _readBy) && minute == _readAt && date.SequenceEqual(_readText.AsSpan(0, _readLength));

    private void Keep(DateTemplate template, ReadOnlySpan<char> date, double minute, double? time)
    {
        if (_readText.Length < date.Length)
        {
            _readText = new char[date.Length * 2];
        }

        date.CopyTo(_readText);
        (_readBy, _readAt, _readLength, _readTime) = (template, minute, date.Length, time);
    }

    // True where the form of the line before is at the same place again, or bound to an end of the line.
    private bool TryLast(ReadOnlySpan<char> line, MatchScratch scratch, out Found found, out int skip)
    {
        var candidate = _candidates[_lastIndex];
        skip = -1;
        var (from, limit) = (0, line.Length);
        if (candidate.Template.IsAnchored)
        {
            skip = _lastIndex;
        }
        else if (HasSameEdges(line))
        {
            (from, limit) = (Math.Min(_last.At, line.Length), Math.Min(_lastEnd.At, line.Length));
        }
        else
        {
            skip = _lastIndex;
        }

        found = limit < from ? default : Match(line, scratch, _lastIndex, from, limit);
        if (!found.IsMatch)
        {
            return false;
        }

        if (_candidates.Count == 1 || candidate.Template.IsAnchored || (found.Start == _last.At && found.End == _lastEnd.At))
        {
            return true;
        }

        return false;
    }

    private bool HasSameEdges(ReadOnlySpan<char> line)
    {
        var (at, end) = (_last.At, _lastEnd.At);
        return (Char(line, at - 1) == _last.Before || (Char(line, at) == _last.After && !IsAlphanumeric(_last.After)))
            && (Char(line, end) == _lastEnd.After || (Char(line, end - 1) == _lastEnd.Before && !IsAlphanumeric(_lastEnd.Before)));
    }

    private Found? Search(ReadOnlySpan<char> line, MatchScratch scratch, Found best, int skip)
    {
        for (var i = 0; i < _candidates.Count; i++)
        {
            if (i == skip)
            {
                continue;
            }

            var candidate = _candidates[i];
            var found = Match(line, scratch, i, 0, line.Length);
            if (!found.IsMatch)
            {
                continue;
            }

            if (i + 1 >= _candidates.Count || candidate.Template.IsAnchored)
            {
                return found;
            }

            if (found.Start == 0 && candidate.Hits > 0 && _candidates[i + 1].Matches == 0)
            {
                return found;
            }

            if (found.Start <= candidate.Distance && found.Start <= _last.At)
            {
                return found;
            }
            // Elsewhere than before: perhaps a date within the message. The nearest to the start is kept meanwhile.
            if (!best.IsMatch || found.Start < best.Start)
            {
                best = found;
            }
        }

        return best.IsMatch ? best : null;
    }

    private Found Match(ReadOnlySpan<char> line, MatchScratch scratch, int index, int from, int limit)
    {
        _tries++;
        var template = _candidates[index].Template;
        if (template.Plain != PlainForm.None && from == 0 && limit == line.Length && PlainDate.TryRead(template.Plain, line, out _plain))
        {
            _candidates[index].Matches++;
            return new Found(true, index, 0, _plain.End, from, limit, _tries, true);
        }

        if (template.Regex.Search(line[..limit], scratch, from) != SearchResult.Match)
        {
            return default;
        }

        _candidates[index].Matches++;
        var (start, length) = scratch.Group(0)!.Value.GetOffsetAndLength(line.Length);
        return new Found(true, index, start, start + length, from, limit, _tries, false);
    }

    private void Won(Found found, Place start, Place end, double now)
    {
        var candidate = _candidates[found.Index];
        candidate.Hits++;
        candidate.LastUsed = now;
        candidate.Distance = found.Start;
        if (_firstUnused == found.Index)
        {
            _firstUnused++;
        }

        (_last, _lastEnd) = (start, end);
        _lastIndex = found.Index > 0 && found.Index != _lastIndex ? MoveUp(found.Index) : found.Index;
    }

    // Where nothing moves in between, the index of the form; its candidate is looked up by the caller before.
    private int MoveUp(int index)
    {
        var candidate = _candidates[index];
        var target = _firstUnused < index ? _firstUnused : index / 2;
        if (!Outranks(candidate, _candidates[target]))
        {
            if (target == index - 1)
            {
                return index;
            }

            target = index - 1;
            if (!Outranks(candidate, _candidates[target]))
            {
                return index;
            }
        }

        _candidates.RemoveAt(index);
        _candidates.Insert(target, candidate);
        while (_firstUnused < _candidates.Count && _candidates[_firstUnused].Hits > 0)
        {
            _firstUnused++;
        }

        return target;
    }

    private static bool Outranks(Candidate one, Candidate other) =>
        one.Weight > other.Weight || one.LastUsed - LongUnused > other.LastUsed;

    private static int Char(ReadOnlySpan<char> line, int index) => index >= 0 && index < line.Length ? line[index] : -1;

    private static bool IsAlphanumeric(int c) => c >= 0 && c != '_' && PythonCharacters.IsWord(c);

    private readonly record struct Place(int At, int Before, int After);

    private readonly record struct Found(bool IsMatch, int Index, int Start, int End, int From, int Limit, long Try, bool IsPlain);

    private sealed class Candidate(DateTemplate template)
    {
        public DateTemplate Template { get; } = template;

        public long Hits { get; set; }

        // Matches, whether they won or not.
        public long Matches { get; set; }

        public double LastUsed { get; set; }

        public int Distance { get; set; } = int.MaxValue;

        public double Weight => Hits * Template.Weight / Math.Max(1, Distance);
    }
}
