using Postern.Facts;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>
/// The report as one page that needs nothing else: style and plots stand in it, there is no script, and nothing is loaded.
/// The page forbids both by its own policy too, should anything a client wrote ever get through as markup.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Writes the page, to be stored as UTF-8.</summary>
    /// <param name="explanation">What is told.</param>
    /// <param name="page">Where to.</param>
    /// <param name="language">In which language.</param>
    /// <param name="program">How this program is called here: <c>postern</c> or <c>./postern</c>.</param>
    public static void Write(Explanation explanation, TextWriter page, IReportLanguage language, string program)
    {
        var clients = new PageClients();
        var outline = new Outline(explanation, clients.Add);
        page.Write($"<!DOCTYPE html>\n<html lang=\"{language.Tag}\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Write($"<title>{Safe(PageTitle.Format(outline, language.Outline))}</title>\n<style>\n{PageStyle.Css}{Palette.Style()}</style>\n</head>\n<body>\n{Palette.Patterns()}<main>\n");
        var screen = new FirstScreen(page, outline, language, program);
        screen.Write();
        screen.WriteTranscript();
        var rows = clients.Rows();
        if (!outline.IsTranscript)
        {
            WriteClients(page, outline, language, rows, screen.IsLong);
        }

        var sections = new Sections(page, outline, language);
        sections.WriteQuestions(program);
        sections.WriteCampaigns();
        sections.WriteCharts(clients, [.. PageClients.Verdicts.SelectMany(verdict => rows[verdict])]);
        sections.WriteGlossary();
        sections.WriteOrdinary(PageClients.MostRows - rows.Values.Sum(static list => list.Count));
        sections.WriteWarnings();
        page.Write("</main>\n</body>\n</html>\n");
    }

    // On a narrow screen, or below a long answer, the style puts the sessions over time below the first table.
    private static void WriteClients(TextWriter page, Outline outline, IReportLanguage language, IReadOnlyDictionary<Verdict, IReadOnlyList<ClientFinding>> rows, bool isLong)
    {
        page.Write($"<div class=\"first{(isLong ? " long" : "")}\">\n");
        if (outline.Explanation.Timeline is { } timeline)
        {
            TimelinePlot.WriteVerdicts(page, timeline, language);
        }

        var shown = PageClients.Verdicts.Where(verdict => outline.Overview.Count(verdict) > 0).ToList();
        foreach (var (index, verdict) in shown.Index())
        {
            WriteVerdict(page, outline, language, verdict, rows[verdict]);
            if (index == 0)
            {
                page.Write("</div>\n");
            }
        }

        if (shown.Count == 0)
        {
            page.Write("</div>\n");
        }
    }

    private static void WriteVerdict(TextWriter page, Outline outline, IReportLanguage language, Verdict verdict, IReadOnlyList<ClientFinding> rows)
    {
        var words = language.Outline;
        var all = outline.Overview.Count(verdict);
        var heading = words.FormatHeading(verdict switch
        {
            Verdict.Ban => words.Words.Ban,
            Verdict.Protect => words.Words.DoNotBan,
            Verdict.Watch => words.Words.NotEnough,
            _ => words.Words.Harmless,
        }, all);
        page.Write($"<section class=\"clients {Palette.Id(verdict)}\" id=\"{Palette.Id(verdict)}\"><h2>{Safe(heading)} <a class=\"all\" href=\"#top\">{Safe(words.Page.ShowAll)}</a></h2>\n");
        if (verdict is Verdict.Watch or Verdict.Ignore)
        {
            page.Write($"<p class=\"soft\">{Prose(words.FormatCauses(outline.Causes(verdict)), language)}</p>\n");
        }

        if (verdict == Verdict.Watch && outline.Botnet is not null && outline.Overview.Count(Verdict.Ban) == 0)
        {
            page.Write($"<p class=\"soft\">{Prose(words.FormatBehaviours(outline).Replace("  ", ": ", StringComparison.Ordinal), language)}</p>\n");
        }

        new ClientsTable(page, language).Write(heading, rows, all);
        page.Write("</section>\n");
    }
}
