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
    // More addresses than that beside the author's own are a disguise, whoever owns them.
    private const int MostNamed = 5;

    private readonly DkimCheck _dkim = new(options.Dkim, time);
    private readonly DmarcCheck _dmarc = new(suffixes);
    private readonly ArcCheck _arc = new(options.Arc, options.Dkim);

    public async Task<MessageFindings> RunAsync(SenderQuestion question, Task<SenderFinding> spfTask, Task<SenderFinding> heloTask, Func<LookupRecorder> newLog, CancellationToken cancellationToken)
    {
        if (question.Message is not { } bytes)
        {
            return new([.. Names.Select(n => Finding(n, TestResult.Skipped, null, "no message was given"))], []);
        }

        var extent = HeaderSize.Of(bytes.Span);
        if (extent != HeaderExtent.Bounded)
        {
            bytes = HeaderSize.Trim(bytes.Span);
        }

        if (Parse(bytes) is not { } message)
        {
            return new([.. Names.Select(n => Finding(n, TestResult.PermError, "unreadable", "the message cannot be read"))], []);
        }

        var author = MessageAuthor.Of(message, bytes.Span);
        var senderDomain = question.Sender is { Length: > 0 } sender ? DnsName.DomainOf(sender) : question.Helo;
        string[] preferred = [.. author.Domains, .. senderDomain is null ? Array.Empty<string>() : [senderDomain]];
        LookupRecorder dkimLog = newLog(), dmarcLog = newLog(), arcLog = newLog();
        string[] beside = [.. author.Named.Where(n => !author.Domains.Any(a => DomainOwner.IsOne(suffixes, n, a))).Take(MostNamed + 1)];
        foreach (var domain in preferred.Concat(beside).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            DmarcTreeWalk.AskAhead(domain, dmarcLog);
        }

        var body = new DkimBody(bytes);
        var arcTask = _arc.RunAsync(message, body, arcLog, cancellationToken);
        var signatures = await _dkim.RunAsync(message, body, preferred, dkimLog, cancellationToken);
        var spf = await spfTask;
        // A host may well send the bounces of its domain without a policy of its own; its name is anybody's word unless it resolves.
        var isOwnBounce = question.Sender is { Length: 0 } && spf.Result == TestResult.None && (await heloTask).Result == TestResult.Pass;
        var shown = Shown(signatures, spf, senderDomain, isOwnBounce);
        Task<DmarcOutcome[]> EvaluateAsync(IEnumerable<string> domains) => Task.WhenAll(domains.Select(domain => _dmarc.RunAsync(domain, shown, dmarcLog, cancellationToken)));
        var ofNamed = EvaluateAsync(beside.Take(MostNamed));
        var dmarc = new DmarcSummary(author).Of(await EvaluateAsync(author.Domains), await ofNamed, beside.Length > MostNamed);
        if ((extent == HeaderExtent.Oversized || author.IsCrowd) && dmarc.Reason is not "reject")
        {
            dmarc = Finding("dmarc", TestResult.Fail, "oversized", author.IsCrowd ? "the message names authors of more domains than any genuine one" : "the header is larger than that of any genuine message");
        }

        var arc = await arcTask;
        // A forwarder seals the forged mail that it passes on, too, and says so.
        if (arc.IsTrusted && !arc.TrustedResults.Any(r => ArcResults.Vouches(r, d => author.Domains.Any(a => DomainOwner.IsOne(suffixes, d, a)))))
        {
            arc = arc with { IsTrusted = false, Remark = $"the chain is whole; {arc.Sealer} sealed it last, and does not say that the message was its author's when it came" };
        }

        return new(
            [
                new DkimSummary(suffixes, author, senderDomain, question.Sender).Of(signatures, DateOf(message), time.GetUtcNow()) with { Lookups = dkimLog.Lookups },
                dmarc with { Lookups = dmarcLog.Lookups },
                Finding("arc", arc.Result, arc.IsTrusted ? "trusted" : arc.TrustedResults.Count > 0 ? "unvouched" : arc.IsWeak ? "weak" : arc is { Result: TestResult.TempError, MayBeTrusted: false } ? "other-domain" : null, arc.Remark is null ? $"the chain is whole; {Show.Text(arc.Sealer ?? "")} sealed it last" : Show.Text(arc.Remark)) with { Lookups = arcLog.Lookups },
            ],
            Authentication.Lines(question, spf, signatures, author.Single, dmarc.Result, arc));
    }

    private static DateTimeOffset? DateOf(MimeMessage message) => message.Headers.Contains(HeaderId.Date) && message.Date > DateTimeOffset.UnixEpoch ? message.Date : null;

    private static string[] Names => ["dkim", "dmarc", "arc"];

    private static ShownDomains Shown(IReadOnlyList<DkimOutcome> signatures, SenderFinding spf, string? senderDomain, bool isOwnBounce)
    {
        var isOpen = senderDomain is not null && (spf is { Result: TestResult.Pass, Reason: "open" } || isOwnBounce);
        var troubled = signatures.Where(s => s.Result == DkimResult.TempError).Select(s => s.Domain);
        return new()
        {
            Spf = spf is { Result: TestResult.Pass, Reason: not "open" } ? senderDomain : null,
            Dkim = [.. signatures.Where(s => s.IsProof).Select(s => s.Domain).Distinct(StringComparer.OrdinalIgnoreCase)],
            Troubled = [.. spf.Result == TestResult.TempError && senderDomain is not null ? troubled.Append(senderDomain) : troubled],
            Doubtful = [.. signatures.Where(s => s.Fits && !s.IsProof).Select(s => s.Domain), .. isOpen ? [senderDomain!] : Array.Empty<string>()],
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
