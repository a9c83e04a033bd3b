using System.Text;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <summary>One exchange of a session.</summary>
/// <param name="Said">What the client said, shortened and escaped; empty for the greeting.</param>
/// <param name="Reply">The server's reply code; empty where it gave none.</param>
/// <param name="IsBlank">True for an empty line.</param>
/// <param name="IsDot">True for a lone dot.</param>
internal readonly record struct TranscriptStep(string Said, string Reply, bool IsBlank, bool IsDot);

/// <summary>The course of a session as its transcript tells it, in short.</summary>
internal sealed class TranscriptCourse
{
    private const int MostSteps = 8;
    private const int SaidCells = 24;

    private TranscriptCourse(IReadOnlyList<TranscriptStep> steps, bool hasGreeted, SessionEnd ending) => (Steps, HasGreeted, Ending) = (steps, hasGreeted, ending);

    /// <summary>How the session ended.</summary>
    public SessionEnd Ending { get; }

    /// <summary>The first exchanges.</summary>
    public IReadOnlyList<TranscriptStep> Steps { get; }

    /// <summary>True where the client said HELO or EHLO.</summary>
    public bool HasGreeted { get; }

    /// <summary>True where its first command is a lone dot.</summary>
    public bool BeginsWithDot => Steps.FirstOrDefault(static step => step.Said.Length > 0 || step.IsBlank) is { IsDot: true };

    /// <summary>True where its first command is an empty line.</summary>
    public bool BeginsWithBlank => Steps.FirstOrDefault(static step => step.Said.Length > 0 || step.IsBlank) is { IsBlank: true };

    /// <summary>Reads it.</summary>
    public static TranscriptCourse Read(Notice notice)
    {
        var steps = new List<TranscriptStep>();
        var hasGreeted = false;
        TranscriptStep? open = null;
        foreach (var line in notice.Dialogue)
        {
            var text = Encoding.Latin1.GetString(line.Text.Span).Trim();
            if (line.FromClient)
            {
                Close();
                hasGreeted |= text.StartsWith("EHLO", StringComparison.OrdinalIgnoreCase) || text.StartsWith("HELO", StringComparison.OrdinalIgnoreCase);
                open = new TranscriptStep(text.Length == 0 ? " " : SafeText.Short(text, SaidCells), "", text.Length == 0, text is ".");
            }
            else if (open is { Reply.Length: > 0 })
            {
                // Further lines of the same reply.
                continue;
            }
            else
            {
                var code = text.Length >= 3 && text.AsSpan(0, 3).ContainsAnyExceptInRange('0', '9') ? "" : text[..Math.Min(3, text.Length)];
                open = (open ?? new TranscriptStep("", "", false, false)) with { Reply = code };
                Close();
            }
        }

        Close();
        return new TranscriptCourse([.. steps.Take(MostSteps)], hasGreeted, notice.Ending);

        void Close()
        {
            if (open is { } step && (step.Said.Length > 0 || step.Reply.Length > 0) && (step.Said.Length > 0 || steps.Count == 0))
            {
                steps.Add(step);
            }

            open = null;
        }
    }
}
