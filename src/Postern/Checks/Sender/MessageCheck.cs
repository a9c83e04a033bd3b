using MimeKit;
using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Checks.Dmarc;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>What the tests of a message found.</summary>
internal sealed record MessageFindings(IReadOnlyList<SenderFinding> Findings, IReadOnlyList<string> AuthenticationResults);

/// <summary>The tests <c>dkim</c>, <c>dmarc</c> and <c>arc</c>, which need the message itself.</summary>
internal sealed class MessageCheck(SenderCheckOptions options, TimeProvider time)
{
    private readonly DkimCheck _dkim = new(options.Dkim, time);
    private readonly ArcCheck _arc = new(options.Arc, options.Dkim);

    public async Task<MessageFindings> RunAsync(SenderQuestion question, Task<SenderFinding> spfTask, Func<LookupLog> newLog, CancellationToken cancellationToken)
    {
        if (question.Message is not { } bytes)
            return new([.. Names.Select(n => Finding(n, TestResult.Skipped, null, "no message was given"))], []);
        if (!HeaderSize.IsBounded(bytes.Span) || Parse(bytes) is not { } message)
            return new([.. Names.Select(n => Finding(n, TestResult.PermError, "unreadable", "the message cannot be read"))], []);

        var author = MessageAuthor.Of(message, bytes.Span);
        var senderDomain = question.Sender is { Length: > 0 } sender ? DnsName.DomainOf(sender) : question.Helo;
        string[] preferred = [.. author.Domains, .. senderDomain is null ? Array.Empty<string>() : [senderDomain]];
        LookupLog dkimLog = newLog(), dmarcLog = newLog(), arcLog = newLog();
        foreach (var domain in preferred.Distinct(StringComparer.OrdinalIgnoreCase))
            DmarcTreeWalk.AskAhead(domain, dmarcLog);
        var arcTask = _arc.RunAsync(message, arcLog, cancellationToken);
        var signatures = await _dkim.RunAsync(message, preferred, dkimLog, cancellationToken);
        var spf = await spfTask;
        var shown = Shown(signatures, spf, senderDomain);
        var outcomes = await Task.WhenAll(author.Domains.Select(domain => DmarcCheck.RunAsync(domain, shown, dmarcLog, cancellationToken)));
        var arc = await arcTask;
        var dmarc = Dmarc(author, outcomes, message, senderDomain, spf);
        return new(
            [
                Dkim(signatures.Tried, author, senderDomain) with { Lookups = dkimLog.Lookups },
                dmarc with { Lookups = dmarcLog.Lookups },
                Finding("arc", arc.Result, arc.IsTrusted ? "trusted" : arc.IsWeak ? "weak" : null, arc.Remark is null ? $"the chain is whole; {Show.Text(arc.Sealer ?? "")} sealed it last" : Show.Text(arc.Remark)) with { Lookups = arcLog.Lookups },
            ],
            Authentication.Lines(question, spf, signatures.Tried, author.Single, dmarc.Result, arc));
    }

    private static string[] Names => ["dkim", "dmarc", "arc"];

    private static ShownDomains Shown(DkimOutcomes signatures, SenderFinding spf, string? senderDomain)
    {
        var isOpen = spf is { Result: TestResult.Pass, Reason: "open" } && senderDomain is not null;
        var troubled = signatures.Tried.Where(s => s.Result == DkimResult.TempError).Select(s => s.Domain);
        return new()
        {
            Spf = spf is { Result: TestResult.Pass, Reason: not "open" } ? senderDomain : null,
            Dkim = [.. signatures.Tried.Where(s => s.Result == DkimResult.Pass && !s.IsWeak).Select(s => s.Domain).Distinct(StringComparer.OrdinalIgnoreCase)],
            Troubled = [.. spf.Result == TestResult.TempError && senderDomain is not null ? troubled.Append(senderDomain) : troubled],
            Doubtful = [.. signatures.Tried.Where(s => s.Result == DkimResult.Pass && s.IsWeak).Select(s => s.Domain), .. signatures.PassedOver, .. isOpen ? [senderDomain!] : Array.Empty<string>()],
        };
    }

