namespace Postern.Checks.Dns;

/// <summary>
/// Where the public part of a domain name ends, by the algorithm of publicsuffix.org. The list is read from Debian's package
/// <c>publicsuffix</c>; without that file a short list of common suffixes of two labels is used, beside the rule that every
/// top-level domain is a suffix.
/// </summary>
public sealed class PublicSuffixes
{
    private const string DebianPath = "/usr/share/publicsuffix/public_suffix_list.dat";

    private const string BuiltIn = """
        co.uk org.uk ac.uk gov.uk me.uk net.uk ltd.uk plc.uk sch.uk nhs.uk co.jp or.jp ne.jp ac.jp ad.jp ed.jp go.jp gr.jp lg.jp
        com.au net.au org.au edu.au gov.au id.au co.nz net.nz org.nz ac.nz govt.nz com.br net.br org.br gov.br com.cn net.cn
        org.cn gov.cn edu.cn ac.cn com.tw net.tw org.tw edu.tw gov.tw com.hk net.hk org.hk com.sg edu.sg gov.sg co.kr or.kr
        ne.kr re.kr go.kr ac.kr co.in net.in org.in gov.in ac.in co.za org.za gov.za ac.za com.tr net.tr org.tr gov.tr com.mx
        org.mx gob.mx com.ar net.ar org.ar gob.ar com.pl net.pl org.pl edu.pl gov.pl com.ua net.ua org.ua gov.ua co.il org.il
        ac.il gov.il co.id or.id ac.id go.id co.th or.th ac.th go.th com.my net.my org.my gov.my com.vn net.vn org.vn com.ph
        com.pk com.bd com.eg com.sa com.co com.pe com.ve com.ec com.uy gv.at ac.at co.at or.at asso.fr gouv.fr com.fr com.pt
        gov.pt com.gr gov.gr gov.it edu.it com.ru msk.ru spb.ru com.es org.es gob.es co.hu com.ro
        """;

    private static readonly System.Globalization.IdnMapping s_idn = new();

    private readonly HashSet<string> _rules;
    private readonly HashSet<string> _wildcards;
    private readonly HashSet<string> _exceptions;

    private PublicSuffixes(HashSet<string> rules, HashSet<string> wildcards, HashSet<string> exceptions)
    {
        _rules = rules;
        _wildcards = wildcards;
        _exceptions = exceptions;
    }

    /// <summary>Reads Debian's file, or falls back to the short list where it is missing or cannot be read.</summary>
    public static PublicSuffixes Load(string path = DebianPath)
    {
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Parse(BuiltIn.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>Reads the lines of a list in the format of publicsuffix.org.</summary>
    public static PublicSuffixes Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        HashSet<string> rules = new(10_000, StringComparer.Ordinal), wildcards = new(StringComparer.Ordinal), exceptions = new(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var end = line.AsSpan().IndexOfAny(' ', '\t');
            var rule = (end < 0 ? line : line[..end]).ToLowerInvariant();
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (rule[0] == '!')
                exceptions.Add(rule[1..]);
            else if (rule.StartsWith("*.", StringComparison.Ordinal))
                wildcards.Add(rule[2..]);
            else
                rules.Add(rule);
        }

        return new(rules, wildcards, exceptions);
    }

    /// <summary>
    /// The domain that its owner registered: the public suffix and one label more, lower case, without a final dot.
    /// Null where the name is itself a public suffix, a single label, an address, or no name.
    /// </summary>
    public string? RegisteredDomain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var domain = (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
        if (domain.Length == 0 || domain[0] is '.' or '[' || domain.Contains("..", StringComparison.Ordinal) || domain.Contains(':', StringComparison.Ordinal)
            || Facts.ClientAddress.TryParse(domain, out _))
            return null;

        // The list has internationalised suffixes in Unicode, the DNS has them in their ASCII form (RFC 5891). Turning round the
        // name that is asked for costs less than turning round a thousand rules that nobody asks for.
        var shown = domain.Contains("xn--", StringComparison.Ordinal) ? InUnicode(domain) : domain;

        // From the whole name towards its last label: the first rule found is the longest.
        var registered = -1;
        for (int start = 0, at = 0; ;)
        {
            var candidate = shown[at..];
            var dot = domain.IndexOf('.', start);
            var next = shown.IndexOf('.', at) + 1;
            if (_exceptions.Contains(candidate))
                return domain[start..];
            if (_rules.Contains(candidate) || dot < 0 || _wildcards.Contains(shown[next..]))
                return registered < 0 ? null : domain[registered..];
            registered = start;
            (start, at) = (dot + 1, next);
        }
    }

    /// <summary>True where nobody can own the name: a top-level domain or a suffix of the list.</summary>
    public bool IsPublicSuffix(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RegisteredDomain(name) is null && RegisteredDomain("x." + name) is not null;
    }

    /// <summary>Label by label: one that is no name in Unicode (it matches no rule) must not hide the others.</summary>
    private static string InUnicode(string domain) => string.Join('.', domain.Split('.').Select(static label =>
    {
        try
        {
            return label.StartsWith("xn--", StringComparison.Ordinal) && s_idn.GetUnicode(label) is var shown && !shown.Contains('.') ? shown : label;
        }
        catch (ArgumentException)
        {
            return label;
        }
    }));
}
