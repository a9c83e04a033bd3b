using Postern.Facts;

namespace Postern.Classification.Clients;

/// <summary>Sessions a minute. A year has half a million minutes, so that even a long log stays small.</summary>
internal sealed class MinuteCounts
{
    private readonly Dictionary<int, int> _counts = [];
    private int _lastMinute = -1;
    private int _pending;

    /// <summary>Counts one.</summary>
    public void Add(LogTime time)
    {
        var minute = (int)(time.UtcTicks / TimeSpan.TicksPerMinute);
        if (minute == _lastMinute)
        {
            _pending++;
            return;
        }

        Flush();
        (_lastMinute, _pending) = (minute, 1);
    }

    /// <summary>Every minute with its count, in no order.</summary>
    public IEnumerable<KeyValuePair<int, int>> All()
    {
        Flush();
        return _counts;
    }

    // Most sessions fall into the same minute as the one before; the dictionary is asked once a minute of the log.
    private void Flush()
    {
        if (_pending > 0)
        {
            _counts[_lastMinute] = _counts.GetValueOrDefault(_lastMinute) + _pending;
        }

        _pending = 0;
        _lastMinute = -1;
    }
}
