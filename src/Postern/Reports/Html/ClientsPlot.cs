using Postern.Facts;
using Postern.Reports.Languages;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>Clients by sessions, a bar each, the largest first.</summary>
internal static class ClientsPlot
{
    private const int Top = 6;

    /// <summary>Draws it; nothing where there is no client.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="clients">The largest, the first first.</param>
    /// <param name="all">How many there are in all.</param>
    /// <param name="language">In which language.</param>
    public static void Write(TextWriter page, IReadOnlyList<ClientFinding> clients, int all, IReportLanguage language)
    {
        if (clients.Count == 0)
        {
            return;
        }

        var lines = new ClientLines(language);
        var left = Plot.LabelWidth(clients.Select(lines.Address));
        var bottom = Top + (clients.Count * Plot.RowHeight);
        var note = language.Words.PlotClientsNote;
        if (clients.Count < all)
        {
            note = language.Join([note, language.SayMore(clients.Count, all)]);
        }

        Plot.Open(page, "clients", language.Words.PlotClients, note, bottom + 46);
        const int RoomForCount = 70;
        var highest = clients[0].Sessions;
        var width = Plot.Width - left - RoomForCount;
        var step = CountAxis.Step(highest);
        for (long mark = 0; mark <= highest; mark += step)
        {
            var x = left + (width * (double)mark / highest);
            page.Write($"<line class=\"grid\" x1=\"{Number(x)}\" x2=\"{Number(x)}\" y1=\"{Top}\" y2=\"{bottom + 4}\"/><text x=\"{Number(x)}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{Safe(language.Number(mark))}</text>\n");
        }

        page.Write($"<text x=\"{Number(left + (width / 2.0))}\" y=\"{bottom + 38}\" text-anchor=\"middle\">{Safe(language.Words.Sessions)}</text>\n");
        foreach (var (row, client) in clients.Index())
        {
            var y = Top + (row * Plot.RowHeight);
            var length = Math.Max(1.5, width * (double)client.Sessions / highest);
            page.Write($"<text class=\"addr\" x=\"{left - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{Safe(lines.Address(client))}</text>");
            page.Write($"<rect class=\"{Palette.Class(ClientLines.Main(client))}\" x=\"{left}\" y=\"{y + 3}\" width=\"{Number(length)}\" height=\"{Plot.RowHeight - 6}\"><title>{Safe(lines.Address(client))}: {Safe(language.Sessions(client.Sessions))}</title></rect>");
            page.Write($"<text class=\"value\" x=\"{Number(left + length + 6)}\" y=\"{y + 15}\">{Safe(language.Number(client.Sessions))}</text>\n");
        }

        page.Write($"<line class=\"axis\" x1=\"{left}\" x2=\"{left}\" y1=\"{Top}\" y2=\"{bottom}\"/>\n");
        Plot.Close(page, Plot.Legend(clients, language));
    }
}
