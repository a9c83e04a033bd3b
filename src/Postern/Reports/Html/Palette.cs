using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Reports.Html;

/// <summary>
/// How each verdict and each behaviour looks, the same in every plot and every report. Verdicts differ in colour and pattern. For behaviours eight colours that people with the usual kinds of
/// colour blindness tell apart (after Okabe and Ito), each plain, striped, dotted and barred, which makes 32.
/// </summary>
internal static class Palette
{
    private const int Colours = 8;
    private static readonly Verdict[] s_patterned = [Verdict.Watch, Verdict.Protect, Verdict.Ignore];

    /// <summary>The name of the class that fills a shape.</summary>
    public static string Class(Behaviour behaviour) => "b-" + behaviour.Id();

    /// <summary>The same for a verdict.</summary>
    public static string Class(Verdict verdict) => "v-" + Id(verdict);

    /// <summary>The name of a verdict in the page's addresses and style.</summary>
    public static string Id(Verdict verdict) => verdict switch
    {
        Verdict.Ban => "ban",
        Verdict.Watch => "watch",
        Verdict.Protect => "protect",
        _ => "ignore",
    };

    /// <summary>A small square of the behaviour's look, for legends and lists.</summary>
    public static string Swatch(Behaviour behaviour) => Swatch(Class(behaviour));

    /// <summary>The same for any class.</summary>
    public static string Swatch(string fill) =>
        $"<svg class=\"swatch\" width=\"14\" height=\"14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" rx=\"2\" class=\"{fill}\"/></svg>";

    /// <summary>One rule of style a verdict and a behaviour.</summary>
    public static string Style()
    {
        var style = new StringBuilder(".v-ban{fill:var(--ban);stroke:var(--ban)}\n");
        foreach (var (pattern, verdict) in s_patterned.Index())
        {
            style.Append(CultureInfo.InvariantCulture, $".{Class(verdict)}{{fill:url(#p{pattern + 1}-{Id(verdict)});stroke:var(--{Id(verdict)})}}\n");
        }

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
            for (var pattern = 1; pattern <= 3; pattern++)
            {
                svg.Append(Pattern(pattern, $"{colour}", $"c{colour}"));
            }
        }

        foreach (var (pattern, verdict) in s_patterned.Index())
        {
            svg.Append(Pattern(pattern + 1, Id(verdict), Id(verdict)));
        }

        return svg.Append("</defs></svg>\n").ToString();
    }

    // 1 is striped, 2 dotted, 3 barred.
    private static string Pattern(int pattern, string id, string colour)
    {
        var turn = pattern == 1 ? " patternTransform=\"rotate(45)\"" : "";
        var gap = pattern switch
        {
            1 => "<rect width=\"2\" height=\"6\" class=\"gap\"/>",
            2 => "<circle cx=\"3\" cy=\"3\" r=\"1.4\" class=\"gap\"/>",
            _ => "<rect width=\"6\" height=\"2\" class=\"gap\"/>",
        };
        return $"<pattern id=\"p{pattern}-{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"{turn}><rect width=\"6\" height=\"6\" style=\"fill:var(--{colour})\"/>{gap}</pattern>";
    }

    private static (int Colour, int Pattern) Look(Behaviour behaviour) => ((int)behaviour % Colours, (int)behaviour / Colours);
}
