using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Html;

/// <summary>What goes into the page: text made safe for people and for HTML, and numbers as SVG wants them.</summary>
internal static partial class Markup
{
    /// <summary>Text for content and for attributes in double quotes: first spelt out by <see cref="SafeText"/>, then HTML-escaped.</summary>
    public static string Safe(string? text) => WebUtility.HtmlEncode(SafeText.Escape(text));

    /// <summary>The same for sentences of a language. In Japanese a number and its unit stay on one line: "187 セッション".</summary>
    public static string Prose(string text, IReportLanguage language) => Safe(language.Tag is "ja" ? JoinUnits(text) : text);

    /// <summary>A sentence that may hold a command: an option is not broken after its dashes.</summary>
    public static string Commands(string text, IReportLanguage language) => Option().Replace(Prose(text, language), "<span class=\"whole\">$0</span>");

    /// <summary>A sentence with times, none of which is broken.</summary>
    public static string Times(string text, IReportLanguage language) => Time().Replace(Prose(text, language), "<span class=\"whole\">$0</span>");

    /// <summary>A coordinate with at most one decimal.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string JoinUnits(string text)
    {
        var joined = new StringBuilder(text);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == ' ' && char.IsAsciiDigit(text[i - 1]) && Rune.TryGetRuneAt(text, i + 1, out var next) && Cells.IsWide(next))
            {
                joined[i] = '\u00A0';
            }
        }

        return joined.ToString();
    }

    [GeneratedRegex("(?<= )--[a-z][a-z-]*", RegexOptions.None, 1000)]
    private static partial Regex Option();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", RegexOptions.None, 1000)]
    private static partial Regex Time();
}
