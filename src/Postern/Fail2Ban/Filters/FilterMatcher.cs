using System.Text;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;

namespace Postern.Fail2Ban.Filters;

/// <summary>One finding in a line.</summary>
/// <param name="Regex">The failure expression, from 0.</param>
/// <param name="Id">Whom it is counted by; null while that waits for a later line.</param>
/// <param name="Time">Seconds since 1970; null where the line has no date.</param>
/// <param name="Failure">All that is known.</param>
internal sealed record FilterMatch(int Regex, FailureId? Id, double? Time, FilterFailure Failure);

/// <summary>What a line is to a filter.</summary>
/// <param name="Matches">Its findings.</param>
/// <param name="IsIgnored">An ignoring expression matched.</param>
/// <param name="GaveUp">It would have cost more than a line may.</param>
/// <param name="NamesOnly">A host name was found that could not be looked up.</param>
internal readonly record struct FilterResult(IReadOnlyList<FilterMatch> Matches, bool IsIgnored, bool GaveUp, bool NamesOnly);

/// <summary>A line that was matched elsewhere, by a date that stands at its start.</summary>
/// <param name="Template">The form of the date.</param>
/// <param name="End">Where the date ends.</param>
/// <param name="Time">Seconds since 1970.</param>
/// <param name="Content">What the expressions found.</param>
internal readonly record struct MatchedAhead(DateTemplate Template, int End, double Time, ContentResult Content);

/// <summary>
/// Runs a filter over the lines of one log, in fail2ban's order: the date is found and cut out, a line feed is added; the
/// ignoring expressions come first where they are few; <c>prefregex</c> must match, and its <c>&lt;F-CONTENT&gt;</c> becomes the
/// line; then the failure expressions in their order, and for each that matches the ignoring ones.
/// </summary>
internal sealed class FilterMatcher
{
    // Seconds. A date so old is not that of the lines after it.
    private const double Recent = 60;

    private static readonly FilterResult s_nothing = new([], false, false, false);

    private readonly FilterOptions _options;
    private readonly DateClock _clock;
    private readonly DateDetector _dates;
    private readonly ConnectionMerge _connections;
    private readonly MatchScratch _scratch = new();
    private readonly ContentMatcher _content;
    private readonly ManyLinesMatcher? _many;
    private readonly FailureNamer _namer;
    private readonly ExpressionRoutes _routes;
    private readonly ulong[] _wanted;
    private readonly NarrowText _narrow = new();
    private char[] _chars = new char[1024];
    private char[] _lastDate = [];
    private int _lastDateLength;
    private double? _lastTime;

    /// <summary>A matcher of one log.</summary>
    public FilterMatcher(CompiledFilter filter, FilterOptions options, DateClock clock)
    {
        _options = options;
        InOperation = options.InOperation;
        _clock = clock;
        _routes = filter.Routes;
        _wanted = new ulong[_routes.Width];
        _dates = new DateDetector(filter.Dates, clock, options.DefaultOffset);
        _connections = new ConnectionMerge(clock.Time);
        _content = new ContentMatcher(filter, _scratch, options.TryAll);
        _many = filter.Definition.MaxLines > 1 ? new ManyLinesMatcher(filter, _scratch, options.TryAll) : null;
        _namer = new FailureNamer(filter.UseDns, options);
    }

    /// <summary>Whether lines whose time is far from now are taken as happening now, as a running daemon does; at first as the options say.</summary>
    public bool InOperation { get; set; }

    /// <summary>The forms of dates with their hits.</summary>
    public IEnumerable<(string Name, long Hits)> DateHits => _dates.Hits;

    /// <summary>The last lines, as far as no match took them, where several are looked at together.</summary>
    public IReadOnlyList<LineParts> Waiting
    {
        get
        {
            TakePassed(_clock.UnixNow);
            return _many?.Lines ?? [];
        }
    }

    /// <summary>Matches a line, without the line feed that ends it.</summary>
    public FilterResult Match(string line)
    {
        var now = _clock.UnixNow;
        TakePassed(now);
        var dated = Date(line, now);
        return Conclude(Content(line, dated), dated.Time);
    }

    /// <summary>Matches a line in UTF-8; what is none is replaced.</summary>
    public FilterResult Match(ReadOnlySpan<byte> line)
    {
        if (_many?.Next(line) is false)
        {
            _many.Pass(line);
            return s_nothing;
        }

        var now = _clock.UnixNow;
        TakePassed(now);
        var text = Decoded(line);
        var dated = Date(text, now);
        if (_many is not null)
        {
            _many.Add(dated.Parts(text.ToString()));
            return Conclude(_many.Match(), dated.Time);
        }

        _routes.Mark(line, _wanted);
        return Conclude(_content.Match(text, null, dated.Cut, dated.OtherDate, _wanted), dated.Time);
    }

    /// <summary>Matches a message whose time is known from elsewhere, such as the journal's.</summary>
    public FilterResult Match(string message, double time)
    {
        var now = _clock.UnixNow;
        TakePassed(now);
        _scratch.NextLine();
        _lastTime = time;
        _lastDateLength = 0;
        return Conclude(Content(message, default), Plausible(time, now));
    }

