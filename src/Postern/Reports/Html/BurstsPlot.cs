using Postern.Facts;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>When each client came: a row a client, a bar a burst.</summary>
internal static class BurstsPlot
{
    private const int Top = 6;
    private const double Narrowest = 2.5;

    /// <summary>Draws it; nothing where no burst has a time.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="outline">What all of it is about.</param>
    /// <param name="shown">The clients of the page.</param>
    /// <param name="language">In which language.</param>
    public static void Write(TextWriter page, Outline outline, IReadOnlyList<ClientFinding> shown, IReportLanguage language)
    {
        var explanation = outline.Explanation;
        var clients = shown.Where(client => client.Bursts.Any(burst => burst.From.IsKnown)).Take(Plot.MostRows).ToList();
        if (clients.Count == 0)
        {
            return;
        }

        var bursts = clients.SelectMany(client => client.Bursts).Where(burst => burst.From.IsKnown);
        var from = explanation.From.IsKnown ? explanation.From : bursts.MinBy(burst => burst.From.UtcTicks).From;
        var to = explanation.To.IsKnown ? explanation.To : bursts.MaxBy(burst => burst.To.UtcTicks).To;
        var lines = new ClientLines(language);
        var left = Plot.LabelWidth(clients.Select(lines.Address));
        var axis = new TimeAxis(from, to, left, Plot.Width - left - 6);
        var bottom = Top + (clients.Count * Plot.RowHeight);
        var note = language.Words.PlotBurstsNote;
        if (clients.Count < outline.Overview.Clients)
        {
            note = language.Join([note, language.SayMore(clients.Count, outline.Overview.Clients)]);
        }

        Plot.Open(page, "bursts", language.Words.PlotBursts, note, bottom + 46);
        Plot.WriteTimeAxis(page, axis, from, left, Top, bottom, language);
        foreach (var (row, client) in clients.Index())
        {
            var y = Top + (row * Plot.RowHeight);
            page.Write($"<line class=\"grid\" x1=\"{left}\" x2=\"{Plot.Width - 6}\" y1=\"{y + Plot.RowHeight}\" y2=\"{y + Plot.RowHeight}\"/><text class=\"addr\" x=\"{left - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{Safe(lines.Address(client))}</text>\n");
            foreach (var (burst, x1, x2) in Segments(client.Bursts, axis))
            {
                page.Write($"<rect class=\"{Palette.Class(ClientLines.Main(client))}\" x=\"{Number(x1)}\" y=\"{y + 4}\" width=\"{Number(x2 - x1)}\" height=\"{Plot.RowHeight - 8}\"><title>{Safe(language.Range(burst.From, burst.To))}: {Safe(language.Sessions(burst.Sessions))}</title></rect>\n");
            }
        }

        Plot.Close(page, Plot.Legend(clients, language));
    }

    /// <summary>Bursts that would lie on each other become one, so that a row has no more bars than it has pixels.</summary>
    private static IEnumerable<(Burst Burst, double X1, double X2)> Segments(IReadOnlyList<Burst> bursts, TimeAxis axis)
    {
        (Burst Burst, double X1, double X2)? held = null;
        foreach (var burst in bursts)
        {
            if (!burst.From.IsKnown)
            {
                continue;
            }

            var x1 = axis.At(burst.From);
            var x2 = Math.Max(x1 + Narrowest, axis.At(burst.To));
            if (held is { } last && x1 < last.X2 + 0.5)
            {
                held = (new(last.Burst.From, burst.To > last.Burst.To ? burst.To : last.Burst.To, last.Burst.Sessions + burst.Sessions), last.X1, Math.Max(last.X2, x2));
                continue;
            }

            if (held is { } done)
            {
                yield return done;
            }

            held = (burst, x1, x2);
        }

        if (held is { } final)
        {
            yield return final;
        }
    }
}
