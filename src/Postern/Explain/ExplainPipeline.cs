using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Explain;

/// <summary>What an explanation is asked for.</summary>
public sealed record ExplainRequest
{
    /// <summary>Files, Maildirs, or <c>-</c>; in any order.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>What <c>-</c> stands for; null where there is none.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Sessions that start before this do not count; unknown for no bound.</summary>
    public LogTime Since { get; init; }

    /// <summary>Sessions that start after this do not count; unknown for no bound.</summary>
    public LogTime Until { get; init; }

    /// <summary>The year of the first line of each log whose stamps have none; null to infer it.</summary>
    public int? Year { get; init; }

    /// <summary>True to list clients that only delivered, too.</summary>
    public bool All { get; init; }

    /// <summary>Whether a PTR name looks like an access provider's name for that address.</summary>
    public Func<string, ClientAddress, bool> IsGenericName { get; init; } = static (_, _) => false;

    /// <summary>The machine that this runs on, whose addresses are the server's own where the log is its own; null where nobody tells.</summary>
    public OwnMachine? Machine { get; init; }

    /// <summary>Told now and then how many bytes of how many have been read; null where nobody looks.</summary>
    public Action<long, long>? Progress { get; init; }
}

/// <summary>Why there is no explanation.</summary>
/// <param name="Input">The input as it was given.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Detail">The particulars, not escaped; empty for none.</param>
public sealed record ExplainFailure(string Input, InputProblem Problem, string Detail);

/// <summary>
/// Joins the rooms: inputs are opened and recognised, notices read, logs cut into blocks and read into events on several
/// threads, events joined into sessions and judged in their order, clients weighed, and the findings handed on.
/// </summary>
public sealed class ExplainPipeline(TimeProvider time)
{
    /// <summary>Explains who connects.</summary>
    /// <returns>The explanation, or the first thing that could not be read at all.</returns>
    public async Task<(Explanation? Explanation, ExplainFailure? Failure)> ExplainAsync(ExplainRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var inputs = InputSet.Open(request.Inputs, request.StandardInput);
        if (inputs.Failure is { } failure)
        {
            return (null, failure);
        }

        var run = new ExplainRun(request, time);
        foreach (var notices in inputs.Notices)
        {
            run.ReadNotices(notices, stop);
        }

        foreach (var log in DatedLog.InOrder(inputs.Logs, request.Year, time.GetUtcNow(), time.LocalTimeZone))
        {
            await run.ReadLogAsync(log, stop);
        }

        return (run.Explain(), null);
    }
}
