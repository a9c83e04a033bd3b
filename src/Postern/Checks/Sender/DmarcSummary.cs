using Postern.Checks.Dmarc;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>One finding for all authors that a message names: the worst of theirs.</summary>
/// <param name="author">Who wrote the message.</param>
internal sealed class DmarcSummary(MessageAuthor author)
{
    /// <summary>The finding.</summary>
    /// <param name="authors">An outcome for every domain of the author.</param>
    /// <param name="named">An outcome for every other domain whose address stands beside the author's.</param>
    /// <param name="isCrowd">True where more stand there than were looked at.</param>
    public SenderFinding Of(IReadOnlyList<DmarcOutcome> authors, IReadOnlyList<DmarcOutcome> named, bool isCrowd)
    {
        var finding = OfAuthors(authors);
        // A person reads the name and not the address: its owner asks for protection against just that.
        return finding.Reason is null or "none"
            && named.FirstOrDefault(o => o.Policy != DmarcPolicy.None && o.Result is TestResult.Fail or TestResult.TempError) is { } disguise
            ? finding with { Reason = "display-name", IsAligned = false, Detail = $"{finding.Detail}; but the name beside the address shows another one: {disguise.Detail}" }
            : isCrowd && finding.Reason is null or "none"
            ? finding with { Reason = "display-name", IsAligned = false, Detail = $"{finding.Detail}; but the name beside the address shows many others" }
            : finding;
    }

    private SenderFinding OfAuthors(IReadOnlyList<DmarcOutcome> outcomes)
    {
        var worst = outcomes.Where(o => o.Result == TestResult.Fail).MaxBy(o => o.Policy);
        if (worst is not null && (worst.Policy != DmarcPolicy.None || author.Problem is null))
        {
            return Finding(TestResult.Fail, ReasonOf(worst), author.Problem is null ? worst.Detail : $"{author.Problem}; {worst.Detail}");
        }

        if (outcomes.FirstOrDefault(o => o.Result == TestResult.TempError) is { } trouble)
        {
            return Finding(TestResult.TempError, null, trouble.Detail) with { IsAligned = author.Problem is null && trouble.IsShown };
        }

        if (author.Problem is { } problem)
        {
            return Finding(TestResult.PermError, author.IsNobody ? "no-author" : "several-authors", problem);
        }

        var only = outcomes[0];
        var reason = only.IsShown ? null : only.IsMissing ? "missing" : only.IsMisread ? "unusable" : null;
        return Finding(only.Result, reason, only.Detail) with { IsAligned = only.IsShown };
    }

    private static string ReasonOf(DmarcOutcome failure) => failure switch
    {
        { Policy: DmarcPolicy.None, IsMissing: true } => "missing",
        { Policy: DmarcPolicy.Reject, IsUnsure: true } => "unsure",
        _ => failure.Policy.ToString().ToLowerInvariant(),
    };

    private static SenderFinding Finding(TestResult result, string? reason, string detail) =>
        new() { Test = "dmarc", Result = result, Reason = reason, Detail = detail };
}
