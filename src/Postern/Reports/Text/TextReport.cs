using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Text;

/// <summary>The report for people at a terminal, at most 80 cells wide.</summary>
internal sealed class TextReport
{
    private const int FewForms = 3;
    private readonly IReportLanguage _language;
    private readonly ClientLines _lines;
    private readonly TextPage _page;
    private readonly TextStyle _style;
    private readonly int _labelCells;

    private TextReport(TextWriter output, IReportLanguage language, TextStyle style)
    {
        _language = language;
        _style = style;
        _lines = new ClientLines(language);
        _page = new TextPage(output, style);
        var words = language.Words;
        _labelCells = 2 + new[] { words.Seen, words.Bursts, words.Behaviours, words.Why, words.Advice, words.Payload, words.HeloNames, words.PtrName, words.Tests }
            .Max(label => Cells.Of(label));
    }

    /// <summary>Writes the whole report; lines end with a line feed.</summary>
    public static void Write(Explanation explanation, TextWriter output, IReportLanguage language, TextStyle style) =>
        new TextReport(output, language, style).Write(explanation);

    private void Write(Explanation explanation)
    {
        var words = _language.Words;
        _page.Paragraph(words.Title, ink: Ink.Strong);
        _page.Blank();
        var labels = Math.Max(Cells.Of(words.Period), Cells.Of(words.Input)) + 2;
        _page.Labelled(words.Period, explanation.From.IsKnown
            ? $"{_language.Range(explanation.From, explanation.To)} ({Moments.Offset(explanation.From)})"
            : words.NoTimes, 0, labels);
        _page.Labelled(words.Input, _language.SayInput(explanation), 0, labels);
        if (explanation.Troubles.Count > 0)
        {
            _page.Blank();
            _page.Paragraph(words.Troubles, ink: Ink.Bad);
            foreach (var trouble in explanation.Troubles)
            {
                _page.Item(_language.Say(trouble));
            }
        }

        foreach (var answer in _language.Summarise(new Overview(explanation)))
        {
            _page.Blank();
            _page.Paragraph(answer.Question, ink: Ink.Strong);
            _page.Paragraph(answer.Text, 2, 2);
            foreach (var item in answer.Items)
            {
                _page.Item(item);
            }
        }

        WriteClients(explanation.Clients);
        WriteCampaigns(explanation.Campaigns);
        if (explanation.OrdinaryClients > 0)
        {
            _page.Heading(words.Ordinary);
            _page.Paragraph(_language.SayOrdinary(explanation.OrdinaryClients, explanation.OrdinarySessions));
        }

        WriteUnknownForms(explanation.UnknownForms);
        WriteWarnings([.. explanation.Warnings.Select(_language.Warning)]);
        _page.Blank();
        _page.Paragraph(words.Hint.Replace("`postern ", $"`{_style.Program} ", StringComparison.Ordinal));
    }

    private void WriteClients(IReadOnlyList<ClientFinding> clients)
    {
        if (clients.Count == 0)
        {
            return;
        }

        _page.Heading(_language.Words.Clients);
        var inFull = _style.All ? clients.Count : Math.Min(clients.Count, _style.InFull);
        for (var i = 0; i < inFull; i++)
        {
            WriteClient(i + 1, clients[i]);
        }

        if (inFull == clients.Count)
        {
            return;
        }

        _page.Heading(_language.Words.MoreClients);
        var shown = Math.Min(clients.Count, inFull + _style.InBrief);
        for (var i = inFull; i < shown; i++)
        {
            var client = clients[i];
            _page.Sides(
                $"{_lines.Address(client)}  {_language.Number(client.Sessions)}  {_lines.Behaviours(client)}",
                _language.Name(client.Verdict), Ink.Plain, InkOf(client.Verdict));
        }

        if (shown < clients.Count)
        {
            _page.Blank();
            _page.Paragraph(_language.SayMore(shown, clients.Count) + _language.Words.AllHint);
        }
    }

    private void WriteClient(int number, ClientFinding client)
    {
        var words = _language.Words;
        if (number > 1)
        {
            _page.Blank();
        }

        _page.Sides($"{_language.Number(number)}. {_lines.Address(client)}", _language.Name(client.Verdict).ToUpperInvariant(), Ink.Strong, InkOf(client.Verdict));
        Line(words.PtrName, client.HostName is null ? "" : _lines.Name(client));
        Line(words.HeloNames, _lines.Helo(client));
        Line(words.Seen, _lines.Sessions(client));
        Line(words.Bursts, _lines.Bursts(client));
        Line(words.Behaviours, _lines.Behaviours(client));
        Line(words.Payload, _lines.Payload(client));
        Line(words.Why, _language.Explain(client));
        foreach (var (index, test) in _lines.Tests(client).Index())
        {
            Line(index == 0 ? words.Tests : "", test);
        }

        Line(words.Advice, _language.Advise(client));
    }

    private void Line(string label, string text)
    {
        if (text.Length > 0)
        {
            _page.Labelled(label, text, 3, _labelCells);
        }
    }

    private void WriteCampaigns(IReadOnlyList<Campaign> campaigns)
    {
        if (campaigns.Count == 0)
        {
            return;
        }

        _page.Heading(_language.Words.Campaigns);
        foreach (var campaign in campaigns.Take(_style.All ? campaigns.Count : _style.InFull))
        {
            _page.Item(_language.Say(campaign), 0);
            var names = campaign.Clients.Take(8).Select(client => client.ToString()).ToList();
            if (campaign.Clients.Count > names.Count)
            {
                names.Add($"+{_language.Number(campaign.Clients.Count - names.Count)}");
            }

            _page.Paragraph(_language.List(names), 2, 2, Ink.Faint);
            if (_language.Advise(campaign) is { Length: > 0 } advice)
            {
                _page.Paragraph(advice, 2, 2);
            }
        }
    }

    private void WriteUnknownForms(IReadOnlyList<UnknownForm> forms)
    {
        if (forms.Count == 0)
        {
            return;
        }

        _page.Heading(_language.Words.UnknownForms);
        foreach (var form in forms.Take(_style.All ? forms.Count : FewForms))
        {
            _page.Item(_language.Say(form), 0);
        }
    }

    private void WriteWarnings(IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        _page.Heading(_language.Words.Warnings);
        foreach (var warning in warnings)
        {
            _page.Item(SafeText.Short(warning, 600), 0);
        }
    }

    private static Ink InkOf(Verdict verdict) => verdict switch
    {
        Verdict.Ban => Ink.Bad,
        Verdict.Watch => Ink.Doubtful,
        Verdict.Protect => Ink.Good,
        _ => Ink.Faint,
    };
}
