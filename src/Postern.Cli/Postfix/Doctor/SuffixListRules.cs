using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Whether the list of public suffixes is of this year: it tells where the names of one owner end.</summary>
internal static class SuffixListRules
{
    private const int OldAfterDays = 365;

    /// <summary>What is wrong with a list of this day; the newest that is there, the program's own or the system's.</summary>
    public static IEnumerable<DoctorFinding> Of(DateOnly? date, DateTimeOffset now, IDoctorWords words)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (date is { } day && today.DayNumber - day.DayNumber > OldAfterDays)
        {
            yield return new(
                "public-suffixes",
                words.PublicSuffixes(FormattableString.Invariant($"{day:yyyy-MM-dd}")),
                "apt-get update && apt-get install publicsuffix");
        }
    }
}
