using System.Globalization;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;

namespace Postern.Reports.Text;

/// <summary>The first screen: at most 40 lines of 80 cells that say how bad it is, whom it is about and what to do.</summary>
internal sealed class OutlineReport
{
    /// <summary>The most lines of a first screen.</summary>
    public const int MostLines = 40;

    // What a screen shows as long as there is room: rows to ban, rows to protect, questions, troubles, reasons.
    private static readonly (int Bans, int Protected, int Questions, int Troubles, int Reasons)[] s_levels =
        [
        (10, 4, 6, 3, 4), (10, 4, 5, 3, 4), (10, 4, 4, 3, 4), (10, 4, 3, 3, 4), (10, 4, 3, 2, 3), (10, 2, 5, 2, 0), (8, 2, 5, 2, 0), (6, 2, 5, 2, 0), (5, 2, 5, 2, 0), (4, 2, 5, 1, 0),
        (3, 1, 4, 1, 0), (3, 1, 3, 1, 0), (2, 1, 2, 1, 0), (1, 1, 1, 1, 0), (1, 1, 0, 1, 0),
    ];

    private const int LeastAddress = 13;
    private const int SessionsCells = 8;
    private const int NameCells = 21;
    private const int LongAddress = 20;
    private readonly Outline _outline;
    private readonly IOutlineLanguage _language;
    private readonly IReportLanguage _words;
    private readonly TextStyle _style;
    private readonly IReadOnlyList<string> _conclusion, _course, _pointers;
    private readonly IReadOnlyList<OutlineAction> _actions;
    private readonly IReadOnlyList<OutlineAnswer> _answers;
    private TextPage _page;

    private OutlineReport(Outline outline, IReportLanguage words, TextStyle style)
    {
        (_outline, _words, _language, _style) = (outline, words, words.Outline, style);
        _page = new TextPage(TextWriter.Null, style);
        // The levels only leave out more of the same sentences.
        (_conclusion, _course, _pointers) = (_language.Conclude(outline), _language.DescribeTranscript(outline), _language.PointOn(outline, style.Program));
        (_actions, _answers) = (_language.Act(outline, style.Program), _language.AnswerQuestions(outline, style.Program));
    }

    /// <summary>Writes the first screen.</summary>
    public static void Write(Explanation explanation, TextWriter output, IReportLanguage language, TextStyle style) =>
        new OutlineReport(new Outline(explanation), language, style).Write(output);

    private void Write(TextWriter output)
    {
        var text = "";
        foreach (var level in s_levels)
        {
            using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            _page = new TextPage(writer, _style);
            WriteAll(level.Bans, level.Protected, level.Questions, level.Troubles, level.Reasons);
            text = writer.ToString();
            if (text.AsSpan().Count('\n') <= MostLines)
            {
                break;
            }
        }

        output.Write(text);
    }

    private void WriteAll(int bans, int @protected, int questions, int troubles, int reasons)
    {
        var words = _language.Words;
        _page.Paragraph(_language.FormatTitle(_outline), ink: Ink.Strong);
        if (!_outline.IsTranscript)
        {
            _page.Paragraph(_language.FormatInput(_outline));
        }

        _page.Blank();
        WriteTroubles(troubles);
        var label = Math.Max(Cells.Of(words.InShort), Math.Max(Cells.Of(words.ToDo), _outline.IsTranscript ? Math.Max(Cells.Of(words.Session), Cells.Of(words.Next)) : 0)) + 2;
        _page.Labelled(words.InShort, _words.Join(_conclusion), 0, label);
        WriteActions(label);
        if (_course.Count > 0)
        {
            _page.Blank();
            _page.Labelled(words.Session, _course[0], 0, label);
            foreach (var line in _course.Skip(1))
            {
                _page.Paragraph(line, label, label);
            }
        }

        if (_outline.IsTranscript)
        {
            _page.Blank();
            WriteQuestions(questions);
            WriteNext(label);
            return;
        }

        _page.Blank();
        WriteClients(bans, @protected);
        WriteReasons(reasons);
        WriteQuestions(questions);
        if (_outline.Explanation.OrdinaryClients > 0 && _outline.Overview.Clients > 0)
        {
            _page.Paragraph(_language.FormatOrdinary(_outline));
        }

        foreach (var line in _pointers)
        {
            _page.Paragraph(line, 0, 2);
        }
    }

    private void WriteTroubles(int most)
    {
        if (_outline.Explanation.Troubles.Count == 0)
        {
            return;
        }

        _page.Paragraph(_language.Words.Problem, ink: Ink.Bad);
        foreach (var trouble in _outline.Explanation.Troubles.Take(most))
        {
            _page.Paragraph(_words.Say(trouble), 2, 4);
        }

        _page.Blank();
    }

