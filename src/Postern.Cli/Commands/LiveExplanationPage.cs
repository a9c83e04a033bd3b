using System.Net;
using System.Text;
using Postern.Reports.Html;

namespace Postern.Cli.Commands;

/// <summary>What is told of a client of the running daemon, as one page that loads nothing and runs nothing.</summary>
internal static class LiveExplanationPage
{
    // Tables of a few words a cell: each column as wide as it needs, and a table wider than a phone scrolls.
    private const string Style = "section{overflow-x:auto}table{display:table;table-layout:auto}tbody{display:table-row-group}.number{text-align:right}pre{white-space:pre-wrap}\n";

    /// <summary>The page.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="address">The client, for the title.</param>
    /// <param name="language">The code of the language.</param>
    public static string Write(IEnumerable<LivePart> parts, string address, string language)
    {
        var page = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Append($"<title>Postern: {Safe(address)}</title>\n<style>\n{PageStyle.Css}{Style}</style>\n</head>\n<body>\n<main>\n");
        foreach (var part in parts.Where(static part => part is not LiveTable { Rows.Count: 0 }))
        {
            Write(page, part);
        }

        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder page, LivePart part)
    {
        switch (part)
        {
            case LiveSentence sentence:
                page.Append(sentence.IsHead ? $"<h1>{Safe(sentence.Text)}</h1>\n" : $"<p>{Safe(sentence.Text)}</p>\n");
                break;
            case LiveTable table:
                Write(page, table);
                break;
            case LiveFailure failure:
                page.Append($"<section><p>{Safe(failure.Head)}</p><pre class=\"code\">{Safe(string.Join('\n', failure.Lines))}</pre></section>\n");
                break;
        }
    }

    private static void Write(StringBuilder page, LiveTable table)
    {
        page.Append("<section><table>\n<thead><tr>");
        foreach (var column in table.Columns)
        {
            page.Append($"<th scope=\"col\"{Kind(column)}>{Safe(column.TrimStart('>'))}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>").AppendJoin("", row.Select((cell, at) => $"<td{Kind(table.Columns[at])}>{Safe(cell)}</td>")).Append("</tr>\n");
        }

        page.Append("</tbody></table></section>\n");
    }

    private static string Kind(string column) => column[0] == '>' ? " class=\"number\"" : "";

    // The parts are spelt out already.
    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
