namespace Postern.Checks.Helo;

/// <summary>What is known of this server, to tell when a client claims to be it.</summary>
public sealed record HeloOptions
{
    /// <summary>Names of this server, which no client can have; none by default.</summary>
    public IReadOnlyList<string> OwnNames { get; init; } = [];

    /// <summary>Addresses of this server, as text.</summary>
    public IReadOnlyList<string> OwnAddresses { get; init; } = [];
}
