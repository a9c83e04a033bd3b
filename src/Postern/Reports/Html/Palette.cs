using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Reports.Html;

/// <summary>
/// How each behaviour looks, the same in every plot and every report: eight colours that people with the usual kinds of
/// colour blindness tell apart (after Okabe and Ito), each plain, striped, dotted and barred, which makes 32.
/// </summary>
internal static class Palette
{
    private const int Colours = 8;

    /// <summary>The name of the class that fills a shape.</summary>
    public static string Class(Behaviour behaviour) => "b-" + behaviour.Id();

    /// <summary>A small square of the behaviour's look, for legends and lists.</summary>
    public static string Swatch(Behaviour behaviour) => Swatch(Class(behaviour));

    /// <summary>The same for any class.</summary>
    public static string Swatch(string fill) =>
        $"<svg class=\"swatch\" width=\"14\" height=\"14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" rx=\"2\" class=\"{fill}\"/></svg>";

    /// <summary>One rule of style a behaviour.</summary>
    public static string Style()
    {
        var style = new StringBuilder();
        foreach (var behaviour in Enum.GetValues<Behaviour>())
        {
            var (colour, pattern) = Look(behaviour);
            var fill = pattern == 0 ? $"var(--c{colour})" : $"url(#p{pattern}-{colour})";
            style.Append(CultureInfo.InvariantCulture, $".{Class(behaviour)}{{fill:{fill};stroke:var(--c{colour})}}\n");
        }

        return style.ToString();
    }

    /// <summary>The patterns, in a picture of no size that the page holds once.</summary>
    public static string Patterns()
    {
        var svg = new StringBuilder("<svg width=\"0\" height=\"0\" class=\"patterns\" aria-hidden=\"true\"><defs>");
        for (var colour = 0; colour < Colours; colour++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<pattern id=\"p1-{colour}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" style=\"fill:var(--c{colour})\"/><rect width=\"2\" height=\"6\" class=\"gap\"/></pattern>");
            svg.Append(CultureInfo.InvariantCulture, $"<pattern id=\"p2-{colour}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" style=\"fill:var(--c{colour})\"/><circle cx=\"3\" cy=\"3\" r=\"1.4\" class=\"gap\"/></pattern>");
            svg.Append(CultureInfo.InvariantCulture, $"<pattern id=\"p3-{colour}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" style=\"fill:var(--c{colour})\"/><rect width=\"6\" height=\"2\" class=\"gap\"/></pattern>");
        }

        return svg.Append("</defs></svg>\n").ToString();
    }

    private static (int Colour, int Pattern) Look(Behaviour behaviour) => ((int)behaviour % Colours, (int)behaviour / Colours);
}
