using System.Net;
using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Words;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Cli.Setup;

/// <summary>Looks at a host; changes nothing.</summary>
/// <param name="paths">Where things are.</param>
/// <param name="clock">The clock, for the age of a log.</param>
internal sealed class HostSurveyor(HostPaths paths, TimeProvider clock)
{
    private const string LocalResolver = "127.0.0.1:53";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // As the doctor has it: a log that nobody wrote to for so long is none.
    private static readonly TimeSpan s_stale = TimeSpan.FromDays(2);

    /// <summary>Looks.</summary>
    /// <param name="options">How Postern is set.</param>
    /// <param name="isOffline">True to ask no DNS.</param>
    /// <param name="stop">The end of the program.</param>
    /// <returns>What was found, or why nothing is known of Postfix.</returns>
    public async Task<(HostSurvey? Survey, string? Failure)> LookAsync(PosternOptions options, bool isOffline, CancellationToken stop)
    {
        var (postfix, failure) = await PostfixReader.ReadAsync(stop);
        if (postfix is null)
        {
            return (null, failure);
        }

        var (main, _) = await Postconf.AskAsync(s_patience, stop, "-n");
        var accounts = TextFiles.Lines(paths.Users);
        var notices = NoticeMailbox.Find(postfix, accounts);
        return (new HostSurvey
        {
            Postfix = postfix,
            MainCf = Pairs(main),
            Log = FindLog(postfix),
            Notices = notices,
            CanReadNotices = notices.End == NoticeEnd.Mailbox && Exists(notices.Place) && new ServiceReader(paths).MayRead(notices.Place),
            Own = [.. OwnAddresses.Find().Select(static address => address.ToString()).Order(StringComparer.Ordinal)],
            MyNetworks = PostfixSetup.Words(postfix.Main("mynetworks")),
            Fail2Ban = OtherFail2Ban.Find(options.Fail2Ban ?? OtherFail2Ban.UsualFolder),
            Firewalls = [.. Firewalls()],
            Resolver = await LookAtResolverAsync(options, isOffline, stop),
        }, null);
    }

    /// <summary>Where Postfix logs: where it says so itself, else the log that is in use, else the journal.</summary>
    internal LogSource? FindLog(PostfixSetup postfix)
    {
        if (postfix.Main("maillog_file") is { Length: > 0 } own && own.StartsWith('/'))
        {
            return new LogSource(LogSourceKind.File, own);
        }

        var logs = paths.Logs.Where(File.Exists).ToList();
        if (logs.Find(log => clock.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(log), TimeSpan.Zero) < s_stale && new FileInfo(log).Length > 0) is { } used)
        {
            return new LogSource(LogSourceKind.File, used);
        }

        return Directory.Exists(paths.Systemd) ? new LogSource(LogSourceKind.Journal, null)
            : logs.Count > 0 ? new LogSource(LogSourceKind.File, logs[0])
            : null;
    }

    /// <summary>Programs that manage the firewall here.</summary>
    internal IEnumerable<string> Firewalls()
    {
        if (Directory.Exists(paths.Units) && Directory.EnumerateFileSystemEntries(paths.Units, "invocation:firewalld.service").Any())
        {
            yield return "firewalld";
        }

        if (TextFiles.Lines(paths.Ufw).Any(static line => line.Replace(" ", "", StringComparison.Ordinal).Equals("ENABLED=yes", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "ufw";
        }
    }

    /// <summary>The resolvers of the system, and where they are.</summary>
    internal (ResolverKind Kind, IReadOnlyList<IPAddress> Servers) Resolvers()
    {
        var servers = TextFiles.Lines(paths.Resolvers).Select(static line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words.Length >= 2 && words[0] is "nameserver").Select(static words => IPAddress.TryParse(words[1], out var address) ? address : null).OfType<IPAddress>().ToList();
        return (servers.Count == 0 ? ResolverKind.None : servers.Max(Kind), servers);
    }

    private async Task<ResolverSurvey> LookAtResolverAsync(PosternOptions options, bool isOffline, CancellationToken stop)
    {
        var (kind, servers) = Resolvers();
        if (options.Checks.Dns.Servers.Count > 0)
        {
            (servers, kind) = ([.. options.Checks.Dns.Servers.Select(static server => server.Address)], options.Checks.Dns.Servers.Max(static server => Kind(server.Address)));
        }

        var zone = options.Checks.Dnsbl.Zones.FirstOrDefault(static one => one.Subject == DnsblSubject.Address)?.Zone;
        if (isOffline || zone is null)
        {
            return new ResolverSurvey(kind, servers, null, null, null);
        }

        var (problem, detail) = await AskAsync(zone, options.Checks.Dns, stop);
        var survey = new ResolverSurvey(kind, servers, zone, problem, detail);
        if (problem is null || options.Checks.Dns.Servers.Count > 0 || servers is [var only] && IPAddress.Loopback.Equals(only))
        {
            return survey;
        }

        var local = options.Checks.Dns with { Servers = [IPEndPoint.Parse(LocalResolver)] };
        return (await AskAsync(zone, local, stop)).Problem is null ? survey with { Better = LocalResolver } : survey;
    }

    private static async Task<(DnsListProblem? Problem, string? Detail)> AskAsync(string zone, DnsOptions dns, CancellationToken stop) =>
        await SourceRules.ProblemAsync(zone, new CachingResolver(new DnsClientResolver(dns), dns, TimeProvider.System), stop);

    private static ResolverKind Kind(IPAddress address) => IPAddress.IsLoopback(address) ? ResolverKind.Local
        : PrivateNetworks.Contains(ClientAddress.From(address)) ? ResolverKind.Private
        : ResolverKind.Public;

    private static bool Exists(string path) => File.Exists(path) || (Directory.Exists(Path.Combine(path, "cur")) && Directory.Exists(Path.Combine(path, "new")));

    private static Dictionary<string, string> Pairs(string? lines)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (lines ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2, StringSplitOptions.TrimEntries)).Where(static pair => pair.Length == 2))
        {
            pairs[pair[0]] = pair[1];
        }

        return pairs;
    }
}
