using Postern.Capture.Envelopes;
using Postern.Capture.Stamps;

namespace Postern.Capture.Logs;

/// <summary>Keeps the year of stamps that have none, from one stretch of a log to the next.</summary>
internal sealed class YearFollower(int year = 0)
{
    /// <summary>The year of the next line.</summary>
    public int Year { get; private set; } = year;

    /// <summary>The month of the last stamp seen; 0 for none.</summary>
    public int Month { get; private set; }

    /// <summary>Starts with a year.</summary>
    public void StartAt(int firstYear) => (Year, Month) = (firstYear, 0);

    /// <summary>Looks at the next lines of the log.</summary>
    // What comes next starts in the year in which these lines end. A block of a quiet server may span most of a year, in which
    // a step over New Year could not be told from a step back, so that several of its stamps are looked at on the way.
    public void Follow(ReadOnlySpan<byte> lines)
    {
        const int Looks = 8;
        FollowLine(lines);
        for (var look = 1; look < Looks; look++)
        {
            var at = lines.Length / Looks * look;
            var start = lines[at..].IndexOf((byte)'\n') + 1;
            if (start > 0)
            {
                FollowLine(lines[(at + start)..]);
            }
        }

        for (var tries = 0; tries < 16 && !lines.IsEmpty; tries++)
        {
            if (lines[^1] == '\n')
            {
                lines = lines[..^1];
            }

            var start = lines.LastIndexOf((byte)'\n') + 1;
            if (FollowLine(lines[start..]))
            {
                return;
            }

            lines = lines[..start];
        }
    }

    private bool FollowLine(ReadOnlySpan<byte> line)
    {
        var month = StampReader.TraditionalMonth(StampReader.BehindPriority(line));
        month = month > 0 ? month : EnvelopeStamp.MonthAndDay(line) / 100;
        if (month == 0)
        {
            return false;
        }

        Year += Month == 0 ? 0 : StampReader.YearStep(Month, month);
        Month = month;
        return true;
    }
}
