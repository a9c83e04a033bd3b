using System.Net;

namespace Postern.Web.Settings;

/// <summary>How the page is served: what <c>postern web</c> has read from the configuration.</summary>
internal sealed record WebOptions
{
    /// <summary>Where it listens; null for a Unix socket.</summary>
    public IPEndPoint? EndPoint { get; init; } = new(IPAddress.Loopback, 10080);

    /// <summary>The Unix socket's path; null for TCP.</summary>
    public string? UnixPath { get; init; }

    /// <summary>The daemon's control socket.</summary>
    public string Socket { get; init; } = "/run/postern/postern.sock";

    /// <summary>The program <c>postern</c>, for checks and replays; null where these are not offered.</summary>
    public string? Program { get; init; }

    /// <summary>The configuration's file, for checks and replays, and to be named in messages.</summary>
    public string Config { get; init; } = "/etc/postern/postern.toml";

    /// <summary>The file of tokens; null where nobody may change anything.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The names under which browsers may reach it, besides this host's own; in lower case.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>True where a proxy with TLS stands before it.</summary>
    public bool BehindProxy { get; init; }

    /// <summary>True where reading needs a token, too.</summary>
    public bool ReadsNeedToken { get; init; }

    /// <summary>True where it can be reached from this host alone.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Where it listens, in words.</summary>
    public string Place => EndPoint is { } address ? $"http://{address}" : $"unix:{UnixPath}";
}
