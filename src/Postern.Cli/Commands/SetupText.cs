using System.Text;
using Postern.Cli.Configuration;
using Postern.Cli.Setup;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>What <c>setup</c> found and would write, for people. Lines to be copied stay whole.</summary>
/// <param name="words">The language.</param>
/// <param name="doctor">The language of findings.</param>
internal sealed class SetupText(ISetupWords words, IDoctorWords doctor)
{
    private const string Indent = "  ";
    private const int MostNetworks = 6;

    /// <summary>What was found.</summary>
    public string Found(HostSurvey found)
    {
        (string Label, string Text)[] rows =
        [
            ("Postfix", found.Postfix.Main("mail_version")),
            (words.Log, LogOf(found.Log)),
            (words.Notices, Notices(found)),
            (words.NeverBanned, words.Networks(Some(found.Own), Some(found.MyNetworks))),
            ("fail2ban", found.Fail2Ban is { } other ? words.Fail2BanJails(other.Runs, other.Jails.Select(static jail => jail.Name)) : words.NoFail2Ban),
            (words.Firewall, found.Firewalls.Count > 0 ? words.Beside(found.Firewalls) : words.OwnTable),
            (words.Resolver, Resolver(found.Resolver)),
        ];
        var widest = rows.Max(static row => Cells.Of(row.Label)) + 2;
        var text = new StringBuilder(words.Found).Append('\n');
        foreach (var (label, told) in rows)
        {
            Paragraph(text, Indent + label + new string(' ', widest - Cells.Of(label)), SafeText.Escape(told));
        }

        return text.Append('\n').ToString();
    }

    /// <summary>What would be written.</summary>
    public string Plan(SetupPlan plan)
    {
        var text = new StringBuilder();
        if (plan.Additions.Count == 0)
        {
            text.Append(words.SameFile(plan.After.File)).Append('\n');
        }
        else if (plan.Before is null)
        {
            Block(text, words.NewFile(plan.After.File), plan.Text.TrimEnd().Split('\n'));
        }
        else
        {
            Block(text, words.Additions(plan.After.File), plan.Additions.SelectMany(static addition => addition.Table.Length == 0 ? (string[])[addition.Line] : [addition.Table, addition.Line]));
        }

        text.Append('\n');
        if (plan.Postfix.Count == 0)
        {
            text.Append(words.PostfixSame).Append('\n');
        }
        else
        {
            Block(text, words.PostfixChanges, plan.Postfix.Select(static setting => setting.Command));
        }

        return text.Append('\n').ToString();
    }

    /// <summary>What the operator should know beside.</summary>
    public IReadOnlyList<string> Notes(HostSurvey found, SetupPlan plan, SetupAnswers answers)
    {
        var notes = new List<string>();
        if (plan.Before is { Length: > 0 } && plan.Additions.Any(static addition => addition.Line.StartsWith("mode ", StringComparison.Ordinal)))
        {
            notes.Add(words.DryRun);
        }

        if (answers.Log is { } asked && !plan.After.Options.Logs.Any(source => source.Kind == asked.Kind && string.Equals(source.Path, asked.Path, StringComparison.Ordinal)))
        {
            notes.Add(words.LogKept(LogOf(asked)));
        }

        if (found.Notices.End != NoticeEnd.HandedOver && plan.After.Options.Logs.All(static source => source.Kind != LogSourceKind.Notices))
        {
            notes.Add(words.HandOver);
        }

        if (found.Fail2Ban is { Runs: true })
        {
            notes.Add(words.TwoFail2Bans);
        }

        if (found.Resolver is { Problem: { } problem, Better: null, Asked: { } zone })
        {
            notes.Add(doctor.DnsList(zone, problem, found.Resolver.Detail));
        }

        notes.AddRange(plan.Left.Select(static finding => $"{finding.Message} [{finding.Id}]"));
        return notes;
    }

