using System.Globalization;
using System.Text;
using Postern.Checks.Dns;
using Postern.Facts;

namespace Postern.Tests.Checks.Spf;

/// <summary>
/// The DNS of one scenario, with the customs of the openspf format: TXT records are made of SPF ones unless the name has TXT
/// records of its own, <c>TXT: NONE</c> being one; a bare TIMEOUT times out every type that has no record before it; a bare
/// SERVFAIL fails all; types that nobody asks for only make the name exist; names below <c>error.</c> that the zone lacks time out.
/// </summary>
internal sealed class SuiteZone : IResolver
{
    private const int LongestChain = 10;
    private readonly Dictionary<string, List<(string Type, YamlTree Value)>> _names = new(StringComparer.OrdinalIgnoreCase);

    public SuiteZone(YamlTree zonedata)
    {
        foreach (var (name, records) in zonedata.Pairs ?? [])
        {
            var list = new List<(string Type, YamlTree Value)>();
            foreach (var record in records.AsList())
            {
                if (record.Pairs is null)
                {
                    list.Add((record.Text.ToUpperInvariant(), YamlTree.Missing));
                }

                list.AddRange((record.Pairs ?? []).Select(pair => (pair.Key.ToUpperInvariant(), pair.Value)));
            }

            if (!list.Any(record => record.Type is "TXT"))
            {
                list.AddRange([.. list.Where(record => record.Type is "SPF").Select(record => ("TXT", record.Value))]);
            }

            list.RemoveAll(record => record.Value.Scalar is "NONE");
            _names[name.TrimEnd('.')] = list;
        }
    }

    /// <summary>Every record before the mark of a time-out, as the format has it.</summary>
    public IEnumerable<(string Name, string Type, YamlTree Value)> Records =>
        _names.SelectMany(name => name.Value.TakeWhile(record => record.Type is not ("TIMEOUT" or "SERVFAIL") && record.Value.Scalar is not "TIMEOUT").Select(record => (name.Key, record.Type, record.Value)));

    /// <summary>The names that do not answer for every type, or for none.</summary>
    public IEnumerable<string> Silent =>
        _names.Where(name => name.Value.Any(record => record.Type is "TIMEOUT" or "SERVFAIL" || record.Value.Scalar is "TIMEOUT")).Select(name => name.Key);

    public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellationToken) =>
        new(Answer(question.Name, question.Type.ToString().ToUpperInvariant(), LongestChain));

    private DnsAnswer Answer(string name, string type, int chain)
    {
        if (!_names.TryGetValue(name, out var records))
        {
            var status = name.StartsWith("error.", StringComparison.OrdinalIgnoreCase) ? DnsStatus.Timeout : DnsStatus.NxDomain;
            return DnsAnswer.Without(status);
        }

        var found = new List<YamlTree>();
        string? alias = null;
        foreach (var (recordType, value) in records)
        {
            if (recordType is "SERVFAIL" && value == YamlTree.Missing)
            {
                return DnsAnswer.Without(DnsStatus.ServerFailure);
            }

            var isAsked = string.Equals(recordType, type, StringComparison.Ordinal);
            if (recordType is "TIMEOUT" || (isAsked && value.Scalar is "TIMEOUT"))
            {
                if (found.Count == 0)
                {
                    return DnsAnswer.Without(DnsStatus.Timeout);
                }

                break;
            }

            alias = recordType is "CNAME" ? value.Text.TrimEnd('.') : alias;
            if (isAsked && value != YamlTree.Missing)
            {
                found.Add(value);
            }
        }

        // A loop of aliases, too, is a name without records.
        return found.Count > 0 ? Of(type, found)
            : alias is null || chain == 0 ? DnsAnswer.Without(DnsStatus.NoData)
            : Answer(alias, type, chain - 1);
    }

    private static DnsAnswer Of(string type, List<YamlTree> values)
    {
        var answer = new DnsAnswer { Status = DnsStatus.Answer };
        return type switch
        {
            "TXT" => answer with { Texts = [.. values.Where(value => value.AsList().Any()).Select(Text)] },
            "MX" => answer with { Exchangers = [.. values.Select(Exchanger).OrderBy(exchanger => exchanger.Preference)] },
            "PTR" => answer with { Names = [.. values.SelectMany(value => value.AsList()).Select(value => value.Text.TrimEnd('.'))] },
            _ => answer with { Addresses = [.. values.SelectMany(value => value.AsList()).Select(Address)] },
        };
    }

    /// <summary>The strings joined, each octet a character: what does not fit in Latin-1 was meant as UTF-8.</summary>
    public static string Text(YamlTree value)
    {
        var joined = string.Concat(value.AsList().Select(part => part.Text));
        return joined.All(c => c <= '\xff') ? joined : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(joined));
    }

    public static MailExchanger Exchanger(YamlTree value)
    {
        var parts = value.Items is { } items
            ? items.Select(item => item.Text).ToArray()
            : value.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbered = parts.Length > 0 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out _);
        var name = parts.Length > (numbered ? 1 : 0) ? parts[^1].TrimEnd('.') : "";
        return new MailExchanger(numbered ? int.Parse(parts[0], CultureInfo.InvariantCulture) : 0, name);
    }

    private static ClientAddress Address(YamlTree value) =>
        ClientAddress.TryParse(value.Text, out var address)
            ? address
            : throw new InvalidDataException($"'{value.Text}' is no address");
}
