using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Testing;

/// <summary>What became of a line, as <c>fail2ban-regex</c> counts.</summary>
internal enum LineOutcome : byte
{
    /// <summary>No expression matched.</summary>
    Missed,
    /// <summary>A failure.</summary>
    Matched,
    /// <summary>An ignoring expression matched, or the line is no failure in itself.</summary>
    Ignored,
}

/// <summary>A line that was looked at.</summary>
/// <param name="Number">Its number in the log, from 1.</param>
/// <param name="Text">The line.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Match">The finding; null unless it matched.</param>
internal readonly record struct TestedLine(long Number, string Text, LineOutcome Outcome, FilterMatch? Match);
