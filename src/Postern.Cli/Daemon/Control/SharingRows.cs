using Postern.Cli.Sharing;

namespace Postern.Cli.Daemon.Control;

/// <summary>Sharing as parts of replies.</summary>
internal static class SharingRows
{
    /// <summary>Sharing in <c>status</c>: the other hosts are those that gave a sign of life of late.</summary>
    public static SharingStatus Status(SharingFigures figures, DateTimeOffset now) =>
        new(figures.State, figures.Host, [.. figures.Others(now).Select(static host => host.Name)])
        {
            Waiting = figures.Waiting,
            Trouble = figures.Trouble,
            DuplicateName = figures.HasNamesake,
        };

    /// <summary>The reply of <c>hosts</c>, in this machine's time.</summary>
    public static HostsReply Hosts(SharingFigures figures) => new()
    {
        State = figures.State,
        Host = figures.Host,
        Hosts = [.. figures.Hosts.Select(static host => new HostRow(host.Name, host.Seen.ToLocalTime(), host.Bans, host.LagMs, host.Version))],
    };
}
