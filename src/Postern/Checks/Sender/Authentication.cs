using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>The results of a message's tests in the form of RFC 8601, one method a line, without the name of the host.</summary>
internal static class Authentication
{
    public static IReadOnlyList<string> Lines(SenderQuestion question, SenderFinding spf, IReadOnlyList<DkimOutcome> signatures, string? author, TestResult dmarc, ArcOutcome arc)
    {
        var lines = new List<string>();
        if (spf.Result != TestResult.Skipped)
        {
            lines.Add(question.Sender is { Length: > 0 } sender ? $"spf={Word(spf.Result)} smtp.mailfrom={Mailbox(sender)}" : $"spf={Word(spf.Result)} smtp.helo={Value(question.Helo ?? "")}");
        }

        if (signatures.Count == 0)
        {
            lines.Add("dkim=none");
        }

        foreach (var signature in signatures)
        {
            lines.Add($"dkim={Word(signature)} header.d={Value(signature.Domain)} header.s={Value(signature.Selector)}");
        }

        lines.Add(author is null ? $"dmarc={Word(dmarc)}" : $"dmarc={Word(dmarc)} header.from={Value(author)}");
        lines.Add($"arc={Word(arc.Result)}");
        return lines;
    }

    // Filters behind this server take every pass for a proof; one that leaves something open is policy (RFC 8601, 2.7.1).
    private static string Word(DkimOutcome signature) => signature is { Result: DkimResult.Pass, IsWeak: true } ? "policy" : signature.Result.ToString().ToLowerInvariant();

    private static string Word(TestResult result) => result.ToString().ToLowerInvariant();

    // Of a local part that cannot be written in ASCII, the domain alone stands there (RFC 8601, 2.2): without the odd characters it
    // would be somebody else's address.
    private static string Mailbox(string sender)
    {
        var at = sender.LastIndexOf('@');
        var isWritable = at > 0 && sender.AsSpan(0, at).IndexOfAnyExceptInRange(' ', '~') < 0 && sender.AsSpan(0, at).IndexOfAny('"', '\\') < 0 && at <= 64;
        return at < 0 ? Value(sender) : isWritable ? Value($"{sender[..at]}@{DnsName.ToAscii(sender[(at + 1)..])}") : Value(DnsName.ToAscii(sender[(at + 1)..]));
    }

    /// <summary>A value that holds anything but the characters of a token or mailbox is quoted; what cannot be quoted is left out.</summary>
    private static string Value(string text)
    {
        var isPlain = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '+' or '=');
        return isPlain ? text : "\"" + string.Concat(text.Where(c => c is >= ' ' and <= '~' and not ('"' or '\\')).Take(200)) + "\"";
    }
}
