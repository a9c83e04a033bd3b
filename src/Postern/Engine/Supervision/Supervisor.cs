using System.Globalization;

namespace Postern.Engine.Supervision;

/// <summary>
/// Owns every task of a run. A part that fails begins again after a pause, which doubles from one failure to the next; the same
/// fault is told once. Where a part fails for good that the run cannot do without, <see cref="GivenUp"/> completes.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of each fault that is news.</param>
public sealed class Supervisor(TimeProvider time, Action<PartFault> tell)
{
    /// <summary>A part that has run for so long is well again: its next failure is a first one.</summary>
    public static readonly TimeSpan Well = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    // What went wrong an hour ago and not since is for the log.
    private static readonly TimeSpan s_shown = TimeSpan.FromHours(1);

    // Faults differ in their words without end; what is told once is remembered within bounds.
    private const int MostTold = 1000;

    private readonly TaskCompletionSource<PartFault> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
    private readonly HashSet<(string Part, string Fault)> _told = [];
    private readonly Lock _lock = new();
    private long _faults;

    /// <summary>Faults since the start, all of them.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Completes with the fault for which the program must end; may never complete.</summary>
    public Task<PartFault> GivenUp => _givenUp.Task;

    /// <summary>What failed within the last hour, a line for the operator each.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (_lock)
            {
                return [.. _troubles.OrderBy(pair => pair.Key, StringComparer.Ordinal).Where(pair => time.GetElapsedTime(pair.Value.Stamp) < s_shown).Select(pair => Words(pair.Key, pair.Value))];
            }
        }
    }

    /// <summary>Starts a part that may fail as often as it likes, as <see cref="Facts.PartStarter"/> says.</summary>
    public Task Start(string name, Func<CancellationToken, Task> work, CancellationToken stop) => Start(name, work, int.MaxValue, stop);

    /// <summary>Starts a part that the run cannot do without.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="work">The part; called again after each fault.</param>
    /// <param name="most">At so many failures in a row the program ends.</param>
    /// <param name="stop">Its end.</param>
    /// <returns>Completes when the part has ended for good; never fails.</returns>
    public Task Start(string name, Func<CancellationToken, Task> work, int most, CancellationToken stop) =>
        Task.Run(() => KeepAsync(name, work, most, stop), CancellationToken.None);

    /// <summary>Notes the fault of something that is done once, such as a question to the DNS.</summary>
    public void Note(string name, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Note(new PartFault(name, fault, IsFinal: false), isAgain: false);
    }

    private async Task KeepAsync(string name, Func<CancellationToken, Task> work, int most, CancellationToken stop)
    {
        for (var inRow = 0; ;)
        {
            var began = time.GetTimestamp();
            try
            {
                await work(stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // This is where every fault of a part ends: it is told with its place, and the part begins again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                inRow = time.GetElapsedTime(began) >= Well ? 1 : inRow + 1;
                var fault = new PartFault(name, e, inRow >= most);
                Note(fault, isAgain: true);
                if (fault.IsFinal)
                {
                    _givenUp.TrySetResult(fault);
                    return;
                }
            }

            try
            {
                await Task.Delay(Pause(inRow), time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Note(PartFault fault, bool isAgain)
    {
        bool isNews;
        Interlocked.Increment(ref _faults);
        lock (_lock)
        {
            var count = _troubles.GetValueOrDefault(fault.Part).Count + 1;
            _troubles[fault.Part] = new(count, time.GetTimestamp(), time.GetLocalNow(), $"{fault.Exception.GetType().Name}: {fault.Exception.Message}", isAgain);
            if (_told.Count >= MostTold)
            {
                _told.Clear();
            }

            isNews = _told.Add((fault.Part, $"{fault.Exception.GetType()} {fault.Exception.StackTrace}")) || fault.IsFinal;
        }

        if (isNews)
        {
            tell(fault);
        }
    }

    private static TimeSpan Pause(int inRow)
    {
        var pause = s_firstPause * Math.Pow(2, Math.Min(inRow - 1, 10));
        return pause < s_longestPause ? pause : s_longestPause;
    }

    private static string Words(string part, Trouble trouble)
    {
        var times = trouble.Count == 1 ? "failed" : string.Create(CultureInfo.InvariantCulture, $"failed {trouble.Count} times, last");
        return string.Create(CultureInfo.InvariantCulture, $"{part} {times} at {trouble.At:yyyy-MM-dd HH:mm:ss zzz} ({trouble.Fault}){(trouble.IsAgain ? " and was started again" : "")}; the log has the place");
    }

    private readonly record struct Trouble(int Count, long Stamp, DateTimeOffset At, string Fault, bool IsAgain);
}
