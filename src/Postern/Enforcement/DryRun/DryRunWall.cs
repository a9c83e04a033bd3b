namespace Postern.Enforcement.DryRun;

/// <summary>A wall that keeps out nobody: everything else is done as if it did.</summary>
public sealed class DryRunWall : IWall
{
    /// <inheritdoc/>
    public string Name => "dry-run";

    /// <inheritdoc/>
    public WallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<WallEntry> standing, CancellationToken cancellationToken)
    {
        State = WallState.DryRun;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<WallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WallEntry>>([]);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<WallChange> changes, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<WallDrift> CompareAsync(Func<IReadOnlyCollection<WallEntry>> standing, bool isThorough, CancellationToken cancellationToken) => Task.FromResult(default(WallDrift));

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        State = WallState.Closed;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
