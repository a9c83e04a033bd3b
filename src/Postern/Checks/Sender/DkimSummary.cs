using Postern.Checks.Dkim;
using Postern.Checks.Dmarc;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>One finding out of all signatures of a message: that of the most telling one.</summary>
/// <param name="suffixes">Where the names of one owner end.</param>
/// <param name="author">Who wrote the message.</param>
/// <param name="senderDomain">The domain of the envelope sender; null where it is not known.</param>
/// <param name="sender">The envelope sender; empty for a bounce, null where it is not known.</param>
internal sealed class DkimSummary(PublicSuffixes suffixes, MessageAuthor author, string? senderDomain, string? sender)
{
    // Long enough for a message that was greylisted on its way, too short for one that was collected to be sent again.
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(4);

    private const int MostShown = 6;

    /// <summary>The finding.</summary>
    /// <param name="signatures">What became of each signature.</param>
    /// <param name="written">The Date header; null without one.</param>
    /// <param name="now">The time.</param>
    public SenderFinding Of(IReadOnlyList<DkimOutcome> signatures, DateTimeOffset? written, DateTimeOffset now)
    {
        if (signatures.Count == 0)
        {
            return new() { Test = "dkim", Result = TestResult.None, Detail = "the message has no DKIM signature" };
        }

        var best = signatures.OrderBy(Rank).ThenBy(s => IsAuthors(s) ? 0 : 1).First();
        var details = string.Join("; ", signatures.Take(MostShown).Select(s => $"{Show.Text(s.Domain)} {s.Result.ToString().ToLowerInvariant()}{(s.Remark is null ? "" : $" ({Show.Text(s.Remark)})")}"));
        if (signatures.Count > MostShown)
        {
            details += $"; and {signatures.Count - MostShown} more";
        }

        var isAligned = best.IsProof && author.Single is { } single && DomainOwner.IsOne(suffixes, best.Domain, single);
        return new()
        {
            Test = "dkim",
            Result = ToResult(best.Result),
            Reason = best.Result switch
            {
                DkimResult.Pass => best.IsWeak ? "weak" : isAligned ? null : "other-domain",
                // Nobody gains time by dead name servers of his own.
                DkimResult.TempError => IsAuthors(best) || IsSenders(best) ? null : "other-domain",
                _ => null,
            },
            Detail = details,
            IsAligned = isAligned,
            TiesSender = signatures.Any(s => s.IsProof && IsSenders(s)),
            SignsSender = IsAuthorTheSender && signatures.Any(s => s.IsProof && IsAuthors(s) && IsSenders(s)
                && (s.Made ?? (s.SignsDate ? written : null)) is { } made && (now - made).Duration() <= s_fresh),
        };
    }

    // What could still be shown by the domains concerned outranks what is shown by others.
    private int Rank(DkimOutcome signature) =>
        signature.IsProof && IsAuthors(signature) ? 0
        : signature.IsProof && IsSenders(signature) ? 1
        : signature.Result == DkimResult.TempError && (IsAuthors(signature) || IsSenders(signature)) ? 2
        : signature.IsProof ? 3
        : signature.Result == DkimResult.Pass ? 4
        : signature.Result == DkimResult.TempError ? 5
        : 6;

    private bool IsAuthorTheSender => sender is { Length: > 0 } && author is { Single: not null, Address: { } address }
        && DnsName.DomainOf(address) is { } domain && senderDomain is not null && DnsName.AreEqual(domain, senderDomain)
        && string.Equals(address[..address.LastIndexOf('@')], sender[..sender.LastIndexOf('@')], StringComparison.OrdinalIgnoreCase);

    private bool IsAuthors(DkimOutcome signature) => author.Domains.Any(a => DomainOwner.IsOne(suffixes, signature.Domain, a));

    private bool IsSenders(DkimOutcome signature) => DomainOwner.IsOne(suffixes, signature.Domain, senderDomain);

    private static TestResult ToResult(DkimResult result) => result switch
    {
        DkimResult.Pass => TestResult.Pass,
        DkimResult.Fail => TestResult.Fail,
        DkimResult.TempError => TestResult.TempError,
        DkimResult.PermError => TestResult.PermError,
        _ => TestResult.Neutral,
    };
}
