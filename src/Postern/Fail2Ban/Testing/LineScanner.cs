using System.Text;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Expressions;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Testing;

/// <summary>A line that a filter may match.</summary>
/// <param name="Number">How many lines of the block end before it.</param>
/// <param name="Start">Where it begins in the block.</param>
/// <param name="Length">Its length without line end.</param>
/// <param name="Ahead">What was found in it; null where it must be matched in the order of the log.</param>
internal readonly record struct ScannedLine(int Number, int Start, int Length, MatchedAhead? Ahead);

/// <summary>What was found in a block.</summary>
/// <param name="Block">The block.</param>
/// <param name="Total">Lines that are neither empty nor comments.</param>
/// <param name="Feeds">All line feeds.</param>
/// <param name="Lines">The lines that a filter may match, in their order.</param>
internal sealed record ScannedBlock(FileBlock Block, long Total, int Feeds, List<ScannedLine> Lines);

/// <summary>
/// Picks the lines of a block that a filter may match, by the words in them, and matches those whose date stands at their
/// start and that need no other line. Blocks may be scanned on several threads, each with its own scanner.
/// </summary>
internal sealed class LineScanner
{
    private readonly CompiledFilter _filter;
    private readonly WordSearch? _words;
    private readonly DateClock _clock;
    private readonly int? _defaultOffset;
    private readonly MatchScratch _scratch = new();
    private readonly ContentMatcher _content;
    private readonly DateTemplate[] _templates;
    private readonly ulong[] _wanted;
    private char[] _chars = new char[1024];

    /// <summary>A scanner.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="clock">The present.</param>
    /// <param name="words">Words of which one must stand in a line; null to look at all.</param>
    public LineScanner(CompiledFilter filter, FilterOptions options, DateClock clock, WordSearch? words)
    {
        _filter = filter;
        _words = words;
        _clock = clock;
        _defaultOffset = options.DefaultOffset;
        _content = new ContentMatcher(filter, _scratch, options.TryAll);
        // Lines that are looked at together must come in their order.
        _templates = filter.Definition.MaxLines > 1 ? [] : [.. filter.Dates.Where(template => template.Plain != PlainForm.None)];
        _wanted = new ulong[filter.Routes.Width];
    }

    /// <summary>Looks at a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="lines">Memory for its lines.</param>
    public ScannedBlock Scan(FileBlock block, List<ScannedLine> lines)
    {
        var all = block.Text;
        var text = all;
        var hasOthers = _words is not null && text.IndexOfAny(OtherCases.LeadBytes) >= 0;
        var number = 0;
        while (!text.IsEmpty)
        {
            if (_words is not null)
            {
                var word = _words.IndexOf(text);
                if (hasOthers && (word < 0 ? text : text[..word]).IndexOfAny(OtherCases.LeadBytes) is var other and >= 0)
                {
                    word = other;
                }

                var start = word < 0 ? text.Length : text[..word].LastIndexOf((byte)'\n') + 1;
                number += text[..start].Count((byte)'\n');
                text = text[start..];
                if (text.IsEmpty)
                {
                    break;
                }
            }

            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            // Lines that no expression can match are kept: their dates count where the forms of dates are sorted.
            if (!line.IsEmpty && line[0] != '#')
            {
                lines.Add(new ScannedLine(number, all.Length - text.Length, line.Length, Ahead(line)));
            }

            text = end < 0 ? [] : text[(end + 1)..];
            number += end < 0 ? 0 : 1;
        }

        return new ScannedBlock(block, LineCount.Of(all), number, lines);
    }

    private MatchedAhead? Ahead(ReadOnlySpan<byte> line)
    {
        if (_templates.Length == 0)
        {
            return null;
        }

        if (_chars.Length < line.Length)
        {
            _chars = new char[line.Length * 2];
        }

        var text = _chars.AsSpan(0, Encoding.UTF8.GetChars(line, _chars));
        foreach (var template in _templates)
        {
            if (!PlainDate.TryRead(template.Plain, text, out var date) || DateFields.ToUnix(date, _clock, _defaultOffset) is not { } time)
            {
                continue;
            }

            _scratch.NextLine();
            _filter.Routes.Mark(line, _wanted);
            return new MatchedAhead(template, date.End, time, _content.Match(text, null, (0, date.End), null, _wanted));
        }

        return null;
    }
}
