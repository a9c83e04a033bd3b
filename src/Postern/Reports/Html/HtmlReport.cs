using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>
/// The report as one page that needs nothing else: style and plots stand in it, there is no script, and nothing is loaded.
/// The page forbids both by its own policy too, should anything a client wrote ever get through as markup.
/// </summary>
internal static class HtmlReport
{
    private const int MostCampaigns = 50;
    private const int CampaignClients = 12;

    /// <summary>Writes the page, to be stored as UTF-8.</summary>
    public static void Write(Explanation explanation, TextWriter page, IReportLanguage language)
    {
        var words = language.Words;
        page.Write($"<!DOCTYPE html>\n<html lang=\"{language.Tag}\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Write($"<title>{Safe(words.Title)}</title>\n<style>\n{PageStyle.Css}{Palette.Style()}</style>\n</head>\n<body>\n{Palette.Patterns()}<main>\n");
        WriteHead(page, explanation, language);
        WriteTroubles(page, explanation.Troubles, language);
        WriteSummary(page, explanation, language);
        if (explanation.Timeline is { } timeline)
        {
            TimelinePlot.Write(page, timeline, language);
        }

        ClientsPlot.Write(page, explanation.Clients, language);
        BurstsPlot.Write(page, explanation, language);
        if (explanation.Clients.Count > 0)
        {
            Heading(page, words.Clients);
            new ClientsTable(page, language).Write(explanation.Clients);
        }

        WriteCampaigns(page, explanation.Campaigns, language);
        Heading(page, words.Ordinary);
        page.Write($"<p>{Safe(language.SayOrdinary(explanation.OrdinaryClients, explanation.OrdinarySessions))}</p>\n");
        WriteGlossary(page, explanation, language);
        WriteUnknownForms(page, explanation.UnknownForms, language);
        WriteWarnings(page, [.. explanation.Warnings.Select(language.Warning)], language);
        page.Write($"<p class=\"hint\">{Code(words.Hint)}</p>\n</main>\n</body>\n</html>\n");
    }

    private static void WriteHead(TextWriter page, Explanation explanation, IReportLanguage language)
    {
        var words = language.Words;
        var period = explanation.From.IsKnown
            ? $"{language.Range(explanation.From, explanation.To)} ({Moments.Offset(explanation.From)})"
            : words.NoTimes;
        page.Write($"<h1>{Safe(words.Title)}</h1>\n<dl class=\"read\"><dt>{Safe(words.Period)}</dt><dd>{Safe(period)}</dd>");
        page.Write($"<dt>{Safe(words.Input)}</dt><dd>{Safe(language.SayInput(explanation))}</dd></dl>\n");
    }

    private static void WriteTroubles(TextWriter page, IReadOnlyList<Trouble> troubles, IReportLanguage language)
    {
        if (troubles.Count == 0)
        {
            return;
        }

        page.Write("<section class=\"troubles\">");
        Heading(page, language.Words.Troubles);
        page.Write($"<ul>{string.Concat(troubles.Select(trouble => $"<li>{Safe(language.Say(trouble))}</li>"))}</ul>\n</section>\n");
    }

    private static void WriteSummary(TextWriter page, Explanation explanation, IReportLanguage language)
    {
        page.Write("<section class=\"summary\">");
        Heading(page, language.Words.Summary);
        foreach (var answer in language.Summarise(new Overview(explanation)))
        {
            page.Write($"<h3>{Safe(answer.Question)}</h3>\n<p>{Safe(answer.Text)}</p>\n");
            if (answer.Items.Count > 0)
            {
                page.Write($"<ul>{string.Concat(answer.Items.Select(item => $"<li>{Safe(item)}</li>"))}</ul>\n");
            }
        }

        page.Write("</section>\n");
    }

    private static void WriteCampaigns(TextWriter page, IReadOnlyList<Campaign> campaigns, IReportLanguage language)
    {
        if (campaigns.Count == 0)
        {
            return;
        }

        Heading(page, language.Words.Campaigns);
        page.Write("<ul>\n");
        foreach (var campaign in campaigns.Take(MostCampaigns))
        {
            var names = campaign.Clients.Take(CampaignClients).Select(client => client.ToString()).ToList();
            if (campaign.Clients.Count > names.Count)
            {
                names.Add($"+{language.Number(campaign.Clients.Count - names.Count)}");
            }

            page.Write($"<li>{Palette.Swatch(campaign.Behaviour)}{Safe(language.Say(campaign))}<br><span class=\"soft code\">{Safe(language.List(names))}</span>{Advice(campaign, language)}</li>\n");
        }

        page.Write("</ul>\n");
    }

    private static string Advice(Campaign campaign, IReportLanguage language) =>
        language.Advise(campaign) is { Length: > 0 } advice ? $"<br>{Safe(advice)}" : "";

    private static void WriteGlossary(TextWriter page, Explanation explanation, IReportLanguage language)
    {
        var seen = explanation.Clients.SelectMany(client => client.Behaviours).Select(pair => pair.Key).Distinct().Order().ToList();
        if (seen.Count == 0)
        {
            return;
        }

        Heading(page, language.Words.Glossary);
        page.Write("<dl class=\"glossary\">\n");
        foreach (var behaviour in seen)
        {
            page.Write($"<dt>{Palette.Swatch(behaviour)}{Safe(language.Name(behaviour))}</dt><dd>{Safe(language.Describe(behaviour))}</dd>\n");
        }

        page.Write("</dl>\n");
    }

    private static void WriteUnknownForms(TextWriter page, IReadOnlyList<UnknownForm> forms, IReportLanguage language)
    {
        if (forms.Count > 0)
        {
            Heading(page, language.Words.UnknownForms);
            page.Write($"<ul>{string.Concat(forms.Select(form => $"<li class=\"code\">{Safe(language.Say(form))}</li>"))}</ul>\n");
        }
    }

    private static void WriteWarnings(TextWriter page, IReadOnlyList<string> warnings, IReportLanguage language)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        Heading(page, language.Words.Warnings);
        page.Write($"<ul>{string.Concat(warnings.Select(warning => $"<li>{Safe(SafeText.Short(warning, 600))}</li>"))}</ul>\n");
    }

    private static void Heading(TextWriter page, string text) => page.Write($"<h2>{Safe(text)}</h2>\n");

    /// <summary>Text in which backquotes stand around what is to be typed.</summary>
    private static string Code(string text) => string.Concat(text.Split('`').Select((part, i) => i % 2 == 0 ? Safe(part) : $"<code>{Safe(part)}</code>"));
}
