namespace MakeLog;

/// <summary>
/// The processes of one service as master(8) keeps them: each serves a session at a time, about a hundred of them
/// (max_use) or until it was idle for 100 s (max_idle), and makes room for a new one. Process numbers come round again.
/// </summary>
internal sealed class ProcessPool(string tag, ProcessNumbers numbers)
{
    private const int MaxUse = 100;
    private const long MaxIdle = 100_000_000;
    private readonly List<(int Pid, int Used, long BusyUntil)> _processes = [];

    /// <summary>The tag of a process that is idle at that time.</summary>
    public Worker Take(long time)
    {
        for (var i = 0; i < _processes.Count; i++)
        {
            var (_, _, busyUntil) = _processes[i];
            if (busyUntil < time)
            {
                if (busyUntil + MaxIdle < time)
                {
                    _processes[i] = (numbers.Next(), 0, busyUntil);
                }

                return new Worker(this, i, $"{tag}[{_processes[i].Pid}]: ");
            }
        }

        _processes.Add((numbers.Next(), 0, 0));
        return new Worker(this, _processes.Count - 1, $"{tag}[{_processes[^1].Pid}]: ");
    }

    /// <summary>Says that a process is busy until then.</summary>
    public void Release(int index, long busyUntil)
    {
        var (pid, used, _) = _processes[index];
        _processes[index] = (pid, used + 1, busyUntil);
        if (used + 1 >= MaxUse)
        {
            _processes[index] = (numbers.Next(), 0, busyUntil);
        }
    }
}

/// <summary>A process at work on one session.</summary>
/// <param name="Pool">Where it belongs.</param>
/// <param name="Index">Its place there.</param>
/// <param name="Tag">Program and process number, as before each of its lines.</param>
internal readonly record struct Worker(ProcessPool Pool, int Index, string Tag)
{
    /// <summary>The session is over then.</summary>
    public void Release(long time) => Pool.Release(Index, time);
}

/// <summary>Process numbers, upwards with gaps, from the start again at the kernel's old limit.</summary>
internal sealed class ProcessNumbers(Dice dice)
{
    private const int Limit = 32_768;
    private int _last = 1_200;

    /// <summary>The next.</summary>
    public int Next()
    {
        _last += dice.Between(1, 40);
        if (_last >= Limit)
        {
            _last = 300 + (_last % 40);
        }

        return _last;
    }
}
