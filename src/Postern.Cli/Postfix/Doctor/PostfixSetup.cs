namespace Postern.Cli.Postfix.Doctor;

/// <summary>A service of master.cf.</summary>
/// <param name="Name">Its name and type as <c>postconf -P</c> has them: <c>smtp/inet</c>.</param>
/// <param name="Program">The program that it runs.</param>
/// <param name="Overrides">Its own <c>-o</c> parameters.</param>
internal sealed record PostfixService(string Name, string Program, IReadOnlyDictionary<string, string> Overrides);

/// <summary>How a Postfix is set, as it tells of itself.</summary>
internal sealed record PostfixSetup
{
    /// <summary>Every parameter of main.cf, defaults included, with its names replaced by their values.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The services of master.cf.</summary>
    public required IReadOnlyList<PostfixService> Services { get; init; }

    /// <summary>The tables that say where mail goes, and who there is.</summary>
    public IReadOnlyList<PostfixTable> Tables { get; init; } = [];

    /// <summary>The users' files of forwards.</summary>
    public IReadOnlyList<ForwardFile> Forwards { get; init; } = [];

    /// <summary>The domains that this server takes mail for, those that stand in tables included.</summary>
    public IReadOnlySet<string> Domains { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tables of a parameter.</summary>
    public IEnumerable<PostfixTable> TablesOf(params string[] parameters) => Tables.Where(table => parameters.Contains(table.Parameter, StringComparer.Ordinal));

    /// <summary>The servers that strangers' mail comes to: smtpd on the net, but for those whose clients log in.</summary>
    public IEnumerable<PostfixService> Public => Services.Where(service =>
        service.Program is "smtpd" && (service.Name.EndsWith("/inet", StringComparison.Ordinal) || service.Name.EndsWith("/pass", StringComparison.Ordinal))
        && !IsSubmission(service) && !service.Name.StartsWith("127.", StringComparison.Ordinal) && !service.Name.StartsWith("localhost", StringComparison.Ordinal));

    /// <summary>The value of main.cf; empty where there is none.</summary>
    public string Main(string name) => Parameters.GetValueOrDefault(name, "");

    /// <summary>True where this version knows the parameter.</summary>
    public bool Knows(string name) => Parameters.ContainsKey(name);

    /// <summary>The values that the public servers see, each once.</summary>
    public IEnumerable<string> Seen(string name)
    {
        var seen = Public.Select(service => service.Overrides.GetValueOrDefault(name) ?? Main(name)).Distinct(StringComparer.Ordinal).ToArray();
        return seen.Length > 0 ? seen : [Main(name)];
    }

    /// <summary>True where a list of restrictions or domains has this word in any public server.</summary>
    public bool HasWord(string name, params string[] words) => Seen(name).Any(value => Words(value).Any(word => words.Contains(word, StringComparer.OrdinalIgnoreCase)));

    /// <summary>True where a public server has it switched on.</summary>
    public bool IsYes(string name) => Seen(name).Any(value => value.Equals("yes", StringComparison.OrdinalIgnoreCase));

    /// <summary>The domain of an address that a table or a forward names; null where it is no address.</summary>
    public static string? DomainOf(string target)
    {
        var at = target.LastIndexOf('@');
        return at > 0 && target[0] is not ('|' or '/' or ':' or '"' or '\\') && target[(at + 1)..].TrimEnd('.', '>', ',') is { Length: > 0 } domain ? domain : null;
    }

    /// <summary>The words of a list.</summary>
    public static string[] Words(string value) => value.Split((char[])[' ', ',', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSubmission(PostfixService service) =>
        service.Name.StartsWith("submission", StringComparison.Ordinal) || service.Name.StartsWith("smtps", StringComparison.Ordinal)
        || service.Name.StartsWith("587/", StringComparison.Ordinal) || service.Name.StartsWith("465/", StringComparison.Ordinal)
        || service.Overrides.GetValueOrDefault("smtpd_tls_wrappermode") is "yes" || service.Overrides.GetValueOrDefault("smtpd_tls_security_level") is "encrypt";
}