    /// <summary>
    /// Takes over a line that was matched elsewhere; null where the date is not where it was taken to be, and the line must
    /// be matched here.
    /// </summary>
    /// <param name="line">The line in UTF-8.</param>
    /// <param name="ahead">What was found.</param>
    public FilterResult? Take(ReadOnlySpan<byte> line, in MatchedAhead ahead)
    {
        var now = _clock.UnixNow;
        if (!_dates.TryTake(ahead.Template, ahead.End, (char)line[0], (char)line[ahead.End - 1], now))
        {
            return null;
        }

        if (!Ascii.Equals(line[..ahead.End], _lastDate.AsSpan(0, _lastDateLength)))
        {
            Reserve(ahead.End);
            Encoding.ASCII.GetChars(line[..ahead.End], _lastDate);
            _lastDateLength = ahead.End;
        }

        _lastTime = ahead.Time;
        return Conclude(ahead.Content, Plausible(ahead.Time, now));
    }

    // Lines that no match could take until now: their dates count for those that have none.
    private void TakePassed(double now)
    {
        while (_many is not null && _many.TryTakePassed(out var line))
        {
            var text = Decoded(line);
            var dated = Date(text, now);
            _many.Add(dated.Parts(text.ToString()));
        }
    }

    private ReadOnlySpan<char> Decoded(ReadOnlySpan<byte> line)
    {
        if (_chars.Length < line.Length)
        {
            _chars = new char[line.Length * 2];
        }

        return _chars.AsSpan(0, Encoding.UTF8.GetChars(line, _chars));
    }

    private Dated Date(ReadOnlySpan<char> line, double now)
    {
        _scratch.NextLine();
        double? time = null;
        var cut = (Start: 0, End: 0);
        string? otherDate = null;
        if (_dates.Find(line, _scratch, now) is { } found)
        {
            cut = (found.Start, found.End);
            if (found.Start == found.End)
            {
                var isRecent = _lastTime > now - Recent;
                otherDate = isRecent ? LastDate : null;
                time = isRecent ? _lastTime : now;
                cut = isRecent ? default : cut;
            }
            else if (found.Time is { } read)
            {
                time = read;
                Reserve(found.End - found.Start);
                line[found.Start..found.End].CopyTo(_lastDate);
                _lastDateLength = found.End - found.Start;
                _lastTime = read;
            }
        }

        if (time is null)
        {
            if (_lastTime > now - Recent)
            {
                (cut, otherDate) = (default, LastDate);
                time = _lastTime;
            }
            else if (InOperation)
            {
                time = now;
            }
        }

        return new Dated(cut, otherDate, Plausible(time, now));
    }

    // A running daemon takes what is dated far from now as happening now.
    private double? Plausible(double? time, double now)
    {
        if (!InOperation || time is not { } stated || Math.Abs(Math.Truncate(stated - now)) <= Recent)
        {
            return time;
        }

        _lastTime = now;
        return now;
    }

    private ContentResult Content(string line, in Dated dated)
    {
        if (_many is not null)
        {
            _many.Add(dated.Parts(line));
            return _many.Next(line) ? _many.Match() : default;
        }

        Want(line);
        return _content.Match(line, line, dated.Cut, dated.OtherDate, _wanted);
    }

    // What the matches mean: whom they are counted by, and what earlier lines of the connection add.
    private FilterResult Conclude(in ContentResult content, double? time)
    {
        if (content.Matches is null)
        {
            return s_nothing with { IsIgnored = content.IsIgnored, GaveUp = content.GaveUp };
        }

        var matches = new List<FilterMatch>(1);
        var namesOnly = false;
        foreach (var match in content.Matches)
        {
            var failure = new FilterFailure(match.Groups);
            if (IsRefused(failure, match.Lines))
            {
                continue;
            }

            var connection = failure[KnownGroup.Connection];
            if (connection is not null)
            {
                failure = _connections.Merge(connection, failure, match.Lines);
                if (failure.IsNoFailure && !_options.TryAll)
                {
                    break;
                }
            }
            else
            {
                failure.Matches = match.Lines;
            }

            var ids = _namer.Name(failure, out var isNameOnly);
            for (var i = 0; i < ids.Count; i++)
            {
                var id = ids[i];
                if (id is null)
                {
                    failure.IsPending = true;
                    if (!_options.GivePending && !_options.TryAll)
                    {
                        return new FilterResult(matches, content.IsIgnored, false, namesOnly);
                    }
                }

                // What belongs to a connection is changed by the line's later matches.
                matches.Add(new FilterMatch(match.Regex, id, time, connection is not null && content.Matches.Count > 1 ? failure.Copy() : failure));
            }

            namesOnly |= isNameOnly;
        }

        return new FilterResult(matches, content.IsIgnored, content.GaveUp, namesOnly);
    }

    // Before anything of it is kept for the connection's later lines.
    private bool IsRefused(FilterFailure failure, IReadOnlyList<LineParts> lines)
    {
        if (_options.Refuses is not { } refuses)
        {
            return false;
        }

        foreach (var id in _namer.Name(failure, out _))
        {
            if (id is { Address.IsKnown: true } && refuses(id, lines))
            {
                return true;
            }

            if (failure.Address is { Address.IsKnown: true } address && refuses(address, lines))
            {
                return true;
            }
        }

        return false;
    }

    private string LastDate => new(_lastDate, 0, _lastDateLength);

    private void Reserve(int length)
    {
        if (_lastDate.Length < length)
        {
            _lastDate = new char[length * 2];
        }
    }

    private void Want(string line)
    {
        var bytes = _narrow.Of(line, out var hasOtherCases);
        if (hasOtherCases)
        {
            _routes.MarkAll(_wanted);
        }
        else
        {
            _routes.Mark(bytes, _wanted);
        }
    }

    // Where the date of a line stands, the date that it takes from a line before, and its time.
    private readonly record struct Dated((int Start, int End) Cut, string? OtherDate, double? Time)
    {
        public LineParts Parts(string text) => new(text, Cut.Start, Cut.End, OtherDate);
    }
}
