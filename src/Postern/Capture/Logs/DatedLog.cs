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
    private const int HeadLength = 32 * 1024;

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
        var content = new PeekedStream(text, input.Content);
        return new DatedLog(input, content, first, year is null && YearInference.HasTraditionalStamps(text.Span), FirstStamp(text, first, zone));
    }

    private static LogTime FirstStamp(ReadOnlyMemory<byte> text, int year, TimeZoneInfo zone)
    {
        var grammar = new LineGrammar(zone);
        grammar.StartAt(year, 0);
        SmtpEvent e = default;
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'\n');
            if (grammar.Read(end < 0 ? text : text[..end], ref e) != LineClass.Unparsed)
            {
                return grammar.First;
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return default;
    }
}
