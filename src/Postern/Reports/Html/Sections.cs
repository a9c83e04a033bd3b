using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>What follows the first screen: the questions, groups, more plots, words and warnings. What is empty is left out.</summary>
internal sealed class Sections(TextWriter page, Outline outline, IReportLanguage language)
{
    private const int MostCampaigns = 50;
    private const int CampaignClients = 12;
    private readonly Explanation _explanation = outline.Explanation;

    /// <summary>The operator's questions, each to be opened; open where the page has little else.</summary>
    public void WriteQuestions(string program)
    {
        var answers = language.Outline.AnswerQuestions(outline, program);
        if (answers.Count == 0)
        {
            return;
        }

        page.Write($"<section class=\"questions\"><h2>{Safe(language.Outline.Page.Questions)}</h2>\n");
        foreach (var answer in answers)
        {
            page.Write($"<details{(outline.IsTranscript ? " open=\"\"" : "")}><summary>{Prose(answer.Question, language)}</summary><p>{Commands(answer.Answer, language)}</p></details>\n");
        }

        page.Write("</section>\n");
    }

    /// <summary>Who works together.</summary>
    public void WriteCampaigns()
    {
        if (_explanation.Campaigns.Count == 0)
        {
            return;
        }

        page.Write($"<section><h2>{Safe(language.Words.Campaigns)}</h2>\n<ul>\n");
        foreach (var campaign in _explanation.Campaigns.Take(MostCampaigns))
        {
            var names = campaign.Clients.Take(CampaignClients).Select(static client => client.ToString()).ToList();
            if (campaign.Clients.Count > names.Count)
            {
                names.Add($"+{language.Number(campaign.Clients.Count - names.Count)}");
            }

            var advice = language.Advise(campaign) is { Length: > 0 } text ? $"<br>{Prose(text, language)}" : "";
            page.Write($"<li>{Prose(language.Say(campaign), language)}<br><span class=\"soft code\">{Safe(language.List(names))}</span>{advice}</li>\n");
        }

        page.Write("</ul></section>\n");
    }

    /// <summary>The plots that the first screen has no room for.</summary>
    public void WriteCharts(PageClients clients, IReadOnlyList<ClientFinding> shown)
    {
        using var plots = new StringWriter();
        if (_explanation.Timeline is { } timeline)
        {
            TimelinePlot.WriteBehaviours(plots, timeline, language);
        }

        ClientsPlot.Write(plots, clients.Largest(), outline.Overview.Clients, language);
        BurstsPlot.Write(plots, outline, shown, language);
        if (plots.GetStringBuilder().Length > 0)
        {
            page.Write($"<details class=\"more\"><summary><h2>{Safe(language.Outline.Page.Charts)}</h2></summary>\n{plots}</details>\n");
        }
    }

    /// <summary>What the behaviours on this page are.</summary>
    public void WriteGlossary()
    {
        var seen = outline.Overview.Behaviours.Select(static total => total.Behaviour).Order().ToList();
        if (seen.Count == 0)
        {
            return;
        }

        page.Write($"<details class=\"more\"><summary><h2>{Safe(language.Words.Glossary)}</h2></summary>\n<dl class=\"glossary\">\n");
        foreach (var behaviour in seen)
        {
            page.Write($"<dt>{Palette.Swatch(behaviour)}{Safe(language.Name(behaviour))}</dt><dd>{Prose(language.Describe(behaviour), language)}</dd>\n");
        }

        page.Write("</dl></details>\n");
    }

    /// <summary>Ordinary mail; the clients too, where the input was asked for them.</summary>
    public void WriteOrdinary(int room)
    {
        if (_explanation.OrdinaryClients == 0 || outline.Overview.Clients == 0)
        {
            return;
        }

        page.Write($"<section><h2>{Safe(language.Words.Ordinary)}</h2>\n<p>{Prose(language.Outline.FormatOrdinary(outline), language)}</p>\n");
        // Only with --all are they among the clients.
        var all = _explanation.Clients.Count - outline.Overview.Clients;
        if (all > 0 && room > 0)
        {
            var rows = _explanation.Clients.Where(static client => !Overview.IsAbusive(client)).Take(room).ToList();
            new ClientsTable(page, language).Write(language.Words.Ordinary, rows, all);
        }

        page.Write("</section>\n");
    }

    /// <summary>What the operator should know of how the input was read.</summary>
    public void WriteWarnings()
    {
        WriteList(language.Words.UnknownForms, "code", _explanation.UnknownForms.Select(language.Say));
        // Without a session the conclusion has told the first two.
        WriteList(language.Words.Warnings, "", _explanation.Warnings.Skip(_explanation.Sessions == 0 ? 2 : 0).Select(language.Warning).Select(static warning => SafeText.Short(warning, 600)));
    }

    private void WriteList(string heading, string kind, IEnumerable<string> items)
    {
        var list = string.Concat(items.Select(item => $"<li class=\"{kind}\">{Prose(item, language)}</li>"));
        if (list.Length > 0)
        {
            page.Write($"<section><h2>{Safe(heading)}</h2>\n<ul>{list}</ul></section>\n");
        }
    }
}
