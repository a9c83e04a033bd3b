namespace Postern.Cli.Postfix.Doctor;

/// <summary>Asks Postfix how it is set; changes nothing.</summary>
internal static class PostfixReader
{
    private static readonly string[] s_domains = ["mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks.</summary>
    /// <returns>How it is set, or why that cannot be known, in one line.</returns>
    public static async Task<(PostfixSetup? Setup, string? Failure)> ReadAsync(CancellationToken stop)
    {
        var (main, failure) = await Postconf.AskAsync(s_patience, stop, "-x");
        if (main is null)
        {
            return (null, failure);
        }

        var (services, _) = await Postconf.AskAsync(s_patience, stop, "-M");
        var (overrides, _) = await Postconf.AskAsync(s_patience, stop, "-P");
        var (path, _) = await Postconf.AskAsync(s_patience, stop, "-h", "forward_path");
        return (await LookAsync(Parse(Lines(main), Lines(services), Lines(overrides)), path?.Trim() ?? "", stop), null);
    }

    private static async Task<PostfixSetup> LookAsync(PostfixSetup setup, string forwardPath, CancellationToken stop)
    {
        var reader = new TableReader(stop);
        var domains = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var relayed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in s_domains)
        {
            foreach (var domain in await DomainsAsync(setup.Main(parameter), reader))
            {
                domains.Add(domain);
                if (parameter is "relay_domains")
                {
                    relayed.Add(domain);
                }
            }
        }

        List<PostfixTable> tables = [.. await reader.ReadAsync("alias_maps", setup.Main("alias_maps"), [])];
        foreach (var parameter in (string[])["virtual_alias_maps", "recipient_canonical_maps", "canonical_maps"])
        {
            tables.AddRange(await reader.ReadAsync(parameter, setup.Main(parameter), domains));
        }

        if (relayed.Count > 0)
        {
            tables.AddRange(await reader.ReadAsync("relay_recipient_maps", setup.Main("relay_recipient_maps"), relayed, asksAll: true));
        }
        // What stands for alias_maps there was looked into already.
        var local = setup.Seen("local_recipient_maps").SelectMany(PostfixMap.Of).Except(PostfixMap.Of(setup.Main("alias_maps"))).Select(map => map.Text);
        tables.AddRange(await reader.ReadAsync("local_recipient_maps", string.Join(' ', local.Distinct(StringComparer.Ordinal)), [], asksAll: true));
        var isLocal = setup.Main("mydestination").Length > 0 && setup.Main("local_transport").StartsWith("local", StringComparison.Ordinal);
        var forwards = isLocal ? ForwardReader.Read(forwardPath, Accounts()) : [];
        var targets = tables.SelectMany(table => table.Rows).SelectMany(row => PostfixSetup.Words(row.Value)).Concat(forwards.SelectMany(forward => forward.Targets).Select(target => target.Target));
        var unlisted = s_domains.SelectMany(parameter => PostfixMap.Of(setup.Main(parameter))).Where(map => !map.CanBeListed).Distinct();
        foreach (var domain in await reader.AnsweredAsync(unlisted, targets.Select(PostfixSetup.DomainOf).OfType<string>().Except(domains, StringComparer.OrdinalIgnoreCase)))
        {
            domains.Add(domain);
        }

        return setup with { Tables = tables, Domains = domains, Forwards = forwards };
    }

    // Of a table its keys that could be a domain; a path stands for the words of its file.
    private static async Task<IReadOnlyList<string>> DomainsAsync(string value, TableReader reader)
    {
        List<string> domains = [.. PostfixMap.Split(value).Where(word => !word.Contains(':', StringComparison.Ordinal) && word[0] is not ('/' or '!' or '.'))];
        foreach (var file in PostfixMap.Split(value).Where(word => word[0] == '/'))
        {
            domains.AddRange(TextLines(file).Where(line => line.Length > 0 && line[0] != '#').SelectMany(PostfixMap.Split));
        }

        foreach (var map in PostfixMap.Of(value).Where(map => map.CanBeListed))
        {
            domains.AddRange((await reader.ListAsync(map)).Select(row => row.Key).Where(key => !key.Contains('@', StringComparison.Ordinal) && key.Contains('.', StringComparison.Ordinal)));
        }

        return domains;
    }

    private static string[] Accounts() => TextLines("/etc/passwd");

    // What may not be read is not judged.
    private static string[] TextLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Reads the words of <c>postconf -x</c>, <c>-M</c> and <c>-P</c>.</summary>
    internal static PostfixSetup Parse(IEnumerable<string> main, IEnumerable<string> services, IEnumerable<string> overrides)
    {
        var own = overrides.Select(Pair).Select(pair => (Service: pair.Name[..Math.Max(0, pair.Name.LastIndexOf('/'))], Name: pair.Name[(pair.Name.LastIndexOf('/') + 1)..], pair.Value))
            .ToLookup(row => row.Service, StringComparer.Ordinal);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in main.Select(Pair))
        {
            parameters[name] = value;
        }

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
        {
            values[name] = value is ['$', .. var other] && main.TryGetValue(other.Trim('{', '}', '(', ')'), out var named) ? named : value;
        }

        return values;
    }

    private static (string Name, string Value) Pair(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (line.Trim(), "") : (line[..equals].Trim(), line[(equals + 1)..].Trim());
    }
}
