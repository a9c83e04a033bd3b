using System.Net;

namespace Postern.Cli.Configuration;

/// <summary>The page for operators, which the program postern-web serves.</summary>
internal sealed record WebSettings
{
    /// <summary>Where it listens; default: 127.0.0.1:10080.</summary>
    public ListenAddress Listen { get; init; } = new(new IPEndPoint(IPAddress.Loopback, 10080), null);

    /// <summary>The file of tokens; null where nobody may change anything.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The names under which browsers may reach it, besides this host's own.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>True where a proxy with TLS stands before it.</summary>
    public bool BehindProxy { get; init; }

    /// <summary>True where whoever reaches it may read without a token; null for the default.</summary>
    public bool? ReadWithoutToken { get; init; }

    /// <summary>True where it can be reached from this host alone.</summary>
    public bool IsLocal => Listen.EndPoint is not { } address || IPAddress.IsLoopback(address.Address);

    /// <summary>Whether reading needs no token: by default where only this host reaches it, and no proxy stands before it.</summary>
    public bool IsReadFree => ReadWithoutToken ?? (IsLocal && !BehindProxy);
}
