using System.Globalization;
using System.Text.RegularExpressions;

namespace Postern.Fail2Ban.Jails;

/// <summary>Times as jails write them: <c>600</c>, <c>10m</c>, <c>1d12h</c>, <c>1h 30min</c>, <c>2w-1d</c>, <c>-1</c> for ever.</summary>
internal static partial class Fail2BanSeconds
{
    private static readonly Dictionary<string, double> s_none = new(StringComparer.Ordinal);

    /// <summary>Seconds; null and a clause where the text is no time.</summary>
    public static (double? Seconds, string? Reason) Parse(string text)
    {
        // 1d12h is 1d 12h, and what stands side by side is added.
        var apart = Joined().Replace(text.Trim(), "${unit} ${next}");
        string? unknown = null;
        var inSeconds = Units().Replace(apart, found =>
        {
            if (Unit(found.Groups["unit"].Value.ToLowerInvariant()) is { } unit)
            {
                return $"{found.Groups["last"].Value}*{unit.ToString(CultureInfo.InvariantCulture)}";
            }

            unknown = found.Groups["unit"].Value;
            return "";
        });
        if (unknown is not null)
        {
            return (null, $"'{unknown}' in '{text}' is no unit of time");
        }

        var sum = SideBySide().Replace(inSeconds, "${last}+${next}");
        var (value, reason) = PythonArithmetic.Evaluate(sum, s_none);
        return value is null ? (null, $"'{text}' is no time: {reason}") : (value, null);
    }

    // A month is a twelfth of a year, and a year has 365.25 days.
    private static double? Unit(string name) => name switch
    {
        "s" or "ss" or "sec" or "secs" or "second" or "seconds" => 1,
        "m" or "mm" or "min" or "mins" or "minute" or "minutes" => 60,
        "h" or "hh" or "hour" or "hours" => 3600,
        "d" or "dd" or "da" or "day" or "days" => 86400,
        "w" or "ww" or "we" or "wee" or "week" or "weeks" => 604800,
        "mo" or "mon" or "month" or "months" => 2629800,
        "y" or "yy" or "yea" or "year" or "years" => 31557600,
        _ => null,
    };

    [GeneratedRegex(@"(?<unit>[a-z])(?<next>\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Joined();

    [GeneratedRegex(@"(?<last>\d)\s*(?<unit>[a-z]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Units();

    [GeneratedRegex(@"(?<last>\d)\s+(?<next>\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SideBySide();
}
