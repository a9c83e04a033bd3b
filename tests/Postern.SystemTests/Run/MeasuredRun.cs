namespace Postern.SystemTests.Run;

/// <summary>A dry run that follows a log and answers Postfix, and what it measures.</summary>
internal sealed class MeasuredRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private MeasuredRun(RunningPostern postern, string log) => (Postern, Log) = (postern, log);

    /// <summary>The daemon.</summary>
    public RunningPostern Postern { get; }

    /// <summary>The log that it follows.</summary>
    public string Log { get; }

    /// <summary>Where its policy server listens.</summary>
    public string PolicySocket => Path.Combine(Postern.Folder, "policy");

    /// <summary>Starts it.</summary>
    public static async Task<MeasuredRun> StartAsync(CancellationToken cancellationToken)
    {
        var log = Path.GetTempFileName();
        var run = new MeasuredRun(await RunningPostern.PrepareAsync(log, null, "", "", cancellationToken), log);
        await run.Postern.ConfigureAsync(log, "127.0.0.1:9", $"[policy]\nlisten = \"unix:{run.PolicySocket}\"", cancellationToken);
        await run.Postern.StartAgainAsync(cancellationToken);
        return run;
    }

    /// <summary>Writes lines to the log.</summary>
    public Task WriteAsync(string lines) => File.AppendAllTextAsync(Log, lines);

    /// <summary>What <c>postern metrics</c> prints.</summary>
    public async Task<string> MetricsAsync() => (await Postern.AskAsync("metrics")).OrThrow("postern metrics").Output;

    /// <summary>Returns when it prints this; else fails with what it prints.</summary>
    public async Task UntilAsync(string words, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await MetricsAsync() is var text && !text.Contains(words, StringComparison.Ordinal))
        {
            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"'{words}' is not in:\n{text}\n{Postern.Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Stops it and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Postern.DisposeAsync();
        File.Delete(Log);
    }
}
