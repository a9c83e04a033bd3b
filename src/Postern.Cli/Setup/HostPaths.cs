namespace Postern.Cli.Setup;

/// <summary>Where a host keeps what <c>setup</c> looks at.</summary>
internal sealed record HostPaths
{
    /// <summary>The logs that syslog daemons usually write, the first that is in use first.</summary>
    public IReadOnlyList<string> Logs { get; init; } = ["/var/log/mail.log", "/var/log/maillog"];

    /// <summary>Exists where systemd, and so its journal, runs.</summary>
    public string Systemd { get; init; } = "/run/systemd/system";

    /// <summary>The units that run: a link for each.</summary>
    public string Units { get; init; } = "/run/systemd/units";

    /// <summary>ufw's own switch.</summary>
    public string Ufw { get; init; } = "/etc/ufw/ufw.conf";

    /// <summary>The resolvers.</summary>
    public string Resolvers { get; init; } = "/etc/resolv.conf";

    /// <summary>The users (passwd(5)).</summary>
    public string Users { get; init; } = "/etc/passwd";

    /// <summary>The groups (group(5)).</summary>
    public string Groups { get; init; } = "/etc/group";
}
