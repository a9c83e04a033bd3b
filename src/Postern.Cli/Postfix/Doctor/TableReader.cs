namespace Postern.Cli.Postfix.Doctor;

/// <summary>Looks into Postfix's tables by asking Postfix: <c>postmap -s</c> lists, <c>postmap -q</c> answers; the text of patterns is read.</summary>
/// <param name="stop">The end of the program.</param>
internal sealed class TableReader(CancellationToken stop)
{
    // A name that nobody has; a table that answers it answers any.
    private const string Nobody = "postern-asks-for-nobody-7c1f";
    private const int MostRows = 100_000;
    private const int MostDomains = 30;
    private const int MostAsked = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>The tables of a parameter.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="domains">Domains that its keys may be of; empty for a table of bare names.</param>
    /// <param name="asksAll">True where even a table that can be listed is asked for nobody.</param>
    public async Task<IReadOnlyList<PostfixTable>> ReadAsync(string parameter, string value, IReadOnlyCollection<string> domains, bool asksAll = false)
    {
        var tables = new List<PostfixTable>();
        // Those of the host's users and of NIS cannot hold everybody.
        foreach (var map in PostfixMap.Of(value).Where(map => map.Type is not ("unix" or "nis" or "environ" or "fail")))
        {
            var table = new PostfixTable(parameter, map, map.CanBeListed ? await ListAsync(map) : map.HasPatterns ? Patterns(map) : []);
            tables.Add(asksAll || !map.CanBeListed ? table with { Any = await AnyAsync(map, table.Rows, domains) } : table);
        }

        return tables;
    }

    /// <summary>The rows of a table as Postfix has them; empty where it says none.</summary>
    public async Task<IReadOnlyList<PostfixRow>> ListAsync(PostfixMap map)
    {
        var (output, _) = await PostfixProgram.AskAsync("postmap", null, s_patience, stop, "-s", map.Text);
        return [.. (output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostRows).Select(line => line.Split('\t', 2)).Select(row => new PostfixRow(row[0], row.Length > 1 ? row[1] : ""))];
    }

    /// <summary>Those of the domains that one of the tables answers: tables of domains that cannot be listed.</summary>
    public async Task<IReadOnlyList<string>> AnsweredAsync(IEnumerable<PostfixMap> maps, IEnumerable<string> domains)
    {
        var answered = new List<string>();
        foreach (var map in maps)
        {
            foreach (var domain in domains.Distinct(StringComparer.OrdinalIgnoreCase).Take(MostAsked))
            {
                var (answer, isDead) = await AskAsync(map.Text, domain);
                if (isDead)
                {
                    break;
                }

                if (answer is not null)
                {
                    answered.Add(domain);
                }
            }
        }

        return answered;
    }

    /// <summary>The rules of a table of patterns (regexp_table(5), pcre_table(5)): a line that begins with a blank goes on.</summary>
    internal static IReadOnlyList<PostfixRow> Rules(IEnumerable<string> lines)
    {
        var rules = new List<PostfixRow>();
        var number = 0;
        foreach (var line in lines.Take(MostRows))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] is ' ' or '\t')
            {
                if (rules.Count > 0 && line.AsSpan().Trim().Length > 0)
                {
                    rules[^1] = rules[^1] with { Value = (rules[^1].Value + " " + line.Trim()).Trim(), To = number };
                }

                continue;
            }

            var pattern = line.TrimStart('!');
            var end = pattern.Length > 1 && !char.IsAsciiLetterOrDigit(pattern[0]) ? pattern.IndexOf(pattern[0], 1) : -1;
            var blank = end < 0 ? -1 : pattern.AsSpan(end).IndexOfAny(' ', '\t');
            rules.Add(blank < 0 ? new((end < 0 ? line : pattern).Trim(), "", number, number) : new(pattern[..(end + blank)], pattern[(end + blank)..].Trim(), number, number));
        }

        return rules;
    }

    private static IReadOnlyList<PostfixRow> Patterns(PostfixMap map) => TextOf(map) is { } text ? Rules(text) : [];

    private static string[]? TextOf(PostfixMap map)
    {
        try
        {
            return File.Exists(map.Name) ? File.ReadAllLines(map.Name) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What may not be read is not judged.
            return null;
        }
    }

    private async Task<PostfixRow?> AnyAsync(PostfixMap map, IReadOnlyList<PostfixRow> rows, IReadOnlyCollection<string> domains)
    {
        string[] questions = domains.Count == 0 ? [Nobody] : [.. domains.Take(MostDomains).SelectMany(domain => (string[])[$"{Nobody}@{domain}", $"@{domain}"])];
        foreach (var question in questions)
        {
            var (answer, isDead) = await AskAsync(map.Text, question);
            if (isDead)
            {
                return null;
            }

            if (answer is not null)
            {
                return map.HasPatterns && await RuleAsync(map, question) is { } line && rows.LastOrDefault(row => row.From <= line) is { } rule ? rule : new(question, answer);
            }
        }

        return null;
    }

    // A database that is down would be waited for at each question.
    private async Task<(string? Answer, bool IsDead)> AskAsync(string map, string question, string? input = null)
    {
        var (output, failure) = await PostfixProgram.AskAsync("postmap", input, s_patience, stop, "-q", question, map);
        return (output?.Trim() is { Length: > 0 } answer ? answer : null,
            failure is not null && (failure.Contains("fatal:", StringComparison.Ordinal) || failure.StartsWith("postmap cannot", StringComparison.Ordinal)));
    }

    // The first rule that matches decides: so the shortest beginning of the file that answers ends with it.
    private async Task<int?> RuleAsync(PostfixMap map, string question)
    {
        if (TextOf(map) is not { } lines)
        {
            return null;
        }

        var (low, high) = (1, lines.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((await AskAsync($"{map.Type}:/dev/stdin", question, string.Join('\n', lines.Take(middle)) + "\n")).Answer is null)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (await AskAsync($"{map.Type}:/dev/stdin", question, string.Join('\n', lines.Take(low)) + "\n")).Answer is null ? null : low;
    }
}
