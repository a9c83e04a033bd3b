using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <summary>Decides what the verdict on the whole input names, in every language alike; the language has the words.</summary>
internal static class PageTitle
{
    private const int HostCells = 40;

    /// <summary>The verdict in a few words.</summary>
    public static string FormatVerdict(Outline outline, IOutlineLanguage words)
    {
        if (outline.Explanation.Sessions == 0)
        {
            return words.Title.NoSession;
        }

        List<string> parts = [];
        if (outline.Explanation.Takeovers.Count is > 0 and var accounts)
        {
            parts.Add(words.FormatStolenAccounts(accounts));
        }

        if (outline.Explanation.Troubles.Count is > 0 and var troubles)
        {
            parts.Add(words.FormatServerProblems(troubles));
        }

        var bans = outline.Overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            parts.Add(words.FormatBotnet(botnet.Clients.Count));
        }

        if (bans > 0)
        {
            parts.Add(words.FormatToBan(bans));
        }

        if (outline.IsHarmlessTranscript)
        {
            parts.Add(words.Title.Harmless);
        }

        if (parts.Count == 0)
        {
            parts.Add(outline.Overview.Clients == 0 ? words.Title.NothingSuspicious : words.Title.NobodyToBan);
        }

        var verdict = string.Join(words.Title.And, parts);
        return char.ToUpperInvariant(verdict[0]) + verdict[1..];
    }

    /// <summary>The title of the page: the verdict, the server and the day.</summary>
    public static string Format(Outline outline, IOutlineLanguage words)
    {
        var explanation = outline.Explanation;
        List<string> parts = [FormatVerdict(outline, words)];
        if (explanation.Host is { } host)
        {
            parts.Add(SafeText.Short(host, HostCells));
        }

        if (outline.IsTranscript)
        {
            parts.Add(words.Title.Transcript);
        }

        if (explanation.From.IsKnown)
        {
            var (from, to) = (Day(explanation.From), Day(explanation.To));
            parts.Add(from.Equals(to, StringComparison.Ordinal) ? from : from + words.Title.Until + to);
        }

        return string.Join(" - ", parts);
    }

    private static string Day(LogTime time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
