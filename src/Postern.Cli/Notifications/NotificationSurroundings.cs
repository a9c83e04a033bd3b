using Postern.Cli.Notifications.AbuseReports;
using Postern.Cli.Notifications.Telling;
using Postern.Facts;

namespace Postern.Cli.Notifications;

/// <summary>What notifications need of the run around them.</summary>
internal sealed record NotificationSurroundings
{
    /// <summary>True where nobody is kept out.</summary>
    public required bool IsDryRun { get; init; }

    /// <summary>Told in one line what cannot be told; what, and null for why once it can be again.</summary>
    public required Action<string, string?> Say { get; init; }

    /// <summary>Active bans and problems now.</summary>
    public required Func<(int ActiveBans, IReadOnlyList<string> Problems)> State { get; init; }

    /// <summary>How many lines each followed log has given.</summary>
    public required Func<CancellationToken, Task<IReadOnlyList<(string Source, long Lines)>>> Progress { get; init; }

    /// <summary>What is known of a banned client's sessions.</summary>
    public required Func<Happening, ReportedAbuse?> Evidence { get; init; }

    /// <summary>Owns the tasks.</summary>
    public required PartStarter Start { get; init; }

    /// <summary>This host's name.</summary>
    public string Host { get; init; } = Environment.MachineName;

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
