using System.Globalization;

namespace Postern.Reports.Languages;

/// <summary>Lengths of time in words that each language gives.</summary>
internal static class Durations
{
    /// <summary>The two largest units that are not zero; what is below a second counts as <c>0</c> seconds.</summary>
    /// <param name="time">The length; a negative one counts as none.</param>
    /// <param name="days">The word that follows a number of days.</param>
    /// <param name="hours">The same for hours.</param>
    /// <param name="minutes">The same for minutes.</param>
    /// <param name="seconds">The same for seconds.</param>
    /// <param name="between">Stands between two units.</param>
    public static string Say(TimeSpan time, string days, string hours, string minutes, string seconds, string between)
    {
        var rest = (long)Math.Max(0, Math.Round(time.TotalSeconds));
        (long Value, string Unit)[] units =
        [
            (rest / 86400, days), (rest / 3600 % 24, hours), (rest / 60 % 60, minutes), (rest % 60, seconds),
        ];
        var first = Array.FindIndex(units, unit => unit.Value > 0);
        if (first < 0)
        {
            return "0" + seconds;
        }

        var text = units[first].Value.ToString(CultureInfo.InvariantCulture) + units[first].Unit;
        return first + 1 < units.Length && units[first + 1].Value > 0
            ? text + between + units[first + 1].Value.ToString(CultureInfo.InvariantCulture) + units[first + 1].Unit
            : text;
    }

    /// <summary>Reads a length as a clue tells it (<c>40 s</c>, <c>2 min 5 s</c>, <c>1 h</c>).</summary>
    /// <returns>Null where the text is anything else.</returns>
    public static TimeSpan? Read(string? text)
    {
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 8 || words.Length % 2 != 0)
        {
            return null;
        }

        var seconds = 0.0;
        for (var i = 0; i < words.Length; i += 2)
        {
            var unit = words[i + 1] switch { "ms" => 0.001, "s" => 1, "min" => 60, "h" => 3600, "d" => 86400, _ => 0.0 };
            if (unit == 0 || !double.TryParse(words[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value > 1e7)
            {
                return null;
            }

            seconds += value * unit;
        }

        return TimeSpan.FromSeconds(seconds);
    }
}
