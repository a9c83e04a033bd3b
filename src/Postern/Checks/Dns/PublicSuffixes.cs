using System.Globalization;

namespace Postern.Checks.Dns;

/// <summary>
/// Where the public part of a domain name ends, by the algorithm of publicsuffix.org. A list is part of the program; the one of
/// the system (Debian's package <c>publicsuffix</c>) is used where it is newer.
/// </summary>
public sealed class PublicSuffixes
{
    private const string SystemPath = "/usr/share/publicsuffix/public_suffix_list.dat";
    private const string Shipped = "Postern.public_suffix_list.dat";

    private static readonly IdnMapping s_idn = new();

    private readonly HashSet<string> _rules;
    private readonly HashSet<string> _wildcards;
    private readonly HashSet<string> _exceptions;
    private readonly HashSet<string> _private;

    private PublicSuffixes(HashSet<string> rules, HashSet<string> wildcards, HashSet<string> exceptions, HashSet<string> @private, DateOnly? date)
    {
        _rules = rules;
        _wildcards = wildcards;
        _exceptions = exceptions;
        _private = @private;
        Date = date;
    }

    /// <summary>The day of the list; null for one that does not tell.</summary>
    public DateOnly? Date { get; }

    /// <summary>The list of the system, or the program's own where that is newer, or the other is missing or cannot be read.</summary>
    public static PublicSuffixes Load(string path = SystemPath)
    {
        using var stream = typeof(PublicSuffixes).Assembly.GetManifestResourceStream(Shipped)
            ?? throw new InvalidOperationException($"the resource {Shipped} is missing");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var shipped = DateOf(text) ?? DateOnly.MinValue;
        try
        {
            // Lists before 2024 do not tell their day; packages keep it as the file's.
            var file = new FileInfo(path);
            if (file.Exists && File.ReadAllText(path) is var other && (DateOf(other) ?? DateOnly.FromDateTime(file.LastWriteTimeUtc)) is var date && date > shipped && other.Contains("\ncom\n", StringComparison.Ordinal))
            {
                (text, shipped) = (other, date);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The program's own is there.
        }

        return Parse(text.Split('\n'), shipped);
    }

    /// <summary>Reads the lines of a list in the format of publicsuffix.org.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="date">The day of the list.</param>
    public static PublicSuffixes Parse(IEnumerable<string> lines, DateOnly? date = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        HashSet<string> rules = new(10_000, StringComparer.Ordinal), wildcards = new(StringComparer.Ordinal), exceptions = new(StringComparer.Ordinal), own = new(StringComparer.Ordinal);
        var isPrivate = false;
        foreach (var line in lines)
        {
            var end = line.AsSpan().IndexOfAny(" \t\r");
            var rule = (end < 0 ? line : line[..end]).ToLowerInvariant();
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal))
            {
                isPrivate |= line.Contains("===BEGIN PRIVATE DOMAINS===", StringComparison.Ordinal);
                continue;
            }

            var (set, name) = rule[0] == '!' ? (exceptions, rule[1..])
                : rule.StartsWith("*.", StringComparison.Ordinal) ? (wildcards, rule[2..])
                : (rules, rule);
            set.Add(name);
            if (isPrivate)
            {
                own.Add(name);
            }
        }

        return new(rules, wildcards, exceptions, own, date);
    }

    private static DateOnly? DateOf(string text)
    {
        const string Mark = "// VERSION: ";
        var at = text.AsSpan(0, Math.Min(text.Length, 2000)).IndexOf(Mark);
        return at >= 0 && DateOnly.TryParseExact(text.AsSpan(at + Mark.Length, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
    }

    /// <summary>
    /// The domain that its owner registered: the public suffix and one label more, lower case, without a final dot.
    /// Null where the name is itself a public suffix, a single label, an address, or no name.
    /// </summary>
    public string? RegisteredDomain(string name) => Find(name, withPrivate: true);

    /// <summary>
    /// The same, but only registries are public: a provider under whose name its customers have theirs (linodeusercontent.com) is
    /// one owner. It tells who made a name, where <see cref="RegisteredDomain"/> tells who is answerable for it.
    /// </summary>
    public string? RegistryDomain(string name) => Find(name, withPrivate: false);

    private string? Find(string name, bool withPrivate)
    {
        ArgumentNullException.ThrowIfNull(name);
        var domain = (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
        if (domain.Length == 0 || domain[0] is '.' or '[' || domain.Contains("..", StringComparison.Ordinal) || domain.Contains(':', StringComparison.Ordinal)
            || Facts.ClientAddress.TryParse(domain, out _))
        {
            return null;
        }

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
            {
                return domain[start..];
            }

            if (Holds(_rules, candidate, withPrivate) || dot < 0 || Holds(_wildcards, shown[next..], withPrivate))
            {
                return registered < 0 ? null : domain[registered..];
            }

            registered = start;
            (start, at) = (dot + 1, next);
        }
    }

    private bool Holds(HashSet<string> rules, string name, bool withPrivate) => rules.Contains(name) && (withPrivate || !_private.Contains(name));

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
