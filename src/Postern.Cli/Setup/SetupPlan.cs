using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Words;

namespace Postern.Cli.Setup;

/// <summary>A setting that the configuration lacks.</summary>
/// <param name="Table">Its table as it is written, <c>[dns]</c> or <c>[[logs]]</c>; empty for the keys above all tables.</param>
/// <param name="Line">The line.</param>
internal sealed record ConfigAddition(string Table, string Line);

/// <summary>What <c>setup</c> would write.</summary>
/// <param name="Before">The configuration as it is; null where there is none.</param>
/// <param name="After">The configuration as it will be.</param>
/// <param name="Text">Its text then.</param>
/// <param name="Additions">What is new in it.</param>
/// <param name="Postfix">The parameters of main.cf to set.</param>
/// <param name="Left">Findings on these matters that only the operator can fix.</param>
internal sealed record SetupPlan(
    string? Before, LoadedConfig After, string Text, IReadOnlyList<ConfigAddition> Additions, IReadOnlyList<PostfixSetting> Postfix, IReadOnlyList<DoctorFinding> Left)
{
    /// <summary>True where all of it stands already.</summary>
    public bool IsDone => Additions.Count == 0 && Postfix.Count == 0;

    /// <summary>Makes a plan. Keys that the configuration has are never changed.</summary>
    /// <param name="file">The configuration's path.</param>
    /// <param name="before">Its text; null where there is none.</param>
    /// <param name="found">What was found.</param>
    /// <param name="answers">What the operator decided.</param>
    /// <param name="setup">The language of the new file's first line.</param>
    /// <param name="doctor">The language of what is left.</param>
    public static SetupPlan Make(string file, string? before, HostSurvey found, SetupAnswers answers, ISetupWords setup, IDoctorWords doctor)
    {
        var draft = new Draft(before ?? $"# {setup.FirstLine}\n", ConfigLoader.Parse(before ?? "", file));
        draft.Add("", "mode", TomlEditor.Text("dry-run"));
        if ((answers.Log ?? found.Log) is { } log && draft.Loaded.Options.Logs.All(static source => source.Kind == LogSourceKind.Notices))
        {
            draft.AddLog(log.Kind == LogSourceKind.Journal ? "journal = true" : $"path = {TomlEditor.Text(log.Path!)}");
        }

        var mailbox = answers.Notices ?? (found.CanReadNotices ? found.Notices.Place : "");
        // A source of notices alone would stop the default log from being read.
        if (mailbox.Length > 0 && draft.HasLog && draft.Loaded.Options.Logs.All(static source => source.Kind != LogSourceKind.Notices))
        {
            draft.AddLog($"notices = {TomlEditor.Text(mailbox)}");
        }

        if (found.Resolver.Better is { } resolver)
        {
            draft.Add("dns", "resolver", TomlEditor.Text(resolver));
        }

        if (answers.Policy is { } policy)
        {
            draft.Add("policy", "listen", TomlEditor.Text(policy.ToString()));
        }

        if (answers.Milter is { } milter)
        {
            draft.Add("milter", "listen", TomlEditor.Text(milter.ToString()));
        }

        if (answers.Fail2Ban is { } folder)
        {
            draft.Add("fail2ban", "config", TomlEditor.Text(folder));
        }

        var after = ConfigLoader.Parse(draft.Text, file);
        var (settings, left) = PostfixPlan.Of(found.Postfix, after.Options, found.MainCf, answers.Hardens ?? false, doctor);
        return new SetupPlan(before, after, draft.Text, draft.Additions, settings, left);
    }

    private sealed class Draft(string text, LoadedConfig loaded)
    {
        private readonly List<ConfigAddition> _additions = [];

        public LoadedConfig Loaded => loaded;

        public string Text { get; private set; } = text;

        public IReadOnlyList<ConfigAddition> Additions => _additions;

        public bool HasLog => loaded.Options.Logs.Any(static source => source.Kind != LogSourceKind.Notices) || _additions.Exists(static addition => addition.Table is "[[logs]]");

        public void Add(string table, string key, string value)
        {
            if (loaded.Places.ContainsKey(table.Length == 0 ? key : $"{table}.{key}"))
            {
                return;
            }

            Text = TomlEditor.Add(Text, table, key, value);
            _additions.Add(new ConfigAddition(table.Length == 0 ? "" : $"[{table}]", $"{key} = {value}"));
        }

        public void AddLog(string setting)
        {
            Text = TomlEditor.AddItem(Text, "logs", setting);
            _additions.Add(new ConfigAddition("[[logs]]", setting));
        }
    }
}
