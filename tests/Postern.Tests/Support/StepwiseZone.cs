using Postern.Checks.Dns;

namespace Postern.Tests.Support;

/// <summary>
/// A DNS that answers all questions that are open at once, and only when no more come: so many rounds are the longest chain of
/// questions that had to wait for each other. A busy machine may make it think too early that no more come, so that it counts
/// too many rounds, and never too few.
/// </summary>
internal sealed class StepwiseZone(FakeZone zone) : IResolver
{
    private readonly Lock _lock = new();
    private List<(DnsQuestion Question, TaskCompletionSource<DnsAnswer> Answer)> _open = [];
    private int _asked;

    /// <summary>Rounds so far.</summary>
    public int Rounds { get; private set; }

    public async ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<DnsAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _open.Add((question, answer));
            _asked++;
        }

        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Answers round after round until the work is done.</summary>
    public async Task<T> ServeAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            await SettleAsync(work);
            List<(DnsQuestion Question, TaskCompletionSource<DnsAnswer> Answer)> open;
            lock (_lock)
            {
                (open, _open) = (_open, []);
            }

            Rounds += open.Count > 0 ? 1 : 0;
            foreach (var (question, answer) in open)
            {
                answer.SetResult(zone.Answer(question));
            }
        }

        return await work;
    }

    // No more questions come when the pool's threads have had nothing to do for many turns of this one.
    private async Task SettleAsync(Task work)
    {
        var (seen, quiet) = (-1, 0);
        while (quiet < 3000 && !work.IsCompleted)
        {
            var isIdle = ThreadPool.PendingWorkItemCount == 0;
            lock (_lock)
            {
                quiet = isIdle && seen == _asked ? quiet + 1 : 0;
                seen = _asked;
            }

            await Task.Yield();
        }
    }
}
