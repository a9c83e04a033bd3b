namespace Postern.Reports.Outlines;

/// <content>What only the page says.</content>
internal sealed partial class EnglishOutline
{
    /// <inheritdoc/>
    public PageWords Page { get; } = new("Ban", "Do not ban", "Watch", "Harmless", "Show clients by verdict", "Show all", "One click selects the whole command",
        "Sessions over time", "Questions", "More charts");

    /// <inheritdoc/>
    public VerdictWords Title { get; } = new("No SMTP session found", "harmless", "nothing suspicious", "nobody to ban", "SMTP transcript", ", ", " to ");

    /// <inheritdoc/>
    public string FormatStolenAccounts(int accounts) => accounts == 1 ? "stolen account" : Count(accounts, "stolen account");

    /// <inheritdoc/>
    public string FormatServerProblems(int problems) => problems == 1 ? "server problem" : Count(problems, "server problem");

    /// <inheritdoc/>
    public string FormatBotnet(int clients) => $"botnet of {Addresses(clients)}";

    /// <inheritdoc/>
    public string FormatToBan(int clients) => $"{Addresses(clients)} to ban";

    /// <inheritdoc/>
    public string FormatTimelineNote(TimeSpan column) => $"A column is {language.Duration(column)}. Sessions that only brought mail are left out.";

    /// <inheritdoc/>
    public string FormatFurther(int clients) => $"and {Number(clients)} more";

    /// <inheritdoc/>
    public string FormatUnlisted(int clients) => $"{Number(clients)} more {(clients == 1 ? "is" : "are")} counted but not listed here; --format json lists all.";
}
