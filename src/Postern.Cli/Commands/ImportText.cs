using System.Text;
using Postern.Cli.Fail2BanImport;
using Postern.Cli.Words;
using Postern.Reports.Content;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>What <c>import</c> took over and what it left.</summary>
/// <param name="words">The language.</param>
internal sealed class ImportText(IImportWords words)
{
    private const int MostProtected = 10;

    /// <summary>The report; what happened, or without a takeover what would happen.</summary>
    /// <param name="bans">The bans.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="taken">What became of the bans; null for a dry run.</param>
    /// <param name="locked">The database, where it was locked.</param>
    /// <param name="now">The time.</param>
    public ImportReport Report(ImportedBans bans, ImportedSettings settings, TakeoverResult? taken, string? locked, DateTimeOffset now)
    {
        var left = new List<string>();
        if (locked is not null)
        {
            left.Add(words.WasLocked(locked));
        }

        left.AddRange(bans.Left.Select(one => words.WhyBan(one.Reason, one.Count, one.Jail, one.Example)));
        if (taken?.Result.Protected is { Count: > 0 } spared)
        {
            left.Add(words.Protected(string.Join(", ", spared.Take(MostProtected)) + (spared.Count > MostProtected ? ", …" : "")));
        }

        left.AddRange(settings.Left.Select(one => words.WhySetting(one.Reason, one.Jail, one.Detail)));
        return new ImportReport
        {
            DryRun = taken is null,
            Target = taken?.Target ?? "",
            Bans = [.. bans.Bans.Select(static ban => new ImportBanReport(ban.Network.ToString(), ban.Jail, ban.From.ToLocalTime(), ban.Until.ToLocalTime(), ban.Repetition))],
            Active = taken?.Result.Active ?? bans.Bans.Count(ban => ban.Until > now),
            Past = taken?.Result.Past ?? bans.Bans.Count(ban => ban.Until <= now),
            Known = taken?.Result.Known,
            Protected = [.. taken?.Result.Protected.Select(static network => network.ToString()) ?? []],
            Settings = string.Concat(settings.Toml.Select(static line => line + "\n")),
            Left = left,
        };
    }

    /// <summary>The report for people.</summary>
    public string Write(ImportReport report, TakeoverResult? taken, string file)
    {
        var text = new StringBuilder(words.Bans(report.Active, report.Past, report.DryRun)).Append('\n');
        if (report.Known is > 0 and var known)
        {
            text.Append(words.Known(known)).Append('\n');
        }

        if (taken is not null)
        {
            text.Append(words.Target(taken.Target is TakeoverResult.Daemon)).Append('\n');
        }

        if (taken?.IsDryRun is true)
        {
            Paragraph(text, "", words.InDryRun);
        }

        text.Append('\n').Append(report.Settings.Length > 0 ? words.Settings(file) : words.NoSettings).Append('\n');
        foreach (var line in report.Settings.Split('\n').SkipLast(1))
        {
            text.Append(line.Length > 0 ? "  " : "").Append(SafeText.Escape(line)).Append('\n');
        }

        text.Append('\n').Append(words.Left).Append('\n');
        foreach (var one in report.Left)
        {
            Paragraph(text, "  - ", SafeText.Escape(one));
        }

        return text.ToString();
    }

    private static void Paragraph(StringBuilder text, string start, string sentence)
    {
        var indent = start.Length;
        foreach (var line in LineBreaker.Lines(sentence, TextStyle.WidestLine - indent, TextStyle.WidestLine - indent))
        {
            text.Append(start).Append(line).Append('\n');
            start = new string(' ', indent);
        }
    }
}