    /// <summary>What was done, and what comes next.</summary>
    public string End(SetupPlan plan, IReadOnlyList<string> notes, bool isWritten, string? keptAs, string again)
    {
        var text = new StringBuilder();
        if (notes.Count > 0)
        {
            text.Append(words.Notes).Append('\n');
            foreach (var note in notes)
            {
                Paragraph(text, Indent + "- ", SafeText.Escape(note));
            }

            text.Append('\n');
        }

        if (plan.IsDone)
        {
            return text.Append(words.Nothing).Append('\n').ToString();
        }

        if (!isWritten)
        {
            return text.Append(words.NotWritten(again)).Append('\n').ToString();
        }

        if (plan.Additions.Count > 0)
        {
            text.Append(words.Written(plan.After.File)).Append('\n');
        }

        if (keptAs is not null)
        {
            text.Append(words.KeptAs(keptAs)).Append('\n');
        }

        if (plan.Postfix.Count > 0)
        {
            Block(text.Append('\n'), words.Undo, plan.Postfix.Select(static setting => setting.Undo));
        }

        (string Command, string Purpose)[] steps =
        [
            .. plan.Postfix.Count > 0 ? ((string, string)[])[("postfix reload", words.StepReload)] : [],
            ("systemctl restart postern", words.StepStart),
            ("postern doctor", words.StepDoctor),
            .. plan.After.Options.IsDryRun ? ((string, string)[])[("postern bans", words.StepEnforce)] : [],
        ];
        var widest = steps.Max(static step => step.Command.Length) + 2;
        text.Append('\n').Append(words.Next).Append('\n');
        foreach (var (command, purpose) in steps)
        {
            text.Append(Indent).Append(command.PadRight(widest)).Append(purpose).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same for programs.</summary>
    public static SetupReport Report(HostSurvey found, SetupPlan plan, IReadOnlyList<string> notes, SetupText text, bool isWritten, string? keptAs) => new()
    {
        Found = new FoundReport
        {
            Postfix = found.Postfix.Main("mail_version"),
            Log = found.Log is null ? null : found.Log.Path ?? "journal",
            Notices = text.Notices(found),
            NoticesReadable = found.CanReadNotices,
            Own = found.Own,
            Mynetworks = found.MyNetworks,
            Fail2banRuns = found.Fail2Ban?.Runs,
            Fail2banJails = [.. found.Fail2Ban?.Jails.Select(static jail => jail.Name) ?? []],
            Firewalls = found.Firewalls,
            Resolvers = [.. found.Resolver.Servers.Select(static server => server.ToString())],
            ResolverKind = found.Resolver.Kind.ToString().ToLowerInvariant(),
            DnsLists = found.Resolver.Asked is null ? null : found.Resolver.Problem switch
            {
                null => "usable",
                DnsListProblem.NoAnswer => "no-answer",
                DnsListProblem.Refused => "refused",
                DnsListProblem.NothingListed => "nothing-listed",
                _ => "all-listed",
            },
        },
        Configuration = new ConfigurationReport(plan.After.File, plan.Text, plan.Additions, keptAs),
        Postfix = plan.Postfix,
        Notes = notes,
        Unchanged = plan.IsDone,
        Written = isWritten,
    };

    private string LogOf(LogSource? log) => log is null ? words.NoLog : log.Kind == LogSourceKind.Journal ? words.Journal : log.Path!;

    private string Notices(HostSurvey found) => found.Notices.End switch
    {
        NoticeEnd.Mailbox => words.Mailbox(found.Notices.Place, found.CanReadNotices),
        NoticeEnd.HandedOver => words.HandedOver(found.Notices.Place),
        _ => words.Elsewhere(found.Notices.Place),
    };

    private string Resolver(ResolverSurvey resolver)
    {
        var servers = resolver.Servers.Count == 0 ? words.NoServers
            : words.Servers(string.Join(", ", resolver.Servers), resolver.Kind == ResolverKind.Public, resolver.Kind == ResolverKind.Local);
        var lists = resolver.Asked is not { } zone ? words.ListsNotAsked : resolver.Problem is { } problem ? doctor.DnsList(zone, problem, resolver.Detail) : words.ListAnswers(zone);
        return $"{servers}; {lists}";
    }

    private static string Some(IReadOnlyList<string> networks) => networks.Count <= MostNetworks ? string.Join(", ", networks) : string.Join(", ", networks.Take(MostNetworks)) + ", …";

    private static void Block(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        text.Append(heading).Append('\n');
        foreach (var line in lines)
        {
            text.Append(line.Length == 0 ? "" : Indent).Append(SafeText.Escape(line)).Append('\n');
        }
    }

    private static void Paragraph(StringBuilder text, string start, string sentence)
    {
        var indent = Cells.Of(start);
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine - indent, TextStyle.WidestLine - indent))
        {
            text.Append(start).Append(line).Append('\n');
            start = new string(' ', indent);
        }
    }
}
