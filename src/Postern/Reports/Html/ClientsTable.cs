using Postern.Facts;
using Postern.Reports.Languages;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>The table of clients; on a narrow screen each row becomes a card.</summary>
internal sealed class ClientsTable(TextWriter page, IReportLanguage language)
{
    /// <summary>Rows that a page has at most, so that a browser can show it.</summary>
    public const int MostRows = 200;

    private readonly ClientLines _lines = new(language);

    /// <summary>Writes the table, and how many it leaves out.</summary>
    public void Write(IReadOnlyList<ClientFinding> clients)
    {
        var words = language.Words;
        page.Write("<table class=\"clients\"><thead><tr>");
        foreach (var heading in (string[])[words.Client, words.Sessions, words.Behaviours, words.Why, words.Verdict])
        {
            page.Write($"<th scope=\"col\">{Safe(heading)}</th>");
        }

        page.Write("</tr></thead><tbody>\n");
        foreach (var client in clients.Take(MostRows))
        {
            WriteRow(client);
        }

        page.Write("</tbody></table>\n");
        if (clients.Count > MostRows)
        {
            page.Write($"<p class=\"soft\">{Safe(language.SayMore(MostRows, clients.Count))}</p>\n");
        }
    }

    private void WriteRow(ClientFinding client)
    {
        var words = language.Words;
        page.Write($"<tr><td data-label=\"{Safe(words.Client)}\"><p class=\"code\"><strong>{Safe(_lines.Address(client))}</strong></p>");
        Small(client.HostName is null ? "" : _lines.Name(client));
        Small(Labelled(words.HeloNames, _lines.Helo(client)));
        Small(Labelled(words.Payload, _lines.Payload(client)));
        page.Write($"</td><td data-label=\"{Safe(words.Sessions)}\"><p>{Safe(language.Sessions(client.Sessions))}</p>");
        Small(_lines.Range(client));
        Small(Labelled(words.Bursts, _lines.Bursts(client)));
        page.Write($"</td><td data-label=\"{Safe(words.Behaviours)}\"><ul>");
        foreach (var (behaviour, sessions) in client.Behaviours)
        {
            page.Write($"<li>{Palette.Swatch(behaviour)}{Safe(language.Name(behaviour))} {Safe(language.Number(sessions))}</li>");
        }

        page.Write($"</ul></td><td data-label=\"{Safe(words.Why)}\"><p>{Safe(language.Explain(client))}</p>");
        foreach (var test in _lines.Tests(client))
        {
            Small(test);
        }

        page.Write($"</td><td data-label=\"{Safe(words.Verdict)}\"><p><span class=\"verdict {Class(client.Verdict)}\">{Safe(language.Name(client.Verdict))}</span></p><p>{Safe(language.Advise(client))}</p></td></tr>\n");
    }

    private void Small(string text)
    {
        if (text.Length > 0)
        {
            page.Write($"<p class=\"soft code\">{Safe(text)}</p>");
        }
    }

    private string Labelled(string label, string text) => text.Length == 0 ? "" : language.Labelled(label, text);

    private static string Class(Verdict verdict) => verdict switch
    {
        Verdict.Ban => "ban",
        Verdict.Watch => "watch",
        Verdict.Protect => "protect",
        _ => "ignore",
    };
}
