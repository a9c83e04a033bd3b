namespace Postern.Cli.Sharing;

/// <summary>A host of the site.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seen">When it gave its last sign of life, by this host's clock.</param>
/// <param name="Bans">Its active bans.</param>
/// <param name="LagMs">How old the last change was when it read it, in milliseconds.</param>
/// <param name="Version">Its version.</param>
internal sealed record KnownHost(string Name, DateTimeOffset Seen, int Bans, long LagMs, string Version)
{
    /// <summary>A host that was silent for longer is not counted any more.</summary>
    public static TimeSpan Silence => TimeSpan.FromSeconds(15);
}

/// <summary>How sharing goes.</summary>
/// <param name="State"><c>off</c>, <c>connected</c> or <c>disconnected</c>.</param>
/// <param name="Host">This host's name.</param>
/// <param name="Hosts">All hosts that are known, this one among them.</param>
internal sealed record SharingFigures(string State, string Host, IReadOnlyList<KnownHost> Hosts)
{
    /// <summary>The other hosts that gave a sign of life of late.</summary>
    public IEnumerable<KnownHost> Others(DateTimeOffset now) =>
        Hosts.Where(host => !string.Equals(host.Name, Host, StringComparison.Ordinal) && now - host.Seen < KnownHost.Silence);

    /// <summary>What is wrong; null where nothing is.</summary>
    public string? Trouble { get; init; }

    /// <summary>True where another process shares by this host's name.</summary>
    public bool HasNamesake { get; init; }

    /// <summary>Changes that wait to be published.</summary>
    public int Waiting { get; init; }

    /// <summary>Changes published since the start.</summary>
    public long Published { get; init; }

    /// <summary>Changes of other hosts taken since the start.</summary>
    public long Taken { get; init; }

    /// <summary>Entries without a right code since the start.</summary>
    public long Forged { get; init; }

    /// <summary>Changes beyond the limits since the start.</summary>
    public long Refused { get; init; }

    /// <summary>How old the last change was when it was read, in milliseconds.</summary>
    public long LagMs { get; init; }

    /// <summary>Times that the connection was lost since the start.</summary>
    public long Losses { get; init; }
}
