using Postern.Enforcement;
using Postern.Facts;

namespace Postern.Tests.Enforcement;

/// <summary>A firewall that does as the test says and remembers how it was called.</summary>
internal sealed class ScriptedFirewall : IFirewall
{
    private readonly SemaphoreSlim _disturbances = new(0);
    private readonly SemaphoreSlim _calls = new(0);

    public List<IReadOnlyList<FirewallChange>> Applied { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Done in the midst of the next step.</summary>
    public Action? DuringApply { get; set; }

    public FirewallDrift Drift { get; set; }

    /// <summary>Done in the midst of each look.</summary>
    public Action? Takes { get; set; }

    public string Name => "scripted";

    public FirewallState State { get; set; }

    public string? Trouble { get; set; }

    public void Disturb() => _disturbances.Release();

    /// <summary>Waits for that many calls after the last time.</summary>
    public async Task CallsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            (await _calls.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeTrue($"only: {string.Join(", ", Calls)}");
        }
    }

    public Task OpenAsync(IReadOnlyCollection<FirewallEntry> standing, CancellationToken cancellationToken)
    {
        State = Trouble is null ? FirewallState.Standing : FirewallState.Failed;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FirewallEntry>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FirewallEntry>>([]);

    public Task ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        Applied.Add(changes);
        DuringApply?.Invoke();
        return Called("apply");
    }

    public Task<FirewallDrift> CompareAsync(Func<IReadOnlyCollection<FirewallEntry>> standing, bool isThorough, CancellationToken cancellationToken)
    {
        State = Trouble is null ? FirewallState.Standing : FirewallState.Failed;
        Takes?.Invoke();
        var drift = Drift;
        Drift = default;
        Note(isThorough ? "compare" : "glance");
        return Task.FromResult(drift);
    }

    public Task DisturbedAsync(CancellationToken cancellationToken) => _disturbances.WaitAsync(cancellationToken);

    public Task CloseAsync(CancellationToken cancellationToken)
    {
        State = FirewallState.Closed;
        return Called("close");
    }

    public ValueTask DisposeAsync()
    {
        _disturbances.Dispose();
        _calls.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new ArgumentException(text, nameof(text));

    private Task Called(string name)
    {
        Note(name);
        return Task.CompletedTask;
    }

    private void Note(string name)
    {
        Calls.Add(name);
        _calls.Release();
    }
}
