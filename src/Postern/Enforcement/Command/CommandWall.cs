using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Postern.Enforcement.Command;

/// <summary>A wall that the operator's own program builds.</summary>
public sealed class CommandWall(CommandOptions options, TimeProvider time) : IWall
{
    private readonly HashSet<Facts.ClientNetwork> _standing = [];

    /// <inheritdoc/>
    public string Name => "command";

    /// <inheritdoc/>
    public WallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<WallEntry> standing, CancellationToken cancellationToken)
    {
        State = WallState.Standing;
        return ApplyAsync([.. standing.Select(entry => new WallChange(entry.Network, entry.Until))], cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WallEntry>>([]);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<WallChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            _ = change.Until is null ? _standing.Remove(change.Network) : _standing.Add(change.Network);
        }

        return Parallel.ForEachAsync(
            changes, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.AtOnce), CancellationToken = cancellationToken },
            async (change, stop) => await RunAsync(change.Until is null ? options.Unban : options.Ban, change, stop));
    }

    /// <summary>Does what is missing; what else the operator's program keeps out is its own affair.</summary>
    public async Task<WallDrift> CompareAsync(IReadOnlyCollection<WallEntry> standing, bool isThorough, CancellationToken cancellationToken)
    {
        var missing = standing.Where(entry => !_standing.Contains(entry.Network)).Select(entry => new WallChange(entry.Network, entry.Until)).ToList();
        await ApplyAsync(missing, cancellationToken);
        return new WallDrift(missing.Count, 0, WasRebuilt: false);
    }

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        await ApplyAsync([.. _standing.Select(network => new WallChange(network, null))], cancellationToken);
        State = WallState.Closed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task RunAsync(IReadOnlyList<string> command, WallChange change, CancellationToken cancellationToken)
    {
        if (command.Count == 0)
        {
            return;
        }

        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(Fill(argument, change));
        }

        using var limit = new CancellationTokenSource(options.Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(both.Token);
                var error = await process.StandardError.ReadToEndAsync(both.Token);
                await output;
                await process.WaitForExitAsync(both.Token);
                Trouble = process.ExitCode == 0 ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{command[0]} ended with {process.ExitCode}: {error.Split('\n')[0].Trim()}");
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Trouble = string.Create(CultureInfo.InvariantCulture, $"{command[0]} did not end within {options.Deadline.TotalSeconds:0} s and was ended");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            Trouble = $"{command[0]} cannot be run: {e.Message}";
        }
    }

    private string Fill(string argument, WallChange change)
    {
        var seconds = change.Until is { } until ? Math.Max(1, (long)Math.Ceiling((until - time.GetUtcNow()).TotalSeconds)) : 0;
        return argument
            .Replace("{address}", change.Network.First.ToString(), StringComparison.Ordinal)
            .Replace("{network}", change.Network.ToString(), StringComparison.Ordinal)
            .Replace("{prefix}", change.Network.PrefixLength.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{family}", change.Network.IsIPv4 ? "4" : "6", StringComparison.Ordinal)
            .Replace("{seconds}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
