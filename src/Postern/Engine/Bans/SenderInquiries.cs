using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Engine.Bans;

/// <summary>
/// Asks the DNS about clients that a jail would ban: a few at once, each for a short time. No answer, and no place to ask, is
/// no evidence.
/// </summary>
/// <param name="check">Asks; null where the DNS is not to be asked.</param>
/// <param name="deadline">How long an answer is waited for.</param>
/// <param name="most">Inquiries at once, at most; what comes beyond is decided without.</param>
/// <param name="time">The clock.</param>
/// <param name="answer">Takes the answers; null for none.</param>
/// <param name="fault">Told of a check that failed: that is no answer either.</param>
internal sealed class SenderInquiries(
    Func<ClientAddress, string?, string?, CancellationToken, Task<SenderVerdict?>>? check,
    TimeSpan deadline,
    int most,
    TimeProvider time,
    Func<SenderInquiry, SenderVerdict?, ValueTask> answer,
    Action<Exception> fault)
{
    private int _underWay;

    /// <summary>The end of the run.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Asks; the answer comes by itself.</summary>
    public void Ask(SenderInquiry inquiry) => _ = Task.Run(() => AskAsync(inquiry), CancellationToken.None);

    private async Task AskAsync(SenderInquiry inquiry)
    {
        SenderVerdict? verdict = null;
        var hasPlace = Interlocked.Increment(ref _underWay) <= most;
        try
        {
            if (hasPlace && check is not null)
            {
                using var limit = new CancellationTokenSource(deadline, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Stop);
                verdict = await check(inquiry.Client, inquiry.Helo, inquiry.Sender, both.Token).WaitAsync(both.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // No answer in time.
        }
#pragma warning disable CA1031 // Whatever a check fails by, somebody's judgement waits for its answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault(e);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        if (!Stop.IsCancellationRequested)
        {
            await answer(inquiry, verdict);
        }
    }
}