    private void WriteActions(int label)
    {
        var isFirst = true;
        var command = _actions.Select(static action => Cells.Of(action.Command ?? "")).DefaultIfEmpty().Max();
        foreach (var action in _actions)
        {
            var text = action.Command is null ? action.Text : $"{action.Command}{new string(' ', command - Cells.Of(action.Command) + 3)}{action.Text}";
            if (isFirst)
            {
                _page.Labelled(_language.Words.ToDo, text, 0, label);
            }
            else
            {
                _page.Paragraph(text, label, label + (char.IsAsciiDigit(text[0]) ? 3 : 0));
            }

            isFirst = false;
        }
    }

    private void WriteNext(int label)
    {
        var isFirst = true;
        foreach (var line in _pointers)
        {
            if (isFirst)
            {
                _page.Labelled(_language.Words.Next, line, 0, label);
            }
            else
            {
                _page.Paragraph(line, label, label + 3);
            }

            isFirst = false;
        }
    }

    private void WriteClients(int bans, int @protected)
    {
        var (words, overview) = (_language.Words, _outline.Overview);
        if (overview.Count(Verdict.Ban) is > 0 and var toBan)
        {
            WriteTable(_language.FormatHeading(words.Ban, toBan), [.. _outline.Bans.Take(bans)], toBan, Ink.Bad);
        }
        else if (_outline.Botnet is not null && _outline.Busiest.Count > 0)
        {
            _page.Paragraph(_language.FormatBehaviours(_outline), 0, 2);
            WriteTable(words.Busiest, _outline.Busiest, _outline.Busiest.Count, Ink.Doubtful);
        }

        if (overview.Count(Verdict.Protect) is > 0 and var toProtect)
        {
            _page.Paragraph(_language.FormatHeading(words.DoNotBan, toProtect), ink: Ink.Good);
            foreach (var client in _outline.Protected.Take(@protected))
            {
                var line = $"  {Cell(Address(client), LeastAddress)} {Right(_words.Number(client.Sessions))}  {_language.FormatMerit(client)}";
                _page.Paragraph(SafeText.Short(line, _page.Width));
            }

            if (toProtect > @protected)
            {
                _page.Paragraph(_language.FormatRest(toProtect - Math.Min(@protected, _outline.Protected.Count)), 2, 2, Ink.Faint);
            }
        }

        WriteCounts(words.NotEnough, Verdict.Watch);
        WriteCounts(words.Harmless, Verdict.Ignore);
    }

    private void WriteTable(string heading, IReadOnlyList<ClientFinding> rows, int all, Ink ink)
    {
        var words = _language.Words;
        var address = Math.Max(LeastAddress, rows.Max(client => Cells.Of(Address(client))));
        var name = address <= LongAddress ? NameCells : 0;
        var deed = _page.Width - 2 - address - 1 - SessionsCells - 2 - name;
        var head = $"{Cell(heading, address + 2)} {Right(words.SessionsColumn)}  {Cell(words.DidColumn, deed)}{(name > 0 ? words.NameColumn : "")}";
        _page.Paragraph(SafeText.Short(head.TrimEnd(), _page.Width), ink: ink);
        foreach (var client in rows)
        {
            var line = $"  {Cell(Address(client), address)} {Right(_words.Number(client.Sessions))}  {Cell(SafeText.Short(_language.FormatDeed(client, deed - 1), deed - 1), deed)}{(name > 0 ? SafeText.Short(_language.FormatName(client, name), name) : "")}";
            _page.Paragraph(SafeText.Short(line.TrimEnd(), _page.Width));
        }

        if (all > rows.Count)
        {
            _page.Paragraph(_language.FormatRest(all - rows.Count), 2, 2, Ink.Faint);
        }
    }

    private void WriteCounts(string heading, Verdict verdict)
    {
        if (_outline.Overview.Count(verdict) is > 0 and var clients)
        {
            _page.Paragraph($"{_language.FormatHeading(heading, clients)}  {_language.FormatCauses(_outline.Causes(verdict))}", 0, 2);
        }
    }

    private void WriteReasons(int most)
    {
        if (most == 0 || _outline.Few.Count == 0)
        {
            return;
        }

        _page.Paragraph(_language.Words.Why, ink: Ink.Strong);
        foreach (var client in _outline.Few.Take(most))
        {
            _page.Paragraph($"{Address(client)}: {_language.FormatReason(client)}", 2, 4);
        }
    }

    private void WriteQuestions(int most)
    {
        foreach (var answer in _answers.Take(most))
        {
            if (Cells.Of(answer.Question) + 2 + Cells.Of(answer.Answer) <= _page.Width)
            {
                _page.Paragraph($"{answer.Question}  {answer.Answer}", 0, 2);
                continue;
            }

            _page.Paragraph(answer.Question, ink: Ink.Strong);
            _page.Paragraph(answer.Answer, 2, 2);
        }
    }

    private string Address(ClientFinding client) => client.Address.IsKnown ? client.Address.ToString() : _words.Words.UnknownAddress;

    private static string Cell(string text, int cells) => text + new string(' ', Math.Max(0, cells - Cells.Of(text)));

    private static string Right(string text) => new string(' ', Math.Max(0, SessionsCells - Cells.Of(text))) + text;
}
