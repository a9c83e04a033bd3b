using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Outlines;

/// <content>What only the page says.</content>
internal sealed partial class EnglishOutline
{
    /// <inheritdoc/>
    public PageWords Page { get; } = new("Ban", "Do not ban", "Watch", "Harmless", "Show clients by verdict", "Show all", "One click selects the whole command",
        "Sessions over time", "Questions", "More charts");

    /// <inheritdoc/>
    public string FormatVerdict(Outline outline)
    {
        if (outline.Explanation.Sessions == 0)
        {
            return "No SMTP session found";
        }

        List<string> parts = [];
        if (outline.Explanation.Takeovers.Count is > 0 and var accounts)
        {
            parts.Add(accounts == 1 ? "stolen account" : Count(accounts, "stolen account"));
        }

        if (outline.Explanation.Troubles.Count is > 0 and var troubles)
        {
            parts.Add(troubles == 1 ? "server problem" : Count(troubles, "server problem"));
        }

        var bans = outline.Overview.Count(Verdict.Ban);
        if (outline.Botnet is { } botnet && botnet.Clients.Count > bans)
        {
            parts.Add($"botnet of {Addresses(botnet.Clients.Count)}");
        }

        if (bans > 0)
        {
            parts.Add($"{Addresses(bans)} to ban");
        }

        if (outline.IsHarmlessTranscript)
        {
            parts.Add("harmless");
        }

        if (parts.Count == 0)
        {
            parts.Add(outline.Overview.Clients == 0 ? "nothing suspicious" : "nobody to ban");
        }

        var verdict = string.Join(", ", parts);
        return char.ToUpperInvariant(verdict[0]) + verdict[1..];
    }

    /// <inheritdoc/>
    public string FormatPageTitle(Outline outline)
    {
        var explanation = outline.Explanation;
        List<string> parts = [FormatVerdict(outline)];
        if (explanation.Host is { } host)
        {
            parts.Add(SafeText.Short(host, 40));
        }

        if (outline.IsTranscript)
        {
            parts.Add("SMTP transcript");
        }

        if (explanation.From.IsKnown)
        {
            var (from, to) = (Day(explanation.From), Day(explanation.To));
            parts.Add(from.Equals(to, StringComparison.Ordinal) ? from : $"{from} to {to}");
        }

        return string.Join(" - ", parts);
    }

    /// <inheritdoc/>
    public string FormatTimelineNote(TimeSpan column) => $"A column is {language.Duration(column)}. Sessions that only brought mail are left out.";

    /// <inheritdoc/>
    public string FormatFurther(int clients) => $"and {Number(clients)} more";

    /// <inheritdoc/>
    public string FormatUnlisted(int clients) => $"{Number(clients)} more {(clients == 1 ? "is" : "are")} counted but not listed here; --format json lists all.";

    private static string Day(LogTime time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
