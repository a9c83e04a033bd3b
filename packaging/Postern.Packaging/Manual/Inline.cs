using System.Text;
using System.Text.RegularExpressions;

namespace Postern.Packaging.Manual;

/// <summary>The marks within a line of our documents (code, bold, italics, links) as roff.</summary>
internal static partial class Inline
{
    /// <summary>One line or paragraph as roff; a link is its text.</summary>
    public static string ToRoff(string markdown)
    {
        var roff = new StringBuilder();
        var at = 0;
        foreach (Match mark in Marks().Matches(markdown))
        {
            roff.Append(RoffPage.Escape(markdown[at..mark.Index]));
            roff.Append(mark switch
            {
                _ when mark.Groups["code"] is { Success: true } code => RoffPage.Bold(code.Value),
                _ when mark.Groups["bold"] is { Success: true } bold => RoffPage.Bold(bold.Value),
                _ when mark.Groups["italic"] is { Success: true } italic => RoffPage.Italic(italic.Value),
                _ => ToRoff(mark.Groups["link"].Value),
            });
            at = mark.Index + mark.Length;
        }

        return roff.Append(RoffPage.Escape(markdown[at..])).ToString();
    }

    /// <summary>The same without any mark.</summary>
    public static string ToPlain(string markdown) =>
        Marks().Replace(markdown, mark => mark.Groups["code"].Value + mark.Groups["bold"].Value + mark.Groups["italic"].Value + ToPlainLink(mark.Groups["link"].Value));

    /// <summary>The same in capitals, but for code: a key is written as it is.</summary>
    public static string ToHeading(string markdown)
    {
        var plain = new StringBuilder();
        var at = 0;
        foreach (Match mark in Marks().Matches(markdown))
        {
            plain.Append(ToPlain(markdown[at..mark.Index]).ToUpperInvariant());
            plain.Append(mark.Groups["code"] is { Success: true } code ? code.Value : ToPlain(mark.Value).ToUpperInvariant());
            at = mark.Index + mark.Length;
        }

        return plain.Append(markdown[at..].ToUpperInvariant()).ToString();
    }

    private static string ToPlainLink(string text) => text.Length == 0 ? "" : ToPlain(text);

    [GeneratedRegex(@"`(?<code>[^`]+)`|\*\*(?<bold>[^*]+)\*\*|(?<!\w)\*(?<italic>[^*\s][^*]*)\*|\[(?<link>[^\]]+)\]\([^)]*\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Marks();
}
