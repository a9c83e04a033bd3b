using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>One finding in a line.</summary>
/// <param name="Regex">The failure expression, from 0.</param>
/// <param name="Id">Whom it is counted by; null while that waits for a later line.</param>
/// <param name="Time">Seconds since 1970; null where the line has no date.</param>
/// <param name="Failure">All that is known.</param>
internal sealed record FilterMatch(int Regex, FailureId? Id, double? Time, Failure Failure);

/// <summary>What a line is to a filter.</summary>
/// <param name="Matches">Its findings.</param>
/// <param name="IsIgnored">An ignoring expression matched.</param>
/// <param name="GaveUp">It would have cost more than a line may.</param>
/// <param name="NamesOnly">A host name was found that could not be looked up.</param>
internal readonly record struct FilterResult(IReadOnlyList<FilterMatch> Matches, bool IsIgnored, bool GaveUp, bool NamesOnly);

/// <summary>
/// Runs a filter over the lines of one log, in fail2ban's order: the date is found and cut out, a line feed is added; the
/// ignoring expressions come first where they are few; <c>prefregex</c> must match, and its <c>&lt;F-CONTENT&gt;</c> becomes the
/// line; then the failure expressions in their order, and for each that matches the ignoring ones.
/// </summary>
internal sealed class FilterMatcher
{
    private static readonly FilterResult s_nothing = new([], false, false, false);

    private readonly CompiledFilter _filter;
    private readonly FilterOptions _options;
    private readonly DateClock _clock;
    private readonly DateDetector _dates;
    private readonly ConnectionMerge _connections;
    private readonly MatchScratch _scratch = new();
    private readonly MatchLines _lines;
    private readonly FailureNamer _namer;
    private string _lastDate = "";
    private double? _lastTime;

    /// <summary>A matcher of one log.</summary>
    public FilterMatcher(CompiledFilter filter, FilterOptions options, DateClock clock)
    {
        _filter = filter;
        _options = options;
        InOperation = options.InOperation;
        _clock = clock;
        _dates = new DateDetector(filter.Dates, clock, options.DefaultOffset);
        _connections = new ConnectionMerge(clock.Time);
        _lines = new MatchLines(filter.Definition.MaxLines);
        _namer = new FailureNamer(filter.UseDns, options);
    }

    /// <summary>Whether lines whose time is far from now are taken as happening now, as a running daemon does; at first as the options say.</summary>
    public bool InOperation { get; set; }

    /// <summary>The forms of dates with their hits.</summary>
    public IEnumerable<(string Name, long Hits)> DateHits => _dates.Hits;

    /// <summary>The last lines, as far as no match took them.</summary>
    public IReadOnlyList<LineParts> Waiting => _lines.Lines;

    /// <summary>Matches a line, without the line feed that ends it.</summary>
    public FilterResult Match(string line)
    {
        _scratch.NextLine();
        double? time = null;
        var noDate = false;
        LineParts parts;
        if (_dates.Find(line, _scratch) is { } found)
        {
            parts = new LineParts(line, found.Start, found.End);
            if (found.Start == found.End)
            {
                var isRecent = IsRecent(_lastTime);
                parts = isRecent ? new LineParts(line, OtherDate: _lastDate) : parts;
                time = isRecent ? _lastTime : _clock.UnixNow;
            }
            else if (found.Time is { } read)
            {
                time = read;
                var date = line.AsSpan(found.Start, found.End - found.Start);
                if (!date.SequenceEqual(_lastDate))
                    _lastDate = date.ToString();
                _lastTime = read;
            }
        }
        else
        {
            parts = new LineParts(line);
        }

        if (time is null)
        {
            noDate = true;
            if (IsRecent(_lastTime))
            {
                parts = new LineParts(line, OtherDate: _lastDate);
                time = _lastTime;
            }
            else if (InOperation)
            {
                time = _clock.UnixNow;
            }
        }

        return MatchParts(parts, time, noDate);
    }

    /// <summary>Matches a message whose time is known from elsewhere, such as the journal's.</summary>
    public FilterResult Match(string message, double time)
    {
        _scratch.NextLine();
        _lastTime = time;
        _lastDate = "";
        return MatchParts(new LineParts(message), time, false);
    }

