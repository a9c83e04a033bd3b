using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>What the plots share: the frame with its title, the axis of time, the legend.</summary>
internal static class Plot
{
    /// <summary>Width of every plot in the units of its picture.</summary>
    public const int Width = 960;

    /// <summary>Rows that a plot of clients has at most.</summary>
    public const int MostRows = 40;

    /// <summary>Height of a row of such a plot.</summary>
    public const int RowHeight = 22;

    /// <summary>Opens the figure and its picture.</summary>
    public static void Open(TextWriter page, string id, string title, string note, int height, int level = 3)
    {
        page.Write($"<figure class=\"{id}\"><figcaption><h{level}>{Safe(title)}</h{level}> <span>{Safe(note)}</span></figcaption>\n");
        page.Write($"<div class=\"plot\" tabindex=\"0\" role=\"group\" aria-label=\"{Safe(title)}\"><svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">");
        page.Write($"<title id=\"{id}-t\">{Safe(title)}</title><desc id=\"{id}-d\">{Safe(note)}</desc>\n");
    }

    /// <summary>Closes both, with the legend between.</summary>
    public static void Close(TextWriter page, IEnumerable<(string Class, string Name)> legend)
    {
        page.Write("</svg></div>\n<ul class=\"legend\">");
        foreach (var (fill, name) in legend)
        {
            page.Write($"<li>{Palette.Swatch(fill)}{Safe(name)}</li>");
        }

        page.Write("</ul></figure>\n");
    }

    /// <summary>The legend of the main behaviours of these clients.</summary>
    public static IEnumerable<(string Class, string Name)> Legend(IEnumerable<ClientFinding> clients, IReportLanguage language) => clients
        .Select(ClientLines.Main).Distinct().Order()
        .Select(behaviour => (Palette.Class(behaviour), language.Name(behaviour)));

    /// <summary>Lines, times and the label of an axis of time; no label without a language.</summary>
    public static void WriteTimeAxis(TextWriter page, TimeAxis axis, LogTime from, double left, double top, double bottom, IReportLanguage? language)
    {
        var written = double.NegativeInfinity;
        foreach (var (x, label) in axis.Marks())
        {
            page.Write($"<line class=\"grid\" x1=\"{Number(x)}\" x2=\"{Number(x)}\" y1=\"{Number(top)}\" y2=\"{Number(bottom + 4)}\"/>");
            var (anchor, start) = x > Width - 40 ? ("end", x - Room(label)) : x < left + 30 ? ("start", x) : ("middle", x - (Room(label) / 2.0));
            if (start < written)
            {
                continue;
            }

            written = start + Room(label) + 8;
            page.Write($"<text x=\"{Number(x)}\" y=\"{Number(bottom + 18)}\" text-anchor=\"{anchor}\">{Safe(label)}</text>\n");
        }

        if (language is not null)
        {
            page.Write($"<text x=\"{Number((left + Width) / 2)}\" y=\"{Number(bottom + 38)}\" text-anchor=\"middle\">{Safe(language.Words.TimeAxis)} ({Safe(Moments.Offset(from))})</text>\n");
        }
    }

    private static int Room(string label) => 7 * label.Length;

    /// <summary>Cells for the labels of rows, by the longest.</summary>
    public static int LabelWidth(IEnumerable<string> labels) => 16 + (int)(7.4 * Math.Clamp(labels.Select(label => Cells.Of(label)).DefaultIfEmpty(0).Max(), 4, 39));
}
