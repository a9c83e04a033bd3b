using System.Text.RegularExpressions;

namespace Postern.Cli.Words;

/// <summary>What is wrong in a configuration, and what its keys take, in Japanese; found by the English form.</summary>
internal static partial class JapaneseSettings
{
    /// <summary>The form in Japanese; the English one where it has none.</summary>
    public static string Of(string form)
    {
        if (s_mistakes.TryGetValue(form, out var mistake) || s_takes.TryGetValue(form, out mistake))
        {
            return mistake;
        }

        // Numbers and spans with their ranges all read alike.
        foreach (var (pattern, told) in s_ranges)
        {
            if (pattern.Match(form) is { Success: true } match)
            {
                return match.Result(told);
            }
        }

        return form;
    }

    /// <summary>True where the form can be told.</summary>
    public static bool Has(string form) => !string.Equals(Of(form), form, StringComparison.Ordinal) || s_same.Contains(form);

    // A value is the same in every language.
    private static readonly HashSet<string> s_same = new(StringComparer.Ordinal) { "\"tcp\"", "true", "{0}" };

    private static readonly (Regex Pattern, string Told)[] s_ranges =
    [
        (Range("^a whole number of bytes from (\\d+) to (\\d+)$"), "$1～$2 の整数（バイト数）"),
        (Range("^a whole number from (\\d+) to (\\d+)$"), "$1～$2 の整数"),
        (Range("^a whole number from (\\d+) to (\\d+), or 0 for never$"), "$1～$2 の整数。0 は「しない」"),
        (Range("^a number from ([-\\d.]+) to ([-\\d.]+)$"), "$1～$2 の数値"),
        (Range("^a number of points from ([-\\d.]+) to ([-\\d.]+)$"), "$1～$2 の点数"),
        (Range("^a span from (\\w[\\w.]*) to (\\w[\\w.]*)$"), "$1～$2 の時間"),
        (Range("^a span from (\\w+) to (\\w+), or 0s for never$"), "$1～$2 の時間。0s は「しない」"),
        (Range("^a span such as (\"\\w+\"), from (\\w+) to 10 years$"), "$1 のような時間（$2～10 年）"),
        (Range("^a span such as (\"\\w+\"), from (\\w+) to (\\w+)$"), "$1 のような時間（$2～$3）"),
        (Range("^a span such as (\"\\w+\"), up to 10 years$"), "$1 のような時間（10 年まで）"),
        (Range("^a span such as (\"\\w+\"), up to 10 years, not shorter than bantime$"), "$1 のような時間（10 年まで、bantime 以上）"),
        (Range("^a table, (\\[\\w+\\])$"), "テーブル $1"),
        (Range("^a list of (\"[\\w-]+\"(?:, \"[\\w-]+\")*(?: and \"[\\w-]+\")?)$"), "次の値のリスト: $1"),
        (Range("^a text with (.+)$"), "次のものを含められる文字列: $1"),
        (Range("^(\"[\\w-]+\") or (\"[\\w-]+\")$"), "$1 または $2"),
        (Range("^(\"[\\w-]+\"), (\"[\\w-]+\") or (\"[\\w-]+\")$"), "$1、$2、$3 のいずれか"),
        (Range("^(\"[\\w-]+\"), (\"[\\w-]+\"), (\"[\\w-]+\") or (\"[\\w-]+\")$"), "$1、$2、$3、$4 のいずれか"),
    ];

    private static Regex Range(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
