using System.Runtime.InteropServices;
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
internal sealed class MessageCheck(SenderCheckOptions options, PublicSuffixes suffixes, TimeProvider time)
{
    private readonly DkimCheck _dkim = new(options.Dkim, time);
    private readonly DmarcCheck _dmarc = new(suffixes);
    private readonly ArcCheck _arc = new(options.Arc, options.Dkim);

    public async Task<MessageFindings> RunAsync(SenderQuestion question, Task<SenderFinding> spfTask, Func<LookupLog> newLog, CancellationToken cancellationToken)
    {
        if (question.Message is not { } bytes)
            return new([.. Names.Select(n => Finding(n, TestResult.Skipped, null, "no message was given"))], []);
        var extent = HeaderSize.Of(bytes.Span);
        if (extent != HeaderExtent.Bounded)
            bytes = HeaderSize.Trim(bytes.Span);
        if (Parse(bytes) is not { } message)
            return new([.. Names.Select(n => Finding(n, TestResult.PermError, "unreadable", "the message cannot be read"))], []);

        var author = MessageAuthor.Of(message, bytes.Span);
        var senderDomain = question.Sender is { Length: > 0 } sender ? DnsName.DomainOf(sender) : question.Helo;
        string[] preferred = [.. author.Domains, .. senderDomain is null ? Array.Empty<string>() : [senderDomain]];
        LookupLog dkimLog = newLog(), dmarcLog = newLog(), arcLog = newLog();
        foreach (var domain in preferred.Concat(author.Named).Distinct(StringComparer.OrdinalIgnoreCase))
            DmarcTreeWalk.AskAhead(domain, dmarcLog);
        var body = new DkimBody(bytes);
        var arcTask = _arc.RunAsync(message, body, arcLog, cancellationToken);
        var signatures = await _dkim.RunAsync(message, body, preferred, dkimLog, cancellationToken);
        var spf = await spfTask;
        var shown = Shown(signatures, spf, senderDomain, question.Sender is { Length: 0 });
        Task<DmarcOutcome[]> EvaluateAsync(IEnumerable<string> domains) => Task.WhenAll(domains.Select(domain => _dmarc.RunAsync(domain, shown, dmarcLog, cancellationToken)));
        var ofNamed = EvaluateAsync(author.Named.Where(n => !author.Domains.Any(a => DomainOwner.IsOne(suffixes, n, a))));
        var dmarc = new DmarcSummary(author, message, senderDomain, spf).Of(await EvaluateAsync(author.Domains), await ofNamed);
        if (extent == HeaderExtent.Oversized && dmarc.Reason is not "reject")
            dmarc = Finding("dmarc", TestResult.Fail, "oversized", "the header is larger than that of any genuine message");
        var arc = await arcTask;
        // A forwarder seals the forged mail that it passes on, too, and says so.
        if (arc.IsTrusted && !arc.TrustedResults.Any(r => ArcResults.Vouches(r, d => author.Domains.Any(a => DomainOwner.IsOne(suffixes, d, a)))))
            arc = arc with { IsTrusted = false, Remark = $"the chain is whole; {arc.Sealer} sealed it last, and does not say that the message was its author's when it came" };
        return new(
            [
                new DkimSummary(suffixes, author, senderDomain, question.Sender).Of(signatures.Tried, DateOf(message), time.GetUtcNow()) with { Lookups = dkimLog.Lookups },
                dmarc with { Lookups = dmarcLog.Lookups },
                Finding("arc", arc.Result, arc.IsTrusted ? "trusted" : arc.TrustedResults.Count > 0 ? "unvouched" : arc.IsWeak ? "weak" : null, arc.Remark is null ? $"the chain is whole; {Show.Text(arc.Sealer ?? "")} sealed it last" : Show.Text(arc.Remark)) with { Lookups = arcLog.Lookups },
            ],
            Authentication.Lines(question, spf, signatures.Tried, author.Single, dmarc.Result, arc));
    }

    private static DateTimeOffset? DateOf(MimeMessage message) => message.Headers.Contains(HeaderId.Date) && message.Date > DateTimeOffset.UnixEpoch ? message.Date : null;

    private static string[] Names => ["dkim", "dmarc", "arc"];

    private static ShownDomains Shown(DkimOutcomes signatures, SenderFinding spf, string? senderDomain, bool isBounce)
    {
        // A host whose name has no policy of its own may well send the bounces of its domain.
        var isOpen = senderDomain is not null && (spf is { Result: TestResult.Pass, Reason: "open" } || (isBounce && spf.Result == TestResult.None));
        var troubled = signatures.Tried.Where(s => s.Result == DkimResult.TempError).Select(s => s.Domain);
        return new()
        {
            Spf = spf is { Result: TestResult.Pass, Reason: not "open" } ? senderDomain : null,
            Dkim = [.. signatures.Tried.Where(s => s.IsProof).Select(s => s.Domain).Distinct(StringComparer.OrdinalIgnoreCase)],
            Troubled = [.. spf.Result == TestResult.TempError && senderDomain is not null ? troubled.Append(senderDomain) : troubled],
            Doubtful = [.. signatures.Tried.Where(s => s.Fits && !s.IsProof).Select(s => s.Domain), .. signatures.PassedOver, .. isOpen ? [senderDomain!] : Array.Empty<string>()],
        };
    }

    private static MimeMessage? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // A copy of a large message would be the largest thing that a check holds.
            using var stream = MemoryMarshal.TryGetArray(bytes, out var held)
                ? new MemoryStream(held.Array!, held.Offset, held.Count, writable: false)
                : new MemoryStream(bytes.ToArray(), writable: false);
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
