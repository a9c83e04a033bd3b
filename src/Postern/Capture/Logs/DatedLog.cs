using Postern.Capture.Grammar;
using Postern.Capture.Inputs;
using Postern.Facts;

namespace Postern.Capture.Logs;

/// <summary>A log with the year and time of its first stamp.</summary>
/// <param name="Input">Where it comes from.</param>
/// <param name="Content">Its content from the first byte.</param>
/// <param name="Year">The year of the first stamp.</param>
/// <param name="IsYearInferred">True where stamps without year made it necessary to infer it.</param>
/// <param name="First">The first stamp; unknown where none of the first lines has one.</param>
internal sealed record DatedLog(OpenedInput Input, Stream Content, int Year, bool IsYearInferred, LogTime First)
{
    /// <summary>Its place among the logs that are read, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The first stamp of the log that is read next; unknown for the last.</summary>
    public LogTime NextFirst { get; init; }

    /// <summary>True where a supervisor's copies stand among the lines.</summary>
    public bool HasCopies { get; private init; }

    /// <summary>The host that its first dated line names; null where it names none.</summary>
    public string? Host { get; private init; }

    /// <summary>The zone of its stamps without an offset.</summary>
    public required TimeZoneInfo Zone { get; init; }

    private const int HeadLength = 32 * 1024;

    /// <summary>Logs in the order of their first stamps, so that a session may go on from one file to the next.</summary>
    /// <param name="inputs">The logs.</param>
    /// <param name="year">The year of each log's first line, where stamps have none; null to infer it.</param>
    /// <param name="now">The time of day.</param>
    /// <param name="zone">The zone of stamps without an offset.</param>
    public static IEnumerable<DatedLog> InOrder(IEnumerable<OpenedInput> inputs, int? year, DateTimeOffset now, TimeZoneInfo zone)
    {
        // Of logs that begin together the longest has most of each session.
        var logs = inputs.Select(input => Of(input, year, now, zone)).OrderBy(log => log.First.UtcTicks).ThenByDescending(log => log.Input.Length).ToList();
        return logs.Select((log, i) => log with { Number = i + 1, NextFirst = i + 1 < logs.Count ? logs[i + 1].First : default });
    }

    /// <summary>Dates a log by its first lines, its last lines where they can be looked at, and its last write.</summary>
    public static DatedLog Of(OpenedInput input, int? year, DateTimeOffset now, TimeZoneInfo zone)
    {
        var head = new byte[HeadLength];
        var length = 0;
        try
        {
            length = input.Content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            // The log's reader meets the same fault and says so.
        }

        var text = head.AsMemory(0, length);
        var written = input.LastWritten is { } last && last < now ? last : now;
        var tail = input.IsSeekable ? YearInference.Tail(input.Content) : [];
        var first = year ?? YearInference.FirstYear(text.Span, tail, TimeZoneInfo.ConvertTime(written, zone));
        Stream content = new PeekedStream(text, input.Content);
        if (NewestFirst.Is(text.Span, first))
        {
            content = NewestFirst.Turn(input.IsSeekable ? input.Content : content);
            var oldest = new byte[HeadLength];
            var oldestLength = content.ReadAtLeast(oldest, oldest.Length, throwOnEndOfStream: false);
            first = year ?? YearInference.FirstYear(oldest.AsSpan(0, oldestLength), text.Span[..Math.Max(0, text.Span.IndexOf((byte)'\n'))], TimeZoneInfo.ConvertTime(written, zone));
            text = oldest.AsMemory(0, oldestLength);
            content = new PeekedStream(text, content);
        }

        zone = OwnOffset.ZoneOf(text.Span, first, zone);
        var (stamp, host) = FirstStamp(text, first, zone);
        return new DatedLog(input, content, first, year is null && YearInference.HasTraditionalStamps(text.Span), stamp)
        {
            Zone = zone,
            Host = host,
            HasCopies = text.Span.IndexOf(" DEBG '"u8) >= 0,
        };
    }

    private static (LogTime Stamp, string? Host) FirstStamp(ReadOnlyMemory<byte> text, int year, TimeZoneInfo zone)
    {
        var grammar = new LineGrammar(zone);
        grammar.StartAt(year, 0);
        SmtpEvent e = default;
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            grammar.Read(end < 0 ? text : text[..end], ref e);
            if (grammar.First.IsKnown)
            {
                return (grammar.First, grammar.Host);
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return default;
    }
}
