using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Firewalls;
using Postern.Facts;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Jails;
using Postern.Fail2Ban.Lint;

namespace Postern.Cli.Daemon.Sources;

/// <summary>fail2ban's folder as a run uses it.</summary>
/// <param name="Set">Its jails.</param>
/// <param name="Sources">The logs that they read.</param>
/// <param name="Ports">The ports that each jail closes, by its name; none for all.</param>
/// <param name="Complaints">Why other jails do not run: file, line and reason.</param>
internal sealed record Fail2BanFolder(Fail2BanJailSet Set, IReadOnlyList<LogSource> Sources, IReadOnlyDictionary<string, IReadOnlyList<int>> Ports, IReadOnlyList<string> Complaints)
{
    private const string UsualLog = "/var/log/fail2ban.log";

    /// <summary>No jails.</summary>
    public static Fail2BanFolder None { get; } = new(Fail2BanJailSet.Empty, [], new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal), []);

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder; null for no jails.</param>
    /// <param name="resolve">The addresses of a name.</param>
    /// <param name="time">The clock.</param>
    public static Fail2BanFolder Read(string? folder, Func<string, IReadOnlyList<ClientAddress>> resolve, TimeProvider time)
    {
        if (folder is null)
        {
            return None;
        }

        var (read, errors) = Fail2BanJailReader.Read(folder, time.GetLocalNow().Year);
        // A jail of theirs may be called as one of ours is.
        var jails = read.Select(static jail => jail with { Name = Ban.Fail2BanPrefix + jail.Name }).ToList();
        var complaints = errors.Select(error => error.ToString()).ToList();
        var ports = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var jail in jails)
        {
            (ports[jail.Name], var complaint) = ServicePorts.Parse(jail.Ports);
            if (complaint is not null)
            {
                complaints.Add($"{jail.Place}: {complaint} (jail {jail.Name})");
            }
        }

        return new Fail2BanFolder(new Fail2BanJailSet(jails, OwnLogs(folder), resolve), [.. jails.SelectMany(SourcesOf).DistinctBy(SourceSupervisor.NameOf, StringComparer.Ordinal)], ports, complaints);
    }

    /// <summary>The jails whose filters clients can turn against others, with the expression; it takes its time.</summary>
    /// <param name="time">The clock.</param>
    public IEnumerable<(string Jail, string Expression)> Injectable(TimeProvider time)
    {
        var clock = new DateClock(time, time.LocalTimeZone);
        foreach (var jail in Set.Jails)
        {
            if (InjectionRule.Look(new LintSubject(jail.Filter, clock)).FirstOrDefault() is { } warning)
            {
                yield return (jail.Name, warning.Expression);
            }
        }
    }

    private static IEnumerable<LogSource> SourcesOf(Fail2BanJail jail) => jail.ReadsJournal
        ? [new LogSource(LogSourceKind.Journal, null) { Matches = jail.JournalMatches, Name = jail.JournalName }]
        : jail.LogPaths.Select(static path => new LogSource(LogSourceKind.File, path));

    private static string[] OwnLogs(string folder)
    {
        var (file, _) = Fail2Ban.Configuration.Fail2BanFiles.ReadName(Path.Combine(folder, "fail2ban"));
        var target = file is null ? null : new Interpolation(file).Get("Definition", "logtarget", new Dictionary<string, string>(StringComparer.Ordinal)).Value;
        return [.. new[] { UsualLog, target?.Trim() }.OfType<string>().Where(static path => path.StartsWith('/')).Distinct(StringComparer.Ordinal)];
    }
}
