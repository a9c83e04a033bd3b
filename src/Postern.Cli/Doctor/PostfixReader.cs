using Postern.Cli.Running;

namespace Postern.Cli.Doctor;

/// <summary>Asks Postfix how it is set; changes nothing.</summary>
internal static class PostfixReader
{
    private const int MostRows = 100_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks.</summary>
    /// <returns>How it is set, or why that cannot be known, in one line.</returns>
    public static async Task<(PostfixSetup? Setup, string? Failure)> ReadAsync(CancellationToken stop)
    {
        var (main, failure) = await Postconf.AskAsync(s_patience, stop, "-x");
        if (main is null)
            return (null, failure);
        var (services, _) = await Postconf.AskAsync(s_patience, stop, "-M");
        var (overrides, _) = await Postconf.AskAsync(s_patience, stop, "-P");
        var setup = Parse(Lines(main), Lines(services), Lines(overrides));
        return (setup with { Aliases = Tables(setup.Main("alias_maps"), isAlias: true), Virtuals = Tables(setup.Main("virtual_alias_maps"), isAlias: false) }, null);
    }

    /// <summary>Reads the words of <c>postconf -x</c>, <c>-M</c> and <c>-P</c>.</summary>
    internal static PostfixSetup Parse(IEnumerable<string> main, IEnumerable<string> services, IEnumerable<string> overrides)
    {
        var own = overrides.Select(Pair).Select(pair => (Service: pair.Name[..Math.Max(0, pair.Name.LastIndexOf('/'))], Name: pair.Name[(pair.Name.LastIndexOf('/') + 1)..], pair.Value))
            .ToLookup(row => row.Service, StringComparer.Ordinal);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in main.Select(Pair))
            parameters[name] = value;
        return new PostfixSetup
        {
            Parameters = parameters,
            Services =
            [
                .. services.Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length >= 8).Select(words =>
                    new PostfixService($"{words[0]}/{words[1]}", words[7], Overrides(own[$"{words[0]}/{words[1]}"], parameters))),
            ],
        };
    }

    private static string[] Lines(string? output) => output?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Dictionary<string, string> Overrides(IEnumerable<(string Service, string Name, string Value)> rows, Dictionary<string, string> main)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, name, value) in rows)
            values[name] = value is ['$', .. var other] && main.TryGetValue(other.Trim('{', '}', '(', ')'), out var named) ? named : value;
        return values;
    }

    private static (string Name, string Value) Pair(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (line.Trim(), "") : (line[..equals].Trim(), line[(equals + 1)..].Trim());
    }

    // Only tables that are kept as a text can be looked into; directories and databases answer single questions only.
    private static List<PostfixTable> Tables(string maps, bool isAlias)
    {
        var tables = new List<PostfixTable>();
        foreach (var map in PostfixSetup.Words(maps))
        {
            var colon = map.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || map[..colon] is not ("hash" or "btree" or "lmdb" or "cdb" or "dbm" or "texthash") || !File.Exists(map[(colon + 1)..]))
                continue;
            try
            {
                tables.Add(new PostfixTable(map[(colon + 1)..], Rows(File.ReadLines(map[(colon + 1)..]), isAlias)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // What may not be read is not judged.
            }
        }

        return tables;
    }

    /// <summary>The rows of a table's text: <c>key: value</c> of aliases(5), <c>key value</c> of others; a line that begins with a blank goes on.</summary>
    internal static IReadOnlyList<(string Key, string Value)> Rows(IEnumerable<string> lines, bool isAlias)
    {
        var rows = new List<(string Key, string Value)>();
        foreach (var line in lines.Take(MostRows))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] is ' ' or '\t')
            {
                if (rows.Count > 0)
                    rows[^1] = (rows[^1].Key, rows[^1].Value + " " + line.Trim());
                continue;
            }

            var end = isAlias ? line.IndexOf(':', StringComparison.Ordinal) : line.AsSpan().IndexOfAny(' ', '\t');
            if (end > 0)
                rows.Add((line[..end].Trim().Trim('"'), line[(end + 1)..].Trim()));
        }

        return rows;
    }
}
