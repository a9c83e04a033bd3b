using Postern.Cli.Notifications.Telling;

namespace Postern.Cli.Notifications;

/// <summary>Finds logs that give no more lines. One that never gave any since the start counts, too: a rotated log that is not written on looks so.</summary>
/// <param name="silence">How long a log may be quiet.</param>
internal sealed class SilenceDetector(TimeSpan silence)
{
    private readonly Dictionary<string, (long Lines, DateTimeOffset Since, bool IsTold)> _sources = new(StringComparer.Ordinal);

    /// <summary>Looks at the logs; a source that is followed no more is forgotten.</summary>
    /// <param name="progress">How many lines each has given.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<Happening> Look(IReadOnlyList<(string Source, long Lines)> progress, DateTimeOffset now)
    {
        foreach (var gone in _sources.Keys.Except(progress.Select(static one => one.Source), StringComparer.Ordinal).ToList())
        {
            _sources.Remove(gone);
        }

        foreach (var (source, lines) in progress)
        {
            if (!_sources.TryGetValue(source, out var known) || known.Lines != lines)
            {
                if (known.IsTold)
                {
                    yield return new Happening(HappeningKind.SourceRecovered, now) { Subject = source };
                }

                _sources[source] = (lines, now, false);
            }
            else if (!known.IsTold && now - known.Since >= silence)
            {
                _sources[source] = known with { IsTold = true };
                yield return new Happening(HappeningKind.SourceSilent, now) { Subject = source, From = known.Since };
            }
        }
    }
}
