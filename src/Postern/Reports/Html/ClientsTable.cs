using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>
/// The clients of one verdict: a row each with an expandable reason, the first ten at once and the rest when it is asked for. On a
/// narrow screen a row becomes two lines; the roles keep it a table for who hears it.
/// </summary>
internal sealed class ClientsTable(TextWriter page, IReportLanguage language)
{
    private const int RowsAtOnce = 10;
    private const int DeedCells = 70;
    private const int NameCells = 36;
    private readonly IOutlineLanguage _outline = language.Outline;
    private readonly ClientLines _lines = new(language);

    /// <summary>Writes the rows.</summary>
    /// <param name="caption">What the table holds, for who hears it.</param>
    /// <param name="clients">The rows.</param>
    /// <param name="all">How many there are in all.</param>
    public void Write(string caption, IReadOnlyList<ClientFinding> clients, int all)
    {
        WriteTable(caption, clients.Take(RowsAtOnce));
        if (clients.Count > RowsAtOnce)
        {
            page.Write($"<details class=\"rest\"><summary>{Prose(_outline.FormatFurther(clients.Count - RowsAtOnce), language)}</summary>\n");
            WriteTable(caption, clients.Skip(RowsAtOnce));
            page.Write("</details>\n");
        }

        if (all > clients.Count)
        {
            page.Write($"<p class=\"soft\">{Prose(_outline.FormatUnlisted(all - clients.Count), language)}</p>\n");
        }
    }

    /// <summary>What is known of a client: why it is judged as it is, and the facts.</summary>
    public void WriteReason(ClientFinding client)
    {
        var words = language.Words;
        page.Write($"<p>{Prose(_outline.FormatReason(client), language)}</p>\n<dl class=\"facts\">");
        Fact(words.PtrName, client.HostName is null ? "" : _lines.Name(client));
        Fact(words.HeloNames, _lines.Helo(client));
        Fact(words.Seen, _lines.Range(client));
        Fact(words.Payload, _lines.Payload(client));
        Fact(words.Behaviours, _lines.Behaviours(client));
        foreach (var test in _lines.Tests(client))
        {
            Fact(words.Tests, test);
        }

        page.Write("</dl>");
    }

    private void WriteTable(string caption, IEnumerable<ClientFinding> clients)
    {
        var words = _outline.Words;
        page.Write($"<table role=\"table\"><caption class=\"unseen\">{Safe(caption)}</caption><thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (var (heading, kind) in (ReadOnlySpan<(string, string)>)[(language.Words.Client, "who"), (words.SessionsColumn, "often"), (words.DidColumn, "did"), (words.NameColumn, "name")])
        {
            page.Write($"<th role=\"columnheader\" scope=\"col\" class=\"{kind}\">{Safe(heading)}</th>");
        }

        page.Write("</tr></thead><tbody role=\"rowgroup\">\n");
        foreach (var client in clients)
        {
            WriteRow(client);
        }

        page.Write("</tbody></table>\n");
    }

    private void WriteRow(ClientFinding client)
    {
        var did = client.Verdict == Verdict.Protect ? _outline.FormatMerit(client) : SafeText.Short(_outline.FormatDeed(client, DeedCells), DeedCells);
        page.Write($"<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" class=\"who code\">{Safe(_lines.Address(client))}</th>");
        page.Write($"<td role=\"cell\" class=\"often\" data-label=\"{Safe(_outline.Words.SessionsColumn)}\">{Safe(language.Number(client.Sessions))}</td>");
        page.Write($"<td role=\"cell\" class=\"did\"><details><summary>{Prose(did, language)}</summary>\n");
        WriteReason(client);
        page.Write($"</details></td><td role=\"cell\" class=\"name\">{Safe(_outline.FormatName(client, NameCells))}</td></tr>\n");
    }

    private void Fact(string label, string text)
    {
        if (text.Length > 0)
        {
            page.Write($"<div><dt>{Safe(label)}</dt><dd class=\"code\">{Safe(text)}</dd></div>");
        }
    }
}
