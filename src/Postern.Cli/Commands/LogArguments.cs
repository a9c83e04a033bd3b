using System.CommandLine;
using System.Net;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>The options that <c>explain</c> and <c>replay</c> share: which part of the logs counts, and whether the DNS is asked.</summary>
internal sealed class LogArguments
{
    private readonly Option<string?> _since;
    private readonly Option<string?> _until = new("--until") { HelpName = "T" };
    private readonly Option<int?> _year = new("--year") { Description = "The year of each log's first line, where stamps have none", HelpName = "Y" };
    private readonly Option<string?> _resolver;
    private readonly Option<bool> _offline = new("--offline") { Description = "Ask no network; this is the default" };

    /// <summary>The options.</summary>
    /// <param name="since">What <c>--since</c> does.</param>
    /// <param name="until">What <c>--until</c> does.</param>
    /// <param name="resolver">What <c>--resolver</c> does.</param>
    public LogArguments(string since, string until, string resolver)
    {
        _since = new("--since") { Description = since, HelpName = "T" };
        _until.Description = until;
        _resolver = new("--resolver") { Description = resolver, HelpName = "ADDR[:PORT]" };
    }

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> Options => [_resolver, _offline, _since, _until, _year];

    /// <summary>Reads them; null after the first mistake was told.</summary>
    public LogScope? Read(ParseResult parsed, TimeProvider time)
    {
        if (!TimeArgument.TryParse(parsed.GetValue(_since), time, out var since) || !TimeArgument.TryParse(parsed.GetValue(_until), time, out var until))
        {
            return Complain("--since and --until take a time such as 2026-11-25T01:00, or a span before now such as 90m, 24h or 7d");
        }

        if (parsed.GetValue(_year) is < 1980 or > 9000)
        {
            return Complain("--year takes a year of four digits");
        }

        if (!ResolverArgument.TryParse(parsed.GetValue(_resolver), out var servers))
        {
            return Complain(ResolverArgument.Complaint(parsed.GetValue(_resolver)));
        }

        return servers.Count > 0 && parsed.GetValue(_offline)
            ? Complain("--resolver and --offline exclude each other")
            : new LogScope(since, until, parsed.GetValue(_year), servers);
    }

    private static LogScope? Complain(string message)
    {
        PosternCommand.Complain(message);
        return null;
    }
}

/// <summary>Which part of the logs counts, and whom to ask.</summary>
/// <param name="Since">From when on; unknown for no bound.</param>
/// <param name="Until">Up to when; unknown for no bound.</param>
/// <param name="Year">The year of each log's first line; null to infer it.</param>
/// <param name="Servers">The DNS servers; none where the network is not asked.</param>
internal sealed record LogScope(LogTime Since, LogTime Until, int? Year, IReadOnlyList<IPEndPoint> Servers);