    private static SenderFinding Dkim(IReadOnlyList<DkimOutcome> signatures, MessageAuthor author, string? senderDomain)
    {
        if (signatures.Count == 0)
            return Finding("dkim", TestResult.None, null, "the message has no DKIM signature");
        static bool IsRelated(string domain, string? other) => other is not null && (DnsName.IsWithin(domain, other) || DnsName.IsWithin(other, domain)) && domain.Contains('.', StringComparison.Ordinal);
        bool IsAuthors(DkimOutcome s) => author.Domains.Any(a => IsRelated(s.Domain, a));
        var best = signatures.OrderBy(s => s.Result == DkimResult.Pass ? 0 : s.Result == DkimResult.TempError && IsAuthors(s) ? 1 : 2)
            .ThenBy(s => s.IsWeak).ThenBy(s => IsAuthors(s) ? 0 : 1).First();
        var details = string.Join("; ", signatures.Take(6).Select(s => $"{Show.Text(s.Domain)} {s.Result.ToString().ToLowerInvariant()}{(s.Remark is null ? "" : $" ({Show.Text(s.Remark)})")}"));
        if (signatures.Count > 6)
            details += $"; and {signatures.Count - 6} more";
        var isAligned = best.Result == DkimResult.Pass && !best.IsWeak && author.Single is { } single && IsRelated(best.Domain, single);
        var reason = best.Result switch
        {
            DkimResult.Pass => best.IsWeak ? "weak" : isAligned ? null : "other-domain",
            // Nobody but the owner of the author's domain gains time by his dead name servers.
            DkimResult.TempError => IsAuthors(best) ? null : "other-domain",
            _ => null,
        };
        return Finding("dkim", ToResult(best.Result), reason, details) with
        {
            IsAligned = isAligned,
            TiesSender = signatures.Any(s => s.Result == DkimResult.Pass && !s.IsWeak && IsRelated(s.Domain, senderDomain)),
        };
    }

    /// <summary>One conclusion for all authors: the worst of theirs.</summary>
    private static SenderFinding Dmarc(MessageAuthor author, DmarcOutcome[] outcomes, MimeMessage message, string? senderDomain, SenderFinding spf)
    {
        var worst = outcomes.Where(o => o.Result == TestResult.Fail).MaxBy(o => o.Policy);
        if (worst is { Policy: not DmarcPolicy.None } || (worst is not null && author.Problem is null))
        {
            var reason = worst.Policy.ToString().ToLowerInvariant();
            // A list that speaks for itself (its own envelope sender, shown by SPF) breaks signatures in good faith.
            if (worst.Policy == DmarcPolicy.Reject && worst.IsUnsure)
                reason = "unsure";
            else if (worst.Policy == DmarcPolicy.Reject && spf.TiesSender && senderDomain is not null && message.Headers[HeaderId.ListId] is { } list && list.Contains(senderDomain, StringComparison.OrdinalIgnoreCase))
                reason = "list";
            return Finding("dmarc", TestResult.Fail, reason, author.Problem is null ? worst.Detail : $"{author.Problem}; {worst.Detail}");
        }

        if (outcomes.FirstOrDefault(o => o.Result == TestResult.TempError) is { } trouble)
            return Finding("dmarc", TestResult.TempError, null, trouble.Detail) with { IsAligned = author.Problem is null && trouble.IsShown };
        if (author.Problem is { } problem)
            return Finding("dmarc", TestResult.PermError, author.IsNobody ? "no-author" : "several-authors", problem);
        return Finding("dmarc", outcomes[0].Result, null, outcomes[0].Detail) with { IsAligned = outcomes[0].Result == TestResult.Pass };
    }

    private static TestResult ToResult(DkimResult result) => result switch
    {
        DkimResult.Pass => TestResult.Pass,
        DkimResult.Fail => TestResult.Fail,
        DkimResult.TempError => TestResult.TempError,
        DkimResult.PermError => TestResult.PermError,
        _ => TestResult.Neutral,
    };

    private static MimeMessage? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes.ToArray(), writable: false);
            return MimeMessage.Load(stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static SenderFinding Finding(string test, TestResult result, string? reason, string detail) =>
        new() { Test = test, Result = result, Reason = reason, Detail = detail };
}
