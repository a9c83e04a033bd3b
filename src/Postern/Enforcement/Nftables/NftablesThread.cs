using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// The one thread that talks to nftables: the library is not for two, and the kernel tells everybody the name of the thread
/// that changed something, which is how our own changes are known.
/// </summary>
internal sealed partial class NftablesThread : IDisposable
{
    private const int SetName = 15;
    private const int NetworkAdministration = 12;
    private const string Effective = "CapEff:";

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts it.</summary>
    /// <param name="first">Done on the thread before anything else; null for nothing.</param>
    public NftablesThread(Action? first)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"postern-{Environment.ProcessId % 10_000_000}");
        _thread = new Thread(Work) { IsBackground = true, Name = Name };
        if (first is not null)
        {
            _work.Add(first);
        }

        _thread.Start();
    }

    /// <summary>Its name, as the kernel has it: at most 15 bytes.</summary>
    public string Name { get; }

    /// <summary>Whether the calling thread has CAP_NET_ADMIN (capabilities(7)); true where that cannot be known.</summary>
    public static bool MayChangeNetwork()
    {
        try
        {
            var line = File.ReadLines("/proc/thread-self/status").FirstOrDefault(line => line.StartsWith(Effective, StringComparison.Ordinal));
            return line is null
                || !ulong.TryParse(line.AsSpan(Effective.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rights)
                || (rights >> NetworkAdministration & 1) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Does this on the thread, after all that was asked before.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends it after all that was asked before.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        // The runtime's own naming of threads is not the kernel's everywhere.
        _ = Control(SetName, Name, 0, 0, 0);
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Control(int option, string name, nuint third, nuint fourth, nuint fifth);
}
