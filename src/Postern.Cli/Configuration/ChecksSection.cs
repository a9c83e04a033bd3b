using Postern.Checks.Dnsbl;
using Postern.Checks.ReverseDns;
using Postern.Checks.Sender;

namespace Postern.Cli.Configuration;

/// <summary>The keys of <c>[checks]</c> and <c>[dns]</c>.</summary>
internal static class ChecksSection
{
    private static readonly DnsblZone[] s_known = [DnsblZone.Zen, DnsblZone.Dbl, DnsblZone.Dnswl];

    private static readonly Section<DnsblZone> s_zone = new(
    [
        new("zone", "the list's domain, such as \"zen.spamhaus.org\"", static (zone, value) =>
            value.TryText(out var name) && IsDomain(name, value) ? Known(name) ?? zone with { Zone = name } : zone),
        new("subject", "\"address\" or \"domain\"", static (zone, value) =>
            value.TryWord(["address", "domain"], out var word) ? zone with { Subject = word is "domain" ? DnsblSubject.Domain : DnsblSubject.Address } : zone),
        new("weight", "a number from 0 to 10", static (zone, value) =>
            value.TryNumber(0, 10, out var number) ? zone with { Weight = number } : zone),
        new("codes", "a list of tables { code, name, points }", ReadCodes, Inner: CodeKeys()),
    ]);

    /// <summary>The keys of <c>[dns]</c>.</summary>
    public static Section<Checks.Dns.DnsOptions> Dns { get; } = new(
    [
        new("resolver", "an address with or without a port, or a list of them", static (dns, value) =>
        {
            if (!value.TryTexts(orSingle: true, out var texts)) { return dns; } var servers = new List<System.Net.IPEndPoint>();
            foreach (var text in texts)
            {
                if (ResolverArgument.TryParse(text, out var read)) { servers.AddRange(read); } else { value.Complain($"'{text}' is no address of a resolver", "write 127.0.0.1:53 or [::1]:53"); } }

            return dns with { Servers = servers };
        }),
        new("timeout", "a span from 0.1s to 10s", static (dns, value) =>
            value.TryDuration(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(10), out var span) ? dns with { QueryTimeout = span } : dns),
        new("retries", "a whole number from 0 to 3", static (dns, value) =>
            value.TryWhole(0, 3, out var number) ? dns with { Retries = number } : dns),
        new("deadline", "a span from 0.5s to 30s", static (dns, value) =>
            value.TryDuration(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), out var span) ? dns with { CheckDeadline = span } : dns),
    ]);

    /// <summary>The keys of <c>[checks]</c>, over the whole options because points are beside the checks.</summary>
    public static Section<PosternOptions> Keys { get; } = new(
    [
        new("points", "a table of findings such as \"spf-mailfrom.fail\" and numbers from -20 to 20", PointsTable.Read),
        new("dnsbl", "a list of DNS lists, [[checks.dnsbl]]; [] for none", ReadZones, s_zone),
        new("trusted_sealers", "a list of domains", static (options, value) =>
            value.TryTexts(orSingle: false, out var names) && names.All(name => IsDomain(name, value))
                ? Over(options, checks => checks with { Arc = checks.Arc with { TrustedSealers = names } }) : options),
        new("provider_names", "a list of rows such as \"access dyn.isp.example\"", static (options, value) =>
            value.TryTexts(orSingle: false, out var rows) && rows.All(row => IsProviderRow(row, value))
                ? Over(options, checks => checks with { ReverseDns = checks.ReverseDns with { ProviderNames = rows } }) : options),
        new("own_names", "a list of names of this server", static (options, value) =>
            value.TryTexts(orSingle: false, out var names) && names.All(name => IsDomain(name, value))
                ? Over(options, checks => checks with { Helo = checks.Helo with { OwnNames = names } }) : options),
    ]);

    private static PosternOptions Over(PosternOptions options, Func<SenderCheckOptions, SenderCheckOptions> change) => options with { Checks = change(options.Checks) };

    private static PosternOptions ReadZones(PosternOptions options, Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return options;
        }

        var zones = new List<DnsblZone>();
        foreach (var item in items)
        {
            if (!item.TryTable(out var table))
            {
                continue;
            }

            var zone = s_zone.Read(item, new DnsblZone("", DnsblSubject.Address, []));
            if (!table.Entries.ContainsKey("zone"))
            {
                item.Complain("names no zone", "add zone = \"…\"");
            }
            else if (zone.Zone.Length > 0 && zone.Codes.Count == 0 && !table.Entries.ContainsKey("codes"))
            {
                item.Complain($"what the answers of {zone.Zone} mean is not known here", "add codes = [{ code = \"127.0.0.2\", name = \"listed\", points = -3 }]");
            }
            else if (zones.Exists(other => string.Equals(other.Zone, zone.Zone, StringComparison.OrdinalIgnoreCase)))
            {
                item.Complain($"{zone.Zone} stands twice", "leave one of them");
            }

            zones.Add(zone);
        }

        return Over(options, checks => checks with { Dnsbl = checks.Dnsbl with { Zones = zones } });
    }

    private static DnsblZone? Known(string name) => Array.Find(s_known, zone => string.Equals(zone.Zone, name, StringComparison.OrdinalIgnoreCase));

    private sealed record CodeDraft(string? Code, string? Name, double? Points);

    private static Section<CodeDraft> CodeKeys() => new(
    [
        new("code", "an address, a range or a mask: \"127.0.0.2\", \"127.0.0.4-7\", \"127.0.0.8/255.0.0.8\"", static (draft, value) =>
            value.TryText(out var text) ? draft with { Code = text } : draft),
        new("name", "what the list calls it", static (draft, value) =>
            value.TryText(out var text) ? draft with { Name = text } : draft),
        new("points", "a number from -20 to 20, negative for bad senders", static (draft, value) =>
            value.TryNumber(-20, 20, out var number) ? draft with { Points = number } : draft),
    ]);

    private static DnsblZone ReadCodes(DnsblZone zone, Reading value)
    {
        if (!value.TryItems(orSingle: false, out var items))
        {
            return zone;
        }

        var codes = new List<DnsblCode>();
        foreach (var item in items)
        {
            var draft = CodeKeys().Read(item, new CodeDraft(null, null, null));
            if (draft.Code is not { } pattern || draft.Points is not { } points)
            {
                item.Complain("a code needs code and points");
            }
            else if (DnsblCode.TryParse(pattern, draft.Name ?? pattern, points) is { } code)
            {
                codes.Add(code);
            }
            else
            {
                item.Complain($"'{pattern}' is no code of a DNS list", "write 127.0.0.2, 127.0.0.4-7 or 127.0.0.8/255.0.0.8");
            }
        }

        if (items.Count == 0)
        {
            value.Complain("is empty, so that every answer would be an error");
        }

        return zone with { Codes = codes };
    }

    private static bool IsDomain(string name, Reading value)
    {
        if (AllowEntry.TryParse(name) is { Name: not null })
        {
            return true;
        }

        value.Complain($"'{name}' is no domain");
        return false;
    }

    private static bool IsProviderRow(string row, Reading value)
    {
        if (ProviderNames.TryRead(row) is not null)
        {
            return true;
        }

        value.Complain($"'{row}' is no row of names: write access, rented or mail, and a domain");
        return false;
    }
}
