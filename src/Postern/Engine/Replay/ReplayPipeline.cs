using Postern.Capture.Grammar;
using Postern.Capture.Logs;
using Postern.Capture.Notices;
using Postern.Explain;
using Postern.Facts;

namespace Postern.Engine.Replay;

/// <summary>Reads logs as <c>explain</c> does and hands their events to the engine of <c>run</c>, by the log's own clock.</summary>
public sealed class ReplayPipeline(TimeProvider time)
{
    /// <summary>Replays the logs.</summary>
    /// <returns>What <c>run</c> would have done, or the first thing that could not be read at all.</returns>
    public async Task<(ReplayResult? Result, ExplainFailure? Failure)> RunAsync(ReplayRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var inputs = InputSet.Open(request.Inputs, request.StandardInput);
        if (inputs.Failure is { } failure)
        {
            return (null, failure);
        }

        var run = new ReplayRun(request);
        foreach (var notices in inputs.Notices)
        {
            NoticeReader.Read(notices, run.Add, stop);
        }

        run.SortNotices();
        foreach (var log in DatedLog.InOrder(inputs.Logs, request.Year, time.GetUtcNow(), time.LocalTimeZone))
        {
            if (!log.First.IsKnown)
            {
                return (null, new ExplainFailure(log.Input.Path, InputProblem.NoTimes, ""));
            }

            await ReadAsync(log, run, request, stop);
        }

        run.Finish();
        await run.AnswerAsync(stop);
        return (run.Result(), null);
    }

    private static async Task ReadAsync(DatedLog log, ReplayRun run, ReplayRequest request, CancellationToken stop)
    {
        var pool = new ParserPool(log.Zone, Math.Clamp(Environment.ProcessorCount, 1, 4)) { Mail = MailReading.Outbound };
        await pool.RunAsync(
            new LogBlockReader(log.Content, log.Year),
            block =>
            {
                foreach (ref readonly var e in block.Events)
                {
                    run.Add(e, (ulong)log.Number);
                    if (run.IsWaiting)
                    {
                        // A ban waits for the DNS: what follows it in the log must find it decided.
                        run.AnswerAsync(stop).GetAwaiter().GetResult();
                    }
                }

                request.Progress?.Invoke(log.Input.Position, log.Input.Length ?? 0);
            },
            stop);
    }
}
