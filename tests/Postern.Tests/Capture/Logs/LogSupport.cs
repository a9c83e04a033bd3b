using System.Text;
using Postern.Capture.Grammar;
using Postern.Capture.Logs;

namespace Postern.Tests.Capture.Logs;

/// <summary>Events of a log as text, for comparing, and streams that behave badly.</summary>
internal static class LogSupport
{
    public static List<string> Events(Stream stream, int year = 2026, int workers = 0)
    {
        var events = new List<string>();
        Read(new LogBlockReader(stream, year), block => Add(events, block), workers);
        return events;
    }

    public static void Read(LogBlockReader reader, Action<LogBlock> take, int workers = 0)
    {
        if (workers > 0)
        {
            new ParserPool(TimeZoneInfo.Utc, workers).RunAsync(reader, take, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            return;
        }

        var grammar = new LineGrammar(TimeZoneInfo.Utc);
        var block = new LogBlock();
        while (reader.Fill(block))
        {
            block.Parse(grammar);
            take(block);
        }
    }

    public static void Add(List<string> events, LogBlock block)
    {
        foreach (var e in block.Events)
        {
            events.Add($"{e.Time.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss} {e.Kind} {e.Client} {e.Stage} {e.Conversation:x} {Encoding.Latin1.GetString(e.Text.Span)}");
        }
    }

    public static string Line(int i) =>
        $"Nov 25 01:{i / 60 % 60:00}:{i % 60:00} mx postfix/smtpd[{i % 7}]: warning: non-SMTP command from unknown[192.0.2.{i % 250}]: {new string('x', i % 97)}\n";
}

/// <summary>Gives its bytes in pieces of the sizes that it is told, then ends or fails.</summary>
internal sealed class ChunkedStream(byte[] bytes, Func<int> size, Exception? end = null) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = base.Read(buffer, offset, Math.Min(count, Math.Max(1, size())));
        return read == 0 && end is not null ? throw end : read;
    }
}
