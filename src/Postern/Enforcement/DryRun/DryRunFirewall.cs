namespace Postern.Enforcement.DryRun;

/// <summary>A firewall that keeps out nobody: everything else is done as if it did.</summary>
public sealed class DryRunFirewall : IFirewall
{
    /// <inheritdoc/>
    public string Name => "dry-run";

    /// <inheritdoc/>
    public FirewallState State { get; private set; }

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken)
    {
        State = FirewallState.DryRun;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FirewallEntry>>([]);

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken) => Task.FromResult(default(FirewallDrift));

    /// <inheritdoc/>
    public Task DisturbedAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        State = FirewallState.Closed;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
