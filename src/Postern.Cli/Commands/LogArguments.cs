using System.CommandLine;
using System.Net;
using Postern.Cli.Configuration;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Commands;

/// <summary>The options that <c>explain</c> and <c>replay</c> share: which part of the logs counts, and whether the DNS is asked.</summary>
internal sealed class LogArguments
{
    private readonly Option<string?> _since = new("--since") { HelpName = "T" };
    private readonly Option<string?> _until = new("--until") { HelpName = "T" };
    private readonly Option<int?> _year = new("--year") { HelpName = "Y" };
    private readonly Option<string?> _resolver = new("--resolver") { HelpName = "ADDR[:PORT]" };
    private readonly Option<bool> _offline = new("--offline");

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> Options => [_resolver, _offline, _since, _until, _year];

    /// <summary>Reads them; null after the first mistake was told.</summary>
    public LogScope? Read(ParseResult parsed, TimeProvider time, IErrorWords words)
    {
        if (!TimeArgument.TryParse(parsed.GetValue(_since), time, out var since) || !TimeArgument.TryParse(parsed.GetValue(_until), time, out var until))
        {
            return Complain(words.BadTime);
        }

        if (parsed.GetValue(_year) is < 1980 or > 9000)
        {
            return Complain(words.BadYear);
        }

        if (!ResolverArgument.TryParse(parsed.GetValue(_resolver), out var servers))
        {
            return Complain(words.BadResolver(parsed.GetValue(_resolver)));
        }

        return servers.Count > 0 && parsed.GetValue(_offline)
            ? Complain(words.ResolverAndOffline)
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
