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

        var authors = AuthorDomains(message);
        var senderDomain = question.Sender is { Length: > 0 } sender ? DnsName.DomainOf(sender) : question.Helo;
        string[] preferred = [.. authors, .. senderDomain is null ? Array.Empty<string>() : [senderDomain]];
        LookupLog dkimLog = newLog(), dmarcLog = newLog(), arcLog = newLog();
        var arcTask = _arc.RunAsync(message, arcLog, cancellationToken);
        var signatures = await _dkim.RunAsync(message, preferred, dkimLog, cancellationToken);
        var spf = await spfTask;
        var passed = signatures.Where(s => s.Result == DkimResult.Pass).Select(s => s.Domain).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var hasTrouble = spf.Result == TestResult.TempError || signatures.Any(s => s.Result == DkimResult.TempError);
        var dmarc = authors.Count == 1
            ? await DmarcCheck.RunAsync(authors[0], spf.Result == TestResult.Pass ? senderDomain : null, passed, hasTrouble, dmarcLog, cancellationToken)
            : new DmarcOutcome(TestResult.PermError, DmarcPolicy.None, authors.Count == 0 ? "the message names no author (From)" : "the message names authors of several domains (From)");
        var arc = await arcTask;
        return new(
            [
                Dkim(signatures, authors, senderDomain) with { Lookups = dkimLog.Lookups },
                Dmarc(dmarc, message, senderDomain, spf) with { Lookups = dmarcLog.Lookups },
                Finding("arc", arc.Result, arc.IsTrusted ? "trusted" : arc.IsWeak ? "weak" : null, arc.Remark is null ? $"the chain is whole; {Show.Text(arc.Sealer ?? "")} sealed it last" : Show.Text(arc.Remark)) with { Lookups = arcLog.Lookups },
            ],
            Authentication.Lines(question, spf, signatures, authors.Count == 1 ? authors[0] : null, dmarc, arc));
    }

    private static string[] Names => ["dkim", "dmarc", "arc"];

    private static SenderFinding Dkim(IReadOnlyList<DkimOutcome> signatures, List<string> authors, string? senderDomain)
    {
        if (signatures.Count == 0)
            return Finding("dkim", TestResult.None, null, "the message has no DKIM signature");
        bool IsRelated(string domain, string? other) => other is not null && (DnsName.IsWithin(domain, other) || DnsName.IsWithin(other, domain)) && domain.Contains('.', StringComparison.Ordinal);
        var best = signatures.OrderBy(s => s.Result == DkimResult.Pass ? 0 : s.Result == DkimResult.TempError ? 1 : 2)
            .ThenBy(s => s.IsWeak).ThenBy(s => authors.Any(a => IsRelated(s.Domain, a)) ? 0 : 1).First();
        var details = string.Join("; ", signatures.Take(6).Select(s => $"{Show.Text(s.Domain)} {s.Result.ToString().ToLowerInvariant()}{(s.Remark is null ? "" : $" ({Show.Text(s.Remark)})")}"));
        if (signatures.Count > 6)
            details += $"; and {signatures.Count - 6} more";
        var isAligned = best.Result == DkimResult.Pass && !best.IsWeak && authors.Count == 1 && IsRelated(best.Domain, authors[0]);
        return Finding("dkim", ToResult(best.Result), best.Result != DkimResult.Pass ? null : best.IsWeak ? "weak" : isAligned ? null : "other-domain", details) with
        {
            IsAligned = isAligned,
            TiesSender = signatures.Any(s => s.Result == DkimResult.Pass && !s.IsWeak && IsRelated(s.Domain, senderDomain)),
        };
    }

    private static SenderFinding Dmarc(DmarcOutcome outcome, MimeMessage message, string? senderDomain, SenderFinding spf)
    {
        var reason = outcome.Result == TestResult.Fail ? outcome.Policy.ToString().ToLowerInvariant() : null;
        // A list that speaks for itself (its own envelope sender, shown by SPF) breaks signatures in good faith.
        if (reason is "reject" && spf.TiesSender && senderDomain is not null && message.Headers[HeaderId.ListId] is { } list && list.Contains(senderDomain, StringComparison.OrdinalIgnoreCase))
            reason = "list";
        return Finding("dmarc", outcome.Result, reason, outcome.Detail) with { IsAligned = outcome.Result == TestResult.Pass };
    }

    private static TestResult ToResult(DkimResult result) => result switch
    {
        DkimResult.Pass => TestResult.Pass,
        DkimResult.Fail => TestResult.Fail,
        DkimResult.TempError => TestResult.TempError,
        DkimResult.PermError => TestResult.PermError,
        _ => TestResult.Neutral,
    };

    private static List<string> AuthorDomains(MimeMessage message)
    {
        var domains = message.Headers.Where(h => h.Id == HeaderId.From)
            .SelectMany(h => InternetAddressList.TryParse(h.RawValue, out var list) ? list.Mailboxes : [])
            .Select(m => DnsName.DomainOf(m.GetAddress(idnEncode: true)))
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(3)
            .ToList();
        // Two From headers are a trick: which of them a person sees nobody knows.
        if (domains.Count == 1 && message.Headers.Count(h => h.Id == HeaderId.From) > 1)
            domains.Add(domains[0]);
        return domains;
    }

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
