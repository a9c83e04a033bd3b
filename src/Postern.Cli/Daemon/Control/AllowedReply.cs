namespace Postern.Cli.Daemon.Control;

/// <summary>The reply of <c>allow list</c>.</summary>
internal sealed record AllowedReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.allowed/1";

    /// <summary>Who is never banned: those of the configuration, then those of the command.</summary>
    public required IReadOnlyList<AllowedRow> Allowed { get; init; }
}

/// <summary>An entry of the allow list.</summary>
/// <param name="Entry">The address, network or DNS name, or the sender or its domain.</param>
/// <param name="Source"><c>configuration</c> or <c>command</c>.</param>
/// <param name="From">Since when; null for the configuration's.</param>
/// <param name="Until">Until when; null for good.</param>
/// <param name="Networks">The addresses of a name, or the entry itself; empty for a name that does not resolve.</param>
internal sealed record AllowedRow(string Entry, string Source, DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<string> Networks);
