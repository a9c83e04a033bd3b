using Postern.Checks.Arc;
using Postern.Checks.Dkim;
using Postern.Facts;

namespace Postern.Checks.Sender;

/// <summary>The results of a message's tests in the form of RFC 8601, one method a line, without the name of the host.</summary>
internal static class Authentication
{
    public static IReadOnlyList<string> Lines(SenderQuestion question, SenderFinding spf, IReadOnlyList<DkimOutcome> signatures, string? author, TestResult dmarc, ArcOutcome arc)
    {
        var lines = new List<string>();
        if (spf.Result != TestResult.Skipped)
            lines.Add(question.Sender is { Length: > 0 } sender ? $"spf={Word(spf.Result)} smtp.mailfrom={Value(sender)}" : $"spf={Word(spf.Result)} smtp.helo={Value(question.Helo ?? "")}");
        if (signatures.Count == 0)
            lines.Add("dkim=none");
        foreach (var signature in signatures)
            lines.Add($"dkim={signature.Result.ToString().ToLowerInvariant()} header.d={Value(signature.Domain)} header.s={Value(signature.Selector)}");
        lines.Add(author is null ? $"dmarc={Word(dmarc)}" : $"dmarc={Word(dmarc)} header.from={Value(author)}");
        lines.Add($"arc={Word(arc.Result)}");
        return lines;
    }

    private static string Word(TestResult result) => result.ToString().ToLowerInvariant();

    /// <summary>A value that holds anything but the characters of a token or mailbox is quoted; what cannot be quoted is left out.</summary>
    private static string Value(string text)
    {
        var isPlain = text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '+' or '=');
        return isPlain ? text : "\"" + string.Concat(text.Where(c => c is >= ' ' and <= '~' and not ('"' or '\\')).Take(200)) + "\"";
    }
}
