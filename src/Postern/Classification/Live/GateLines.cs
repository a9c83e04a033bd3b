using Postern.Facts;

namespace Postern.Classification.Live;

/// <summary>What the gate was told of a session, as lines to keep beside those of a log.</summary>
internal static class GateLines
{
    /// <summary>The lines, each ended by a line feed, behind others; all together no longer than <see cref="Failure.MostText"/>.</summary>
    /// <param name="session">The gate's session.</param>
    /// <param name="first">What stands before them.</param>
    public static ReadOnlyMemory<byte> Of(SmtpSession session, ReadOnlyMemory<byte> first = default)
    {
        var lines = new List<byte>(first.Length + 64);
        lines.AddRange(first.Span);
        foreach (var e in session.Events)
        {
            var words = e.Kind switch
            {
                SmtpEventKind.Reject => "milter: refused recipient: "u8,
                SmtpEventKind.MessageRejected => "milter: refused message: "u8,
                _ => "milter: unknown command: "u8,
            };
            if (lines.Count + words.Length + e.Text.Length >= Failure.MostText)
            {
                break;
            }

            lines.AddRange(words);
            lines.AddRange(e.Text.Span);
            lines.Add((byte)'\n');
        }

        return lines.ToArray();
    }
}
