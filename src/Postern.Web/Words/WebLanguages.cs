namespace Postern.Web.Words;

/// <summary>The languages of the server.</summary>
internal static class WebLanguages
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IWebWords> All { get; } = [new EnglishWebWords(), new JapaneseWebWords()];

    /// <summary>The language of a code; English for one that is not known.</summary>
    public static IWebWords For(string? tag) => All.FirstOrDefault(words => words.Tag.Equals(tag, StringComparison.OrdinalIgnoreCase)) ?? All[0];

    /// <summary>The language that a browser wants: the first of <c>Accept-Language</c> that there is.</summary>
    public static IWebWords Accepted(string? header) =>
        (header ?? "").Split(',').Select(static part => part.Split(';', '-')[0].Trim())
            .Select(tag => All.FirstOrDefault(words => words.Tag.Equals(tag, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(static words => words is not null) ?? All[0];
}
