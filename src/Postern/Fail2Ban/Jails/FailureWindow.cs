namespace Postern.Fail2Ban.Jails;

/// <summary>
/// Failures of a jail by whom they are counted: as in fail2ban, those of an address whose failures go on for longer than
/// findtime are estimated by their rate.
/// </summary>
internal sealed class FailureWindow(double findTime, int maxRetry)
{
    // An attacker with many addresses must not fill the memory: those that failed longest ago go first.
    private const int MostKept = 100_000;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private double _cleaned = double.MinValue;

    /// <summary>How many are counted.</summary>
    public int Count => _entries.Count;

    /// <summary>Their failures.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether it counts by these settings.</summary>
    public bool Is(double otherFindTime, int otherMaxRetry) => findTime.Equals(otherFindTime) && maxRetry == otherMaxRetry;

    /// <summary>Adds a failure; the number of failures where that makes a ban, after which they are forgotten, else null.</summary>
    /// <param name="id">By whom.</param>
    /// <param name="time">When, seconds since 1970.</param>
    /// <param name="times">How often it counts.</param>
    public (int Failures, double Time)? Add(string id, double time, int times)
    {
        Clean(time);
        if (!_entries.TryGetValue(id, out var entry))
        {
            entry = new Entry { First = time, Last = time };
            _entries[id] = entry;
        }
        else if (time > entry.Last)
        {
            if (entry.First < time - findTime)
            {
                entry.Retries = (int)Math.Round(entry.Retries / (time - entry.First) * findTime);
                entry.First = time - findTime;
            }

            entry.Last = time;
        }

        entry.Retries += times;
        entry.Failures++;
        Failures++;
        if (entry.Retries < maxRetry)
        {
            return null;
        }

        Remove(id);
        return (entry.Failures, entry.Last);
    }

    private void Clean(double now)
    {
        if (_entries.Count < MostKept && now - _cleaned < 60)
        {
            return;
        }

        _cleaned = now;
        foreach (var (id, entry) in _entries)
        {
            if (entry.Last <= now - findTime)
            {
                Remove(id);
            }
        }

        if (_entries.Count < MostKept)
        {
            return;
        }

        foreach (var id in _entries.OrderBy(entry => entry.Value.Last).Take(MostKept / 10).Select(entry => entry.Key).ToList())
        {
            Remove(id);
        }
    }

    private void Remove(string id)
    {
        if (_entries.Remove(id, out var entry))
        {
            Failures -= entry.Failures;
        }
    }

    private sealed class Entry
    {
        public double First { get; set; }

        public double Last { get; set; }

        public int Retries { get; set; }

        public int Failures { get; set; }
    }
}
