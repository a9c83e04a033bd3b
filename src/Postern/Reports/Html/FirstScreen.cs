using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using static Postern.Reports.Html.Markup;

namespace Postern.Reports.Html;

/// <summary>The answer: the verdict, the server's own troubles, the conclusion, what to do, and the clients by verdict.</summary>
internal sealed class FirstScreen
{
    private readonly TextWriter _page;
    private readonly Outline _outline;
    private readonly IReportLanguage _language;
    private readonly IOutlineLanguage _words;
    private readonly Explanation _explanation;
    private readonly string _program;
    private readonly List<OutlineAction> _plan, _actions;

    /// <summary>Prepares it.</summary>
    /// <param name="page">Where it is written.</param>
    /// <param name="outline">What it tells.</param>
    /// <param name="language">In which language.</param>
    /// <param name="program">How this program is called here.</param>
    public FirstScreen(TextWriter page, Outline outline, IReportLanguage language, string program)
    {
        (_page, _outline, _language, _program) = (page, outline, language, program);
        (_words, _explanation) = (language.Outline, outline.Explanation);
        (_plan, _actions) = Split(_words.Act(outline, program));
    }

    /// <summary>True where so much stands above the clients to ban that the sessions over time have to wait.</summary>
    public bool IsLong => _outline.Overview.Count(Verdict.Ban) > 0 && (_explanation.Troubles.Count > 0 || _plan.Count > 0 || _explanation.Takeovers.Count > 0);

    // A phone has no room for a fix of the server, the steps against a botnet and the clients to ban at once.
    private bool IsCrowded => _outline.Overview.Count(Verdict.Ban) > 0 && _explanation.Troubles.Count > 0 && _plan.Count > 0;

    /// <summary>Writes all above the table.</summary>
    public void Write()
    {
        List<string> about = [Times(_words.FormatTitle(_outline), _language)];
        if (_explanation.Host is { } host)
        {
            about.Insert(0, Safe(SafeText.Short(host, 80)));
        }

        if (!_outline.IsTranscript)
        {
            about.Add(Prose(_words.FormatInput(_outline), _language));
        }

        _page.Write($"<header><h1>{Prose(PageTitle.FormatVerdict(_outline, _words), _language)}</h1>\n<p class=\"read\">{string.Join(" · ", about)}</p></header>\n");
        WriteTroubles();
        _page.Write($"<div class=\"answer\">\n<section class=\"short\"><h2>{Safe(_words.Words.InShort)}</h2>\n<p>{Prose(_language.Join(_words.Conclude(_outline)), _language)}</p></section>\n");
        WriteActions();
        WriteTiles();
        _page.Write("</div>\n");
    }

    /// <summary>The course of a pasted session, and the next steps.</summary>
    public void WriteTranscript()
    {
        if (!_outline.IsTranscript)
        {
            return;
        }

        if (_words.DescribeTranscript(_outline) is { Count: > 0 } course)
        {
            _page.Write($"<section><h2>{Safe(_words.Words.Session)}</h2>\n<p class=\"code\">{Safe(course[0])}</p>{string.Concat(course.Skip(1).Select(note => $"<p>{Prose(note, _language)}</p>"))}</section>\n");
        }

        _page.Write($"<section class=\"todo\"><h2>{Safe(_words.Words.Next)}</h2>\n<ul>{string.Concat(_words.PointOn(_outline, _program).Select(Item))}</ul></section>\n");
        _page.Write($"<section class=\"questions\"><h2>{Safe(_words.Words.Why)}</h2>\n");
        new ClientsTable(_page, _language).WriteReason(_explanation.Clients[0]);
        _page.Write("</section>\n");
    }

    private void WriteTroubles()
    {
        if (_explanation.Troubles.Count == 0)
        {
            return;
        }

        _page.Write($"<section class=\"troubles\"><h2>{Safe(_words.Words.Problem)}</h2>\n");
        foreach (var (index, trouble) in _explanation.Troubles.Index())
        {
            var (said, advice) = (_language.Say(trouble), _language.Advise(trouble.Kind));
            var what = said.EndsWith(advice, StringComparison.Ordinal) ? said[..^advice.Length].TrimEnd() : said;
            _page.Write($"<details{(index > 0 ? "" : IsCrowded ? " class=\"wide\"" : " open=\"\"")}><summary>{Times(what, _language)}</summary><p>{Prose(advice, _language)}</p></details>\n");
        }

        _page.Write("</section>\n");
    }

    // Commands first: they are about the table below. Steps that are about the whole have room of their own on a wide screen alone.
    private void WriteActions()
    {
        _page.Write($"<section class=\"todo\"><h2>{Safe(_words.Words.ToDo)}</h2>\n<ul>");
        foreach (var action in _actions)
        {
            _page.Write(action.Command is null ? Item(action.Text)
                : $"<li class=\"typed\"><code title=\"{Safe(_words.Page.Copying)}\">{Safe(action.Command)}</code> <span>{Prose(action.Text, _language)}</span></li>");
        }

        _page.Write("</ul>");
        if (_plan.Count > 0)
        {
            _page.Write($"<details{(_outline.Overview.Count(Verdict.Ban) > 0 ? " class=\"wide\"" : " open=\"\"")}><summary>{Commands(_plan[0].Text, _language)}</summary><ul>{string.Concat(_plan.Skip(1).Select(static step => step.Text).Select(Item))}</ul></details>");
        }

        _page.Write("</section>\n");
    }

    // Numbered steps with the sentence that leads to them, and all others.
    private static (List<OutlineAction> Plan, List<OutlineAction> Others) Split(IReadOnlyList<OutlineAction> actions)
    {
        var all = actions.ToList();
        var first = all.FindIndex(static action => IsStep(action.Text));
        if (first < 1)
        {
            return ([], all);
        }

        var count = all.FindLastIndex(static action => IsStep(action.Text)) - first + 2;
        var plan = all.GetRange(first - 1, count);
        all.RemoveRange(first - 1, count);
        return (plan, all);
    }

    private string Item(string text) => $"<li class=\"{(IsStep(text) ? "step" : "said")}\">{Commands(text, _language)}</li>";

    private static bool IsStep(string text) => text.Length > 1 && char.IsAsciiDigit(text[0]) && text[1] == '.';

    // A tile leads to the clients of its verdict, and the style then hides all others: a choice without a script.
    private void WriteTiles()
    {
        if (_outline.IsTranscript || _outline.Overview.Clients == 0)
        {
            return;
        }

        _page.Write($"<nav class=\"tiles\" aria-label=\"{Safe(_words.Page.Filter)}\">");
        foreach (var verdict in PageClients.Verdicts)
        {
            var count = _outline.Overview.Count(verdict);
            var tile = $"{Palette.Swatch(Palette.Class(verdict))}<b>{Safe(_language.Number(count))}</b> <span>{Safe(Name(verdict, _words.Page))}</span>";
            _page.Write(count == 0 ? $"<span class=\"tile none\">{tile}</span>" : $"<a class=\"tile\" href=\"#{Palette.Id(verdict)}\">{tile}</a>");
        }

        _page.Write("</nav>\n");
    }

    /// <summary>The name of a verdict on the page.</summary>
    public static string Name(Verdict verdict, PageWords words) => verdict switch
    {
        Verdict.Ban => words.Ban,
        Verdict.Protect => words.DoNotBan,
        Verdict.Watch => words.Watch,
        Verdict.Ignore => words.Harmless,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "No word for this verdict."),
    };
}
