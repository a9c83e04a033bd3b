using System.Text;
using Postern.Cli.Terminal;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>What is told of a client of the running daemon, for the terminal.</summary>
internal static class LiveExplanationText
{
    /// <summary>The parts, each behind the other.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="width">The widest line of a table, in columns.</param>
    public static string Write(IEnumerable<LivePart> parts, int width)
    {
        var text = new StringBuilder();
        LivePart? before = null;
        foreach (var part in parts.Where(static part => part is not LiveTable { Rows.Count: 0 }))
        {
            // A table ends with a blank line of its own.
            if (part is LiveTable or LiveSentence && before is LiveSentence)
            {
                text.Append('\n');
            }

            Write(text, part, width);
            before = part;
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, LivePart part, int width)
    {
        switch (part)
        {
            case LiveSentence sentence:
                Wrap(text, sentence.Text);
                break;
            case LiveTable rows:
                var table = new TextTable(rows.Columns);
                foreach (var row in rows.Rows)
                {
                    table.Add(row);
                }

                table.WriteTo(text, width);
                break;
            case LiveFailure failure:
                Wrap(text, failure.Head);
                foreach (var line in failure.Lines)
                {
                    text.Append("    ").Append(line).Append('\n');
                }

                break;
        }
    }

    private static void Wrap(StringBuilder text, string sentence)
    {
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine, TextStyle.WidestLine))
        {
            text.Append(line).Append('\n');
        }
    }
}
