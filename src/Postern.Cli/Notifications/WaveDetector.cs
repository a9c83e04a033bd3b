using Postern.Cli.Notifications.Telling;

namespace Postern.Cli.Notifications;

/// <summary>Finds ban waves: many bans of jails within ten minutes. The next one is told once there were half as many within that time.</summary>
/// <param name="limit">How many are a wave.</param>
internal sealed class WaveDetector(int limit)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);
    private readonly Queue<DateTimeOffset> _bans = new();
    private bool _isWave;

    /// <summary>Takes what happened; gives the wave that it began, or null.</summary>
    public Happening? Take(Happening one)
    {
        // What an operator bans by a list, or takes over from elsewhere, is no wave.
        if (one.Kind != HappeningKind.Ban || one.Jail is Facts.Ban.OperatorJail || (one.From is { } from && one.At - from > s_window))
        {
            return null;
        }

        while (_bans.TryPeek(out var oldest) && (one.At - oldest > s_window || _bans.Count >= limit * 2))
        {
            _bans.Dequeue();
        }

        _isWave &= _bans.Count > limit / 2;
        _bans.Enqueue(one.At);
        if (_isWave || _bans.Count < limit)
        {
            return null;
        }

        _isWave = true;
        return new Happening(HappeningKind.BanWave, one.At) { Count = _bans.Count, IsDryRun = one.IsDryRun };
    }
}
