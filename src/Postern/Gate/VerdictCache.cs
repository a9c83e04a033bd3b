using Postern.Facts;

namespace Postern.Gate;

/// <summary>
/// Verdicts on senders without a message, for a short time: a session asks once a recipient, and a burst comes from one client.
/// Those who ask at once share one inquiry. Bounded: when full, the oldest go.
/// </summary>
/// <param name="inquiry">Asks.</param>
/// <param name="time">The clock.</param>
internal sealed class VerdictCache(GateInquiry inquiry, TimeProvider time)
{
    private const int MostKept = 20_000;
    private const int LongestName = 512;
    // A dead name server answers again soon.
    private static readonly TimeSpan s_troubledLife = TimeSpan.FromSeconds(2);

    private readonly BoundedCache<Key, Kept> _kept = new(MostKept);
    private readonly Lock _lock = new();

    /// <summary>The verdict, kept or asked for.</summary>
    /// <param name="question">About whom; without a message.</param>
    /// <param name="life">How long it may be kept.</param>
    /// <param name="deadline">How long it may take.</param>
    public Task<GateAnswer?> AskAsync(GateQuestion question, TimeSpan life, TimeSpan deadline)
    {
        var key = new Key(question.Client, question.Helo, question.Sender);
        var now = time.GetTimestamp();
        TaskCompletionSource<GateAnswer?> answer;
        lock (_lock)
        {
            if (_kept.TryGet(key, out var kept) && IsFresh(kept, now, life))
            {
                return kept.Answer;
            }

            if ((question.Helo?.Length ?? 0) > LongestName || (question.Sender?.Length ?? 0) > LongestName)
            {
                return AskOnceAsync(question, deadline);
            }

            answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _kept.Set(key, new(answer.Task, now));
        }

        return FillAsync(question, answer, deadline);
    }

    /// <summary>The verdict, asked for anew; null where there is none in time.</summary>
    /// <param name="question">About whom.</param>
    /// <param name="deadline">How long it may take.</param>
    public async Task<GateAnswer?> AskOnceAsync(GateQuestion question, TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline, time);
        try
        {
            return await inquiry(question, limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool IsFresh(Kept kept, long now, TimeSpan life)
    {
        if (!kept.Answer.IsCompleted)
        {
            return true;
        }

        var isSound = kept.Answer.IsCompletedSuccessfully && kept.Answer.Result is { Verdict.Troubled.Count: 0 };
        return time.GetElapsedTime(kept.At, now) < (isSound || life < s_troubledLife ? life : s_troubledLife);
    }

    private async Task<GateAnswer?> FillAsync(GateQuestion question, TaskCompletionSource<GateAnswer?> answer, TimeSpan deadline)
    {
        try
        {
            answer.SetResult(await AskOnceAsync(question, deadline));
        }
#pragma warning disable CA1031 // Whoever waits for it gets the fault, and says what becomes of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer.SetException(e);
        }

        return await answer.Task;
    }

    private readonly record struct Key(ClientAddress Client, string? Helo, string? Sender);

    private readonly record struct Kept(Task<GateAnswer?> Answer, long At);
}
