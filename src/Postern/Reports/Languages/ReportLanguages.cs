namespace Postern.Reports.Languages;

/// <summary>Which languages reports are written in, and which one a person wants.</summary>
internal static class ReportLanguages
{
    /// <summary>The language codes that may be asked for.</summary>
    public static IReadOnlyList<string> Tags { get; } = ["en", "ja"];

    /// <summary>The language of a code (<c>en</c>, <c>ja</c>); null where there is none of that code.</summary>
    public static IReportLanguage? Find(string tag) => tag switch
    {
        "en" => new English(),
        "ja" => new Japanese(),
        _ => null,
    };

    /// <summary>The language of a code, and English for any other.</summary>
    public static IReportLanguage For(string tag) => Find(tag) ?? new English();

    /// <summary>
    /// The code of the language that the environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set and
    /// not empty decides (POSIX, 8.2), <c>ja</c>, <c>ja_JP.UTF-8</c> and the like being Japanese, all others English.
    /// </summary>
    /// <param name="lcAll">The value of LC_ALL, or null.</param>
    /// <param name="lcMessages">The value of LC_MESSAGES, or null.</param>
    /// <param name="lang">The value of LANG, or null.</param>
    public static string Choose(string? lcAll, string? lcMessages, string? lang)
    {
        var locale = !string.IsNullOrEmpty(lcAll) ? lcAll : !string.IsNullOrEmpty(lcMessages) ? lcMessages : lang ?? "";
        var end = locale.AsSpan().IndexOfAny('_', '.', '@');
        var language = end < 0 ? locale.AsSpan() : locale.AsSpan(0, end);
        return language.Equals("ja", StringComparison.OrdinalIgnoreCase) ? "ja" : "en";
    }
}
