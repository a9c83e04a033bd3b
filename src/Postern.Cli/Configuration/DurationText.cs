using System.Buffers;
using System.Globalization;

namespace Postern.Cli.Configuration;

/// <summary>Spans of time as operators write them: <c>90</c> (seconds), <c>10m</c>, <c>1h30m</c>, <c>7d</c>, <c>2w</c>.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");
    private static readonly (char Unit, double Seconds)[] s_units = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Reads a span; false where the text is none, or more than a hundred years.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = default;
        var seconds = 0.0;
        text = text.Trim();
        if (text.IsEmpty)
        {
            return false;
        }
        // A bare number is seconds; behind a unit it would be a riddle.
        var isBare = text.IndexOfAnyExcept(s_digits) < 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(s_digits);
            var number = digits < 0 ? text : text[..digits];
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            if (digits < 0 && !isBare)
            {
                return false;
            }

            var unit = digits < 0 ? 's' : text[digits];
            var index = Array.FindIndex(s_units, row => row.Unit == unit);
            if (index < 0)
            {
                return false;
            }

            seconds += amount * s_units[index].Seconds;
            text = digits < 0 ? [] : text[(digits + 1)..].TrimStart();
        }

        if (seconds > 100.0 * 365 * 86_400)
        {
            return false;
        }

        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>The shortest way to write it, in whole units: <c>1h30m</c>.</summary>
    public static string Of(TimeSpan span)
    {
        var rest = (long)Math.Round(span.TotalSeconds);
        if (rest <= 0)
        {
            return span > TimeSpan.Zero ? span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s" : "0s";
        }

        var text = "";
        foreach (var (unit, seconds) in s_units)
        {
            var amount = rest / (long)seconds;
            rest %= (long)seconds;
            if (amount > 0)
            {
                text += amount.ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return text;
    }

    /// <summary>What matters of it at a glance: hours from two days on, minutes from an hour on, else seconds.</summary>
    public static string Coarse(TimeSpan span)
    {
        var grain = span >= TimeSpan.FromDays(2) ? TimeSpan.TicksPerHour : span >= TimeSpan.FromHours(1) ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerSecond;
        return Of(TimeSpan.FromTicks(span.Ticks / grain * grain));
    }
}
