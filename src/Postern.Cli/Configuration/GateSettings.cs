using Postern.Gate;

namespace Postern.Cli.Configuration;

/// <summary>One service of the gate.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Where it listens; null where it does not.</summary>
    public ListenAddress? Listen { get; init; }

    /// <summary>The owner of its Unix socket; null for ours.</summary>
    public string? Owner { get; init; }

    /// <summary>The group of its Unix socket; null for Postfix's where it may be given away.</summary>
    public string? Group { get; init; }

    /// <summary>The rights of its Unix socket; null for 0660 where its owner or group is Postfix's, else 0666.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>The milter: whether sessions count that come over TCP, where any local user may speak.</summary>
    public bool TrustsTcp { get; init; }

    /// <summary>What it does by which verdict.</summary>
    public GateOptions Gate { get; init; } = new();

    /// <summary>The policy server: whether it adds a header; null where it does so only without a milter beside it.</summary>
    public bool? Header { get; init; }

    /// <summary>The policy server: whether it leaves to the milter what the message may still prove; null where it does so beside a milter that enforces.</summary>
    public bool? LeaveToMilter { get; init; }

    /// <summary>The milter: the name under which it publishes results; null for Postfix's myhostname.</summary>
    public string? AuthservId { get; init; }

    /// <summary>The milter: the largest message whose content is tested, in bytes.</summary>
    public int MaxMessage { get; init; } = 50_000_000;
}