    private bool IsRecent(double? time) => time > _clock.UnixNow - 60;

    private FilterResult MatchParts(LineParts parts, double? time, bool noDate)
    {
        if (InOperation && time is { } stated && Math.Abs(Math.Truncate(stated - _clock.UnixNow)) > 60)
        {
            time = _clock.UnixNow;
            _lastTime = time;
        }

        _lines.Add(parts);
        var text = _lines.Text;
        if (_filter.IgnoresFirst && IsIgnored(text) is { } ignored)
            return ignored ? s_nothing with { IsIgnored = true } : s_nothing with { GaveUp = true };
        Dictionary<string, string?>? before = null;
        if (_filter.PrefRegex is { } pref)
        {
            var result = pref.Pattern.Search(text, _scratch);
            if (result != SearchResult.Match)
                return s_nothing with { GaveUp = result == SearchResult.GaveUp };
            before = pref.Groups(text, _scratch);
            if (before.Remove("content", out var content) && !string.IsNullOrEmpty(content))
            {
                _lines.Replace(content);
                text = _lines.Text;
            }
        }

        return MatchAll(text, before, time, noDate);
    }

    private FilterResult MatchAll(string text, Dictionary<string, string?>? before, double? time, bool noDate)
    {
        List<FilterMatch>? matches = null;
        bool wasIgnored = false, namesOnly = false;
        for (var index = 0; index < _filter.FailRegex.Count; index++)
        {
            var expression = _filter.FailRegex[index];
            var found = expression.Pattern.Search(text, _scratch);
            if (found == SearchResult.GaveUp)
                return new FilterResult(matches ?? [], wasIgnored, true, namesOnly);
            if (found == SearchResult.NoMatch)
                continue;
            var own = expression.Groups(text, _scratch);
            var matched = _lines.Matched(expression, text, _scratch);
            if (_filter.IgnoreRegex.Count > 0 && IsIgnored(_lines.IsMany ? MatchLines.TextOf(matched) : text) is { } ignored)
            {
                if (!ignored)
                    return new FilterResult(matches ?? [], wasIgnored, true, namesOnly);
                wasIgnored = true;
                if (!_options.TryAll || _lines.IsMany)
                    _lines.KeepUnmatched();
                text = _lines.Text;
                if (!_options.TryAll)
                    break;
                continue;
            }

            if (noDate && time is null && InOperation)
                continue;
            if (!_options.TryAll || _lines.IsMany)
            {
                _lines.KeepUnmatched();
                text = _lines.Text;
            }

            var failure = new Failure(Joined(before, own));
            if (failure["mlfid"] is { } connection)
            {
                failure = _connections.Merge(connection, failure, matched);
                if (failure.IsNoFailure && !_options.TryAll)
                    break;
            }
            else
            {
                failure.Matches = [.. matched];
            }

            var ids = _namer.Name(failure, out var isNameOnly);
            foreach (var id in ids)
            {
                if (id is null)
                {
                    failure.IsPending = true;
                    if (!_options.GivePending && !_options.TryAll)
                        return new FilterResult(matches ?? [], wasIgnored, false, namesOnly);
                }

                // Only what belongs to a connection is changed by later lines.
                (matches ??= []).Add(new FilterMatch(index, id, time, _options.TryAll && failure["mlfid"] is not null ? failure.Copy() : failure));
            }

            namesOnly |= isNameOnly;
            if (!_options.TryAll)
                break;
        }

        return new FilterResult(matches ?? [], wasIgnored, false, namesOnly);
    }

    private static Dictionary<string, string?> Joined(Dictionary<string, string?>? before, Dictionary<string, string?> own)
    {
        if (before is null)
            return own;
        var all = new Dictionary<string, string?>(before, StringComparer.Ordinal);
        foreach (var (name, value) in own)
            all[name] = value;
        return all;
    }

    // True for ignored, false for a budget that ended, null for neither.
    private bool? IsIgnored(string text)
    {
        foreach (var expression in _filter.IgnoreRegex)
        {
            var result = expression.Pattern.Search(text, _scratch);
            if (result != SearchResult.NoMatch)
                return result == SearchResult.Match;
        }

        return null;
    }
}
