namespace Postern.Cli.Daemon.History;

/// <summary>The reply of <c>history</c>: numbers over time, for plots.</summary>
internal sealed record HistoryReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.history/1";

    /// <summary><c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    public required string Range { get; init; }

    /// <summary>The start of the first step.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The length of a step, seconds.</summary>
    public required long StepSeconds { get; init; }

    /// <summary>The series; those in which there was nothing are missing.</summary>
    public required IReadOnlyList<HistoryLine> Series { get; init; }

    /// <summary>The names of behaviours, by their ids, in the language that was asked for.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }
}

/// <summary>A series over time.</summary>
/// <param name="Name">A name of <see cref="HistorySeries"/>.</param>
/// <param name="Values">A number a step, the earliest first; the last step still goes on.</param>
internal sealed record HistoryLine(string Name, IReadOnlyList<long> Values);
