using Postern.Facts;

namespace Postern.Gate;

/// <summary>What a decision rests on, for the count.</summary>
internal enum GateFinding : byte
{
    /// <summary>There is no verdict.</summary>
    Untested,
    /// <summary>The sender is genuine.</summary>
    Genuine,
    /// <summary>Nothing proves it.</summary>
    Unproven,
    /// <summary>It looks like a bot.</summary>
    Suspect,
    /// <summary>It is forged.</summary>
    Forged,
    /// <summary>A ban stands.</summary>
    Banned,
    /// <summary>The operator's allow-list names it.</summary>
    Allowed,
    /// <summary>This host or mynetworks.</summary>
    Own,
}

/// <summary>So many decisions of a kind.</summary>
/// <param name="IsMilter">True for the milter, false for the policy server.</param>
/// <param name="Finding">What they rest on.</param>
/// <param name="Action">What was wanted.</param>
/// <param name="IsEnforced">True where it was done.</param>
/// <param name="Number">How many.</param>
internal readonly record struct GateCount(bool IsMilter, GateFinding Finding, GateAction Action, bool IsEnforced, long Number);

/// <summary>Counts all decisions, also those that let pass: of how many the refused ones are. A number each kind, and no lock.</summary>
internal sealed class GateCounts
{
    private const int Findings = (int)GateFinding.Own + 1;
    private const int Actions = (int)GateAction.Reject + 1;
    private readonly long[] _numbers = new long[2 * Findings * Actions * 2];

    // How many of each were taken.
    private readonly long[] _taken = new long[2 * Findings * Actions * 2];

    /// <summary>The numbers since the start, but for those that are zero.</summary>
    public IReadOnlyList<GateCount> Totals => List(static (_, number) => number);

    /// <summary>Counts one.</summary>
    /// <param name="service"><c>policy</c> or <c>milter</c>.</param>
    /// <param name="decision">What was decided.</param>
    public void Add(string service, GateDecision decision) =>
        Interlocked.Increment(ref _numbers[IndexOf(service is "milter", FindingOf(decision), decision.Wanted, decision.IsEnforced)]);

    /// <summary>The numbers since the last time, but for those that are zero. For one caller.</summary>
    public IReadOnlyList<GateCount> Take() => List((i, number) =>
    {
        var news = number - _taken[i];
        _taken[i] = number;
        return news;
    });

    /// <summary>They could not be kept, and wait for the next time. For the caller of <see cref="Take"/>.</summary>
    public void Return(IReadOnlyList<GateCount> counts)
    {
        foreach (var count in counts)
        {
            _taken[IndexOf(count.IsMilter, count.Finding, count.Action, count.IsEnforced)] -= count.Number;
        }
    }

    private List<GateCount> List(Func<int, long, long> numberOf)
    {
        List<GateCount> counts = [];
        for (var i = 0; i < _numbers.Length; i++)
        {
            if (numberOf(i, Interlocked.Read(ref _numbers[i])) is > 0 and var number)
            {
                counts.Add(new(i / (Findings * Actions * 2) == 1, (GateFinding)(i / (Actions * 2) % Findings), (GateAction)(i / 2 % Actions), i % 2 == 1, number));
            }
        }

        return counts;
    }

    private static int IndexOf(bool isMilter, GateFinding finding, GateAction action, bool isEnforced) =>
        ((((isMilter ? Findings : 0) + (int)finding) * Actions + (int)action) * 2) + (isEnforced ? 1 : 0);

    private static GateFinding FindingOf(GateDecision decision) => decision.Cause switch
    {
        GateCause.Own => GateFinding.Own,
        GateCause.Allowed => GateFinding.Allowed,
        GateCause.Ban => GateFinding.Banned,
        _ => decision.Answer?.Verdict.Legitimacy switch
        {
            Legitimacy.Genuine => GateFinding.Genuine,
            Legitimacy.Unproven => GateFinding.Unproven,
            Legitimacy.Suspect => GateFinding.Suspect,
            Legitimacy.Forged => GateFinding.Forged,
            _ => GateFinding.Untested,
        },
    };
}
