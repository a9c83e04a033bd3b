namespace Postern.Cli.Postfix.Doctor;

/// <summary>Whether the list of public suffixes is of this year: it tells where the names of one owner end.</summary>
internal static class SuffixListRules
{
    private const int OldAfterDays = 365;

    /// <summary>What is wrong with a list of this day; the newest that is there, the program's own or the system's.</summary>
    public static IEnumerable<DoctorFinding> Of(DateOnly? date, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (date is { } day && today.DayNumber - day.DayNumber > OldAfterDays)
        {
            yield return new(
                "public-suffixes",
                FormattableString.Invariant($"the list of public suffixes is of {day:yyyy-MM-dd}, older than a year: checks may take two owners' domains for one"),
                "apt-get update && apt-get install publicsuffix");
        }
    }
}
