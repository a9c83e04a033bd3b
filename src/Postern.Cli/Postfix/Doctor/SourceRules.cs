using Postern.Checks.Dns;
using Postern.Checks.Dnsbl;
using Postern.Cli.Configuration;
using Postern.Cli.Words;
using Postern.Facts;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Whether Postern has what it lives on: a log that is written, and a DNS that the lists answer.</summary>
internal static class SourceRules
{
    // Spamhaus: 127.255.255.252, .254 and .255 are errors; no list names a client by that network.
    private static readonly ClientNetwork s_refusals = ClientNetwork.TryParse("127.255.255.0/24", out var network) ? network : default;
    private static readonly TimeSpan s_stale = TimeSpan.FromDays(2);

    /// <summary>What is wrong with the logs.</summary>
    public static IEnumerable<DoctorFinding> Logs(PostfixSetup? postfix, PosternOptions postern, DateTimeOffset now, SettingFix fix, IDoctorWords words)
    {
        var sources = postern.Logs.Count > 0 ? postern.Logs : [LogSource.Default(File.Exists)];
        foreach (var source in sources.Where(source => source.Kind == LogSourceKind.File && !source.IsPattern))
        {
            var written = postfix?.Main("maillog_file") is { Length: > 0 } other && !string.Equals(other, source.Path, StringComparison.Ordinal) ? other : null;
            if (!File.Exists(source.Path))
            {
                yield return new("log-missing", words.LogMissing(source.Path!), fix.Of("[[logs]]", Line(written ?? "/var/log/mail.log")));
            }
            else if (now - new DateTimeOffset(File.GetLastWriteTimeUtc(source.Path!), TimeSpan.Zero) is var age && age > s_stale)
            {
                yield return new("log-stale", words.LogStale(source.Path!, (int)age.TotalDays), fix.Of("[[logs]]", Line(written ?? "/var/log/mail.log")));
            }
        }
    }

    /// <summary>Asks each list's test points (RFC 5782, 5): 127.0.0.2 is always listed, 127.0.0.1 never.</summary>
    public static async Task<IReadOnlyList<DoctorFinding>> ListsAsync(PosternOptions postern, IResolver resolver, SettingFix fix, IDoctorWords words, CancellationToken stop)
    {
        var findings = new List<DoctorFinding>();
        foreach (var zone in postern.Checks.Dnsbl.Zones.Where(zone => zone.Subject == DnsblSubject.Address))
        {
            var (problem, detail) = await ProblemAsync(zone.Zone, resolver, stop);
            if (problem is { } found)
            {
                findings.Add(new("dnsbl-" + zone.Zone, words.DnsList(zone.Zone, found, detail), "apt-get install unbound; " + fix.Of("[dns]", "resolver = \"127.0.0.1:53\"")));
            }
        }

        return findings;
    }

    /// <summary>Why a list of addresses is not usable by this resolver; null where it is.</summary>
    public static async Task<(DnsListProblem? Problem, string? Detail)> ProblemAsync(string zone, IResolver resolver, CancellationToken stop)
    {
        var listed = await resolver.QueryAsync(new DnsQuestion("2.0.0.127." + zone, DnsType.A), stop);
        var free = await resolver.QueryAsync(new DnsQuestion("1.0.0.127." + zone, DnsType.A), stop);
        DnsListProblem? problem = listed.IsTrouble ? DnsListProblem.NoAnswer
            : listed.Addresses.Any(s_refusals.Contains) ? DnsListProblem.Refused
            : listed.Addresses.Count == 0 ? DnsListProblem.NothingListed
            : free.Addresses.Count > 0 ? DnsListProblem.AllListed
            : null;
        return (problem, listed.Problem);
    }

    private static string Line(string path) => $"path = \"{path}\"";
}
