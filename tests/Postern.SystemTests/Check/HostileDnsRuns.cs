using System.Diagnostics;
using System.Globalization;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Check;

/// <summary>How the program fared with a server.</summary>
internal sealed record HostileDnsRun(CommandResult Result, TimeSpan Elapsed, int? PeakKilobytes, string Server, int Answers);

/// <summary>All cases, started together and a few at a time, since most of them are spent waiting.</summary>
public sealed class HostileDnsRuns : IDisposable
{
    private const string Meter = "/usr/bin/time";

    private readonly SemaphoreSlim _places = new(6);
    private readonly Dictionary<string, Task<HostileDnsRun>> _runs = [];

    /// <summary>Starts them.</summary>
    public HostileDnsRuns()
    {
        foreach (var (title, start) in HostileDnsCases.OfZones.Concat(HostileDnsCases.OfServers))
        {
            _runs[title] = RunAsync(title, start);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary>The end of all of them.</summary>
    internal Task<HostileDnsRun[]> AllAsync() => Task.WhenAll(_runs.Values);

    /// <summary>The end of one case.</summary>
    internal Task<HostileDnsRun> OfAsync(string title) => _runs[title];

    private async Task<HostileDnsRun> RunAsync(string title, Func<HostileDns?> start)
    {
        await _places.WaitAsync(TestContext.Current.CancellationToken);
        var notes = Path.GetTempFileName();
        try
        {
            await using var dns = start();
            // Port 9 (discard): nothing listens there.
            var server = dns?.Address.ToString() ?? "127.0.0.1:9";
            string[] check =
            [
                PosternProgram.Path, "check", "192.0.2.1", "--helo", "mail.example.org", "--sender", "o'brien@example.org",
                "--resolver", server, "--format", "json", "--lang", "en",
            ];
            var isMeasured = File.Exists(Meter);
            var clock = Stopwatch.StartNew();
            var result = await Command.RunAsync(
                isMeasured ? [Meter, "-q", "-f", "%M", "-o", notes, .. check] : check,
                TimeSpan.FromSeconds(30), cancellationToken: TestContext.Current.CancellationToken);
            var elapsed = clock.Elapsed;
            var peak = isMeasured ? int.Parse((await File.ReadAllTextAsync(notes, CancellationToken.None)).Trim(), CultureInfo.InvariantCulture) : (int?)null;
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.0} s, {2} kB, {3}", title, elapsed.TotalSeconds, peak, result.Error.Trim());
            return new(result, elapsed, peak, server, dns?.Answers ?? 0);
        }
        finally
        {
            File.Delete(notes);
            _places.Release();
        }
    }
}
