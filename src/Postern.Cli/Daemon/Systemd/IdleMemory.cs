using System.Globalization;

namespace Postern.Cli.Daemon.Systemd;

/// <summary>
/// Gives memory back to the system when a burst is over: the garbage collector keeps what it once needed, and a quiet daemon
/// gives it no reason to look. It stops everything for a moment, and so waits until nothing much goes on.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class IdleMemory(TimeProvider time)
{
    private const long WorthIt = 24 << 20;
    private const long Quiet = 4 << 20;
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(5);

    // What was resident after the last time.
    private long _kept;
    private long _allocated;

    /// <summary>Looks every few seconds until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_between, time, stop);
                var allocated = GC.GetTotalAllocatedBytes();
                if (IsWorthIt(Resident(), allocated - _allocated))
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    _kept = Resident();
                }

                _allocated = allocated;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>True where much more is resident than after the last time, and little was allocated lately.</summary>
    internal bool IsWorthIt(long resident, long allocatedLately) => allocatedLately < Quiet && resident > _kept + WorthIt;

    /// <summary>Bytes of the process that are in memory; 0 where the system does not tell.</summary>
    public static long Resident()
    {
        try
        {
            // The second number of proc(5)'s statm: pages.
            var words = File.ReadAllText("/proc/self/statm").Split(' ');
            return words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages * Environment.SystemPageSize : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
