using System.Globalization;
using System.Net;
using Postern.Reports.Content;

namespace Postern.Reports.Html;

/// <summary>What goes into the page: text made safe for people and for HTML, and numbers as SVG wants them.</summary>
internal static class Markup
{
    /// <summary>Text for content and for attributes in double quotes: first spelt out by <see cref="SafeText"/>, then HTML-escaped.</summary>
    public static string Safe(string? text) => WebUtility.HtmlEncode(SafeText.Escape(text));

    /// <summary>A coordinate with at most one decimal.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
