using System.Text;
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
    private byte[] _bytes = new byte[1024];
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
    public IReadOnlyList<LineParts> Waiting => _many?.Lines ?? [];

    /// <summary>Matches a line, without the line feed that ends it.</summary>
    public FilterResult Match(string line)
    {
        Want(line);
        return MatchDated(line, line);
    }

    /// <summary>Matches a line in UTF-8; what is none is replaced.</summary>
    public FilterResult Match(ReadOnlySpan<byte> line)
    {
        _routes.Mark(line, _wanted);
        if (_chars.Length < line.Length)
            _chars = new char[line.Length * 2];
        return MatchDated(_chars.AsSpan(0, Encoding.UTF8.GetChars(line, _chars)), null);
    }

    /// <summary>Matches a message whose time is known from elsewhere, such as the journal's.</summary>
    public FilterResult Match(string message, double time)
    {
        _scratch.NextLine();
        _lastTime = time;
        _lastDateLength = 0;
        Want(message);
        return Conclude(Content(message, message, default, null), time);
    }

    /// <summary>
    /// Takes over a line that was matched elsewhere; null where the date is not where it was taken to be, and the line must
    /// be matched here.
    /// </summary>
    /// <param name="line">The line in UTF-8.</param>
    /// <param name="ahead">What was found.</param>
    public FilterResult? Take(ReadOnlySpan<byte> line, in MatchedAhead ahead)
    {
        if (!_dates.TryTake(ahead.Template, ahead.End, (char)line[0], (char)line[ahead.End - 1]))
            return null;
        if (!Ascii.Equals(line[..ahead.End], _lastDate.AsSpan(0, _lastDateLength)))
        {
            Reserve(ahead.End);
            Encoding.ASCII.GetChars(line[..ahead.End], _lastDate);
            _lastDateLength = ahead.End;
        }

        _lastTime = ahead.Time;
        return Conclude(ahead.Content, ahead.Time);
    }

    private FilterResult MatchDated(ReadOnlySpan<char> line, string? text)
    {
        _scratch.NextLine();
        double? time = null;
        var cut = (Start: 0, End: 0);
        string? otherDate = null;
        if (_dates.Find(line, _scratch) is { } found)
        {
            cut = (found.Start, found.End);
            if (found.Start == found.End)
            {
                var isRecent = IsRecent(_lastTime);
                otherDate = isRecent ? LastDate : null;
                time = isRecent ? _lastTime : _clock.UnixNow;
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
            if (IsRecent(_lastTime))
            {
                (cut, otherDate) = (default, LastDate);
                time = _lastTime;
            }
            else if (InOperation)
            {
                time = _clock.UnixNow;
            }
        }

        return Conclude(Content(line, text, cut, otherDate), time);
    }

    private ContentResult Content(ReadOnlySpan<char> line, string? text, (int Start, int End) cut, string? otherDate) => _many is null
        ? _content.Match(line, text, cut, otherDate, _wanted)
        : _many.Match(line, cut, otherDate, text);

    // What the matches mean: whom they are counted by, and what earlier lines of the connection add.
    private FilterResult Conclude(in ContentResult content, double? time)
    {
        if (InOperation && time is { } stated && Math.Abs(Math.Truncate(stated - _clock.UnixNow)) > 60)
        {
            time = _clock.UnixNow;
            _lastTime = time;
        }

        if (content.Matches is null)
            return s_nothing with { IsIgnored = content.IsIgnored, GaveUp = content.GaveUp };
        var matches = new List<FilterMatch>(1);
        var namesOnly = false;
        foreach (var match in content.Matches)
        {
            var failure = new Failure(match.Groups);
            var connection = failure[KnownGroup.Connection];
            if (connection is not null)
            {
                failure = _connections.Merge(connection, failure, match.Lines);
                if (failure.IsNoFailure && !_options.TryAll)
                    break;
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
                        return new FilterResult(matches, content.IsIgnored, false, namesOnly);
                }

                // What belongs to a connection is changed by the line's later matches.
                matches.Add(new FilterMatch(match.Regex, id, time, connection is not null && content.Matches.Count > 1 ? failure.Copy() : failure));
            }

            namesOnly |= isNameOnly;
        }

        return new FilterResult(matches, content.IsIgnored, content.GaveUp, namesOnly);
    }

    private string LastDate => new(_lastDate, 0, _lastDateLength);

    private bool IsRecent(double? time) => time > _clock.UnixNow - 60;

    private void Reserve(int length)
    {
        if (_lastDate.Length < length)
            _lastDate = new char[length * 2];
    }

    // Only ASCII counts there.
    private void Want(string line)
    {
        if (line.AsSpan().IndexOfAny(OtherCases.Letters) >= 0)
        {
            _routes.MarkAll(_wanted);
            return;
        }

        if (_bytes.Length < line.Length)
            _bytes = new byte[line.Length * 2];
        _routes.Mark(_bytes.AsSpan(0, Encoding.Latin1.GetBytes(line, _bytes)), _wanted);
    }
}
