using Postern.Facts;

namespace Postern.Reports.Json;

/// <summary>The ids in the report for programs of what has no ids in <see cref="Facts"/>; fixed for all releases.</summary>
internal static class JsonIds
{
    private static readonly string[] s_clues = [.. Enum.GetNames<ClueKind>().Select(Kebab)];

    /// <summary>The id of a verdict.</summary>
    public static string Id(this Verdict verdict) => verdict switch
    {
        Verdict.Ban => "ban",
        Verdict.Watch => "watch",
        Verdict.Protect => "protect",
        _ => "ignore",
    };

    /// <summary>The id of a test's result (RFC 8601, 2.7).</summary>
    public static string Id(this TestResult result) => result switch
    {
        TestResult.Pass => "pass",
        TestResult.Fail => "fail",
        TestResult.SoftFail => "softfail",
        TestResult.Neutral => "neutral",
        TestResult.None => "none",
        TestResult.TempError => "temperror",
        TestResult.PermError => "permerror",
        _ => "skipped",
    };

    /// <summary>The id of a clue: its name in lower case with hyphens, <c>lone-dots</c>.</summary>
    public static string Id(this ClueKind kind) => s_clues[(int)kind];

    private static string Kebab(string name) => string.Concat(name.Select((c, i) =>
        char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
