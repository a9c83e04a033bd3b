using System.Globalization;
using System.Text;

namespace Postern.Fail2Ban.Dates;

/// <summary>What <c>%d</c>, <c>%b</c>, <c>%ExY</c> and the others of a date pattern match, each as a group named after its letter.</summary>
internal static class DateTokens
{
    /// <summary>Months in lower case, January at 0.</summary>
    public static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    /// <summary>Days of the week in lower case, Monday at 0.</summary>
    public static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    private const string Zone = "[A-Z](?:[A-Z]{2,4})?";
    private const string Offset = @"[+-][01]\d(?::?\d{2})?";

    // The year that this was written; a clock that is behind it (a test's) still reads the logs of these years.
    private const int LeastThisYear = 2026;

    /// <summary>The expression of a pattern; null and a clause where a percent sign stands for nothing.</summary>
    /// <param name="pattern">The pattern with its tokens.</param>
    /// <param name="year">The present year: <c>%ExY</c> takes decades from 2000 to three years from then.</param>
    public static (string? Regex, string? Reason) Expand(string pattern, int year)
    {
        var regex = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                regex.Append(pattern[at]);
                continue;
            }

            var name = pattern.AsSpan(at + 1).StartsWith("Ex", StringComparison.Ordinal) && at + 3 < pattern.Length ? pattern.Substring(at + 1, 3)
                : at + 1 < pattern.Length ? pattern.Substring(at + 1, 1) : "";
            if (Token(name, year) is not { } token)
            {
                return (null, $"'%{name}' is no field of a date");
            }

            regex.Append(token);
            at += name.Length;
        }

        return (regex.ToString(), null);
    }

    private static string? Token(string name, int year) => name switch
    {
        "%" => "%",
        "a" => Names("a", Days.Select(day => day[..3])),
        "A" => Names("A", Days.OrderByDescending(day => day.Length)),
        "b" => Names("b", Months.Select(month => month[..3])),
        "B" => Names("B", Months.OrderByDescending(month => month.Length)),
        "d" => @"(?P<d>[1-2]\d|[0 ]?[1-9]|3[0-1])",
        "Exd" => @"(?P<d>[1-2]\d|0[1-9]|3[0-1])",
        "f" => "(?P<f>[0-9]{1,6})",
        "H" => @"(?P<H>[0-1]?\d|2[0-3])",
        "ExH" => @"(?P<H>[0-1]\d|2[0-3])",
        "I" => "(?P<I>1[0-2]|0[1-9]|[1-9])",
        "j" => @"(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])",
        "k" => @" ?(?P<H>[0-2]?\d)",
        "Exk" => @" ?(?P<H>[0-1]?\d|2[0-3])",
        "l" => @" ?(?P<I>1?\d)",
        "Exl" => @" ?(?P<I>1[0-2]|\d)",
        "m" => "(?P<m>0?[1-9]|1[0-2])",
        "Exm" => "(?P<m>0[1-9]|1[0-2])",
        "M" => @"(?P<M>[0-5]?\d)",
        "ExM" => @"(?P<M>[0-5]\d)",
        "p" => "(?P<p>am|pm)",
        "S" => @"(?P<S>[0-5]?\d|6[0-1])",
        "ExS" => @"(?P<S>[0-5]\d|6[0-1])",
        "U" => @"(?P<U>5[0-3]|[0-4]\d|\d)",
        "W" => @"(?P<W>5[0-3]|[0-4]\d|\d)",
        "w" => "(?P<w>[0-6])",
        "u" => "(?P<u>[1-7])",
        "G" => @"(?P<G>\d\d\d\d)",
        "V" => @"(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)",
        "y" => @"(?P<y>\d\d)",
        "Exy" => @"(?P<y>\d{2})",
        "Y" => @"(?P<Y>\d{4})",
        "ExY" => $@"(?P<Y>{Decades(year)}\d)",
        "z" => $"(?P<z>Z|UTC|GMT|{Offset})",
        "Exz" => $"(?P<z>(?:{Zone})?{Offset}|{Zone})",
        "Z" => "(?P<Z>Z|[A-Z]{3,5})",
        "ExZ" => $"(?P<Z>{Zone})",
        "c" => $@"{Token("a", year)}\s+{Token("b", year)}\s+{Token("d", year)}\s+{Clock}\s+(?P<Y>\d\d\d\d)",
        "x" => $@"{Token("m", year)}/{Token("d", year)}/{Token("y", year)}",
        "X" => Clock,
        _ => null,
    };

    private static string Clock => @"(?P<H>2[0-3]|[0-1]\d|\d):(?P<M>[0-5]\d|\d):(?P<S>6[0-1]|[0-5]\d|\d)";

    private static string Names(string name, IEnumerable<string> names) => $"(?P<{name}>{string.Join('|', names)})";

    private static string Decades(int year)
    {
        var last = Math.Clamp((Math.Max(year, LeastThisYear) + 3) / 10, 200, 209);
        return string.Create(CultureInfo.InvariantCulture, $"20[0-{last - 200}]");
    }
}
