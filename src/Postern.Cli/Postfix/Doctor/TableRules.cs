using Postern.Cli.Words;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>
/// Rows that take mail for anybody, hand on what nobody has proven, or answer it. Blind copies (<c>always_bcc</c> and its kin) are
/// not among them: Postfix adds these recipients with NOTIFY=NEVER, so that nothing comes back of them.
/// </summary>
internal static class TableRules
{
    // Who has hundreds of forwards knows after some of them.
    private const int MostOfATable = 20;
    private static readonly string[] s_answers = ["vacation", "autoreply", "auto-reply", "autorespond", "autoresponder", "responder"];

    /// <summary>What is wrong.</summary>
    public static IEnumerable<DoctorFinding> Of(PostfixSetup postfix, IDoctorWords words) =>
        [.. CatchAlls(postfix, words), .. Aliases(postfix, words), .. Virtuals(postfix, words), .. Forwards(postfix, words)];

    private static IEnumerable<DoctorFinding> CatchAlls(PostfixSetup postfix, IDoctorWords words)
    {
        foreach (var table in postfix.TablesOf("virtual_alias_maps", "recipient_canonical_maps", "canonical_maps", "alias_maps"))
        {
            // Rewriting the names of others' domains takes no mail for them.
            var rows = table.Parameter is "alias_maps" ? [] : table.Rows.Where(row => row.Key.StartsWith('@') && (table.Parameter is "virtual_alias_maps" || postfix.Domains.Contains(row.Key[1..])));
            foreach (var row in (table.Any is { } any ? rows.Append(any) : rows).Take(MostOfATable))
            {
                yield return new("catch-all", words.CatchAll(row.Key, row.Value, table.Map.Text, table.Parameter), TableFix.Of(postfix, table, row));
            }
        }
    }

    private static IEnumerable<DoctorFinding> Aliases(PostfixSetup postfix, IDoctorWords words)
    {
        var owners = postfix.TablesOf("alias_maps").SelectMany(table => table.Rows).Select(row => row.Key).Where(key => key.StartsWith("owner-", StringComparison.OrdinalIgnoreCase))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var table in postfix.TablesOf("alias_maps"))
        {
            foreach (var finding in table.Rows.Where(row => row != table.Any).Select(row => OfAlias(postfix, table, row, owners, words)).OfType<DoctorFinding>().Take(MostOfATable))
            {
                yield return finding;
            }
        }
    }

    private static DoctorFinding? OfAlias(PostfixSetup postfix, PostfixTable table, PostfixRow row, HashSet<string> owners, IDoctorWords words)
    {
        if (Answers(row.Value))
        {
            return new("vacation", words.Vacation(row.Key, table.Map.Text), TableFix.Of(postfix, table, row));
        }
        // What comes back of a list with an owner goes to the owner (local(8)).
        if (owners.Contains("owner-" + row.Key) || Targets(row.Value).FirstOrDefault(target => IsElsewhere(target, postfix)) is not { } elsewhere)
        {
            return null;
        }

        return new("forwarding", words.Forwarding(row.Key, elsewhere, table.Map.Text), TableFix.Of(postfix, table, row));
    }

    private static IEnumerable<DoctorFinding> Virtuals(PostfixSetup postfix, IDoctorWords words)
    {
        foreach (var table in postfix.TablesOf("virtual_alias_maps"))
        {
            var found = 0;
            foreach (var row in table.Rows.Where(row => !row.Key.StartsWith('@') && row != table.Any))
            {
                // A pattern's answer may be made of what it matched.
                if (PostfixSetup.Words(row.Value).FirstOrDefault(target => !target.Contains('$', StringComparison.Ordinal) && IsElsewhere(target, postfix)) is not { } elsewhere || ++found > MostOfATable)
                {
                    continue;
                }

                yield return new("forwarding", words.Forwarding(row.Key, elsewhere, $"{table.Parameter}: {table.Map.Text}"), TableFix.Of(postfix, table, row));
            }
        }
    }

    private static IEnumerable<DoctorFinding> Forwards(PostfixSetup postfix, IDoctorWords words)
    {
        foreach (var forward in postfix.Forwards)
        {
            foreach (var (target, line) in forward.Targets.DistinctBy(target => target.Line).Take(MostOfATable))
            {
                var targets = forward.Targets.Where(other => other.Line == line).Select(other => other.Target).ToArray();
                if (Array.Exists(targets, Answers))
                {
                    yield return new("vacation", words.Vacation(null, forward.File), TableFix.Lines(forward.File, line, line));
                }
                else if (Array.Find(targets, other => IsElsewhere(other, postfix)) is { } elsewhere)
                {
                    yield return new("forwarding", words.Forwarding(null, elsewhere, forward.File), TableFix.Lines(forward.File, line, line));
                }
            }
        }
    }

    private static bool Answers(string value) => value.Contains('|', StringComparison.Ordinal) && Array.Exists(s_answers, word => value.Contains(word, StringComparison.OrdinalIgnoreCase));

    // The members of a list that stands in a file are targets as well.
    private static IEnumerable<string> Targets(string value) => ForwardReader.Targets([value])
        .SelectMany(target => target.Target.StartsWith(":include:", StringComparison.OrdinalIgnoreCase) ? Included(target.Target[9..].Trim()) : target.Target[0] is '|' or '/' ? [target.Target] : PostfixSetup.Words(target.Target));

    private static IEnumerable<string> Included(string file)
    {
        try
        {
            return File.Exists(file) ? [.. ForwardReader.Targets(File.ReadLines(file).Take(10_000)).Select(target => target.Target)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool IsElsewhere(string target, PostfixSetup postfix) => PostfixSetup.DomainOf(target) is { } domain && !postfix.Domains.Contains(domain);
}
