namespace Postern.Checks.Dns;

/// <summary>
/// Keeps answers for their time, and asks equal questions that are under way only once. A question's own time is bounded here,
/// so a server that sends its answer in drops holds nobody longer than all tries together may take.
/// </summary>
public sealed class CachingResolver(IResolver inner, DnsOptions options, TimeProvider time) : IResolver
{
    private readonly DnsCache _cache = new(options);
    private readonly Lock _lock = new();
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _underWay = [];

    /// <summary>Answers held in memory.</summary>
    public int Count => _cache.Count;

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_cache.Find(question, time.GetUtcNow()) is { } kept)
        {
            return kept;
        }

        Task<DnsAnswer>? shared;
        lock (_lock)
        {
            if (!_underWay.TryGetValue(question, out shared))
            {
                _underWay[question] = shared = AskAsync(question);
            }
        }

        return await shared.WaitAsync(cancellationToken);
    }

    private async Task<DnsAnswer> AskAsync(DnsQuestion question)
    {
        // The caller holds the lock: go on only after the task has its place in the table.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource((options.QueryTimeout * (options.Retries + 1)) + TimeSpan.FromSeconds(1), time);
        try
        {
            var answer = await inner.QueryAsync(question, limit.Token);
            _cache.Keep(question, answer, time.GetUtcNow());
            return answer;
        }
        catch (OperationCanceledException)
        {
            var late = DnsAnswer.Without(DnsStatus.Timeout, "no answer in time");
            _cache.Keep(question, late, time.GetUtcNow());
            return late;
        }
        finally
        {
            lock (_lock)
            {
                _underWay.Remove(question);
            }
        }
    }
}
