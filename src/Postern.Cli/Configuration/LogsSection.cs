using System.Buffers;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[[logs]]</c>.</summary>
internal static class LogsSection
{
    private sealed record Draft(string? Path, bool IsJournal, string? Notices, IReadOnlyList<string> Matches, string? Directory);

    private static readonly SearchValues<char> s_fieldLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static readonly Section<Draft> s_section = new(
    [
        new("path", "an absolute path, or a pattern with * ? [ ]", static (draft, value) =>
            value.TryPath(out var path) ? draft with { Path = path } : draft),
        new("journal", "true", static (draft, value) =>
            value.TryFlag(out var flag) ? draft with { IsJournal = flag } : draft),
        new("matches", "a list of journal matches such as [\"SYSLOG_IDENTIFIER=postfix/smtpd\"]", ReadMatches),
        new("directory", "the absolute path of a journal's directory", static (draft, value) =>
            value.TryPath(out var path) ? draft with { Directory = path } : draft),
        new("notices", "the absolute path of an mbox or a Maildir", static (draft, value) =>
            value.TryPath(out var path) ? draft with { Notices = path } : draft),
    ]);

    /// <summary>The keys.</summary>
    public static Section Keys => s_section;

    /// <summary>Reads all sources.</summary>
    public static IReadOnlyList<LogSource> Read(Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return [];
        }

        var sources = new List<LogSource>();
        foreach (var item in items)
        {
            if (!item.TryTable(out var table))
            {
                continue;
            }

            var draft = s_section.Read(item, new Draft(null, false, null, [], null));
            var kinds = (table.Entries.ContainsKey("path") ? 1 : 0) + (table.Entries.ContainsKey("journal") ? 1 : 0) + (table.Entries.ContainsKey("notices") ? 1 : 0);
            if (kinds != 1)
            {
                item.Complain(kinds == 0 ? (Sentence)"names no source" : "names more than one source", "write one of path, journal = true and notices in each [[logs]]");
                continue;
            }

            if (!draft.IsJournal && (table.Entries.ContainsKey("matches") || table.Entries.ContainsKey("directory")))
            {
                item.Complain("matches and directory belong to a journal", "move them to the [[logs]] with journal = true");
            }

            if (Make(draft) is not { } source)
            {
                continue;
            }

            if (sources.Exists(other => other.Kind == source.Kind && string.Equals(other.Path, source.Path, StringComparison.Ordinal)))
            {
                item.Complain($"{source.Path ?? (object)(Sentence)"the journal"} is read twice, so that every failure would count twice", "leave one of them");
            }

            sources.Add(source);
        }

        return sources;
    }

    private static LogSource? Make(Draft draft) =>
        draft.IsJournal ? new LogSource(LogSourceKind.Journal, draft.Directory) { Matches = draft.Matches }
        : draft.Path is { } path ? new LogSource(LogSourceKind.File, path)
        : draft.Notices is { } notices ? new LogSource(LogSourceKind.Notices, notices) : null;

    private static Draft ReadMatches(Draft draft, Reading value)
    {
        if (!value.TryTexts(orSingle: true, out var matches))
        {
            return draft;
        }

        foreach (var match in matches)
        {
            // journalctl would take a word that begins with a hyphen for an option, and a path for a program's name.
            var equals = match.IndexOf('=', StringComparison.Ordinal);
            var isMatch = match is "+" || (equals > 0 && match.AsSpan(0, equals).IndexOfAnyExcept(s_fieldLetters) < 0);
            if (!isMatch)
            {
                value.Complain($"'{match}' is no match of the journal", "write FIELD=value, with the field in capitals");
            }
        }

        return draft with { Matches = matches };
    }
}
