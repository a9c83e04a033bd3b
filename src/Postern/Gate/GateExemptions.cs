namespace Postern.Gate;

/// <summary>Whose mail is never refused by what the checks find, and who can always be reached.</summary>
public sealed record GateExemptions
{
    /// <summary>Nobody.</summary>
    public static GateExemptions None { get; } = new();

    /// <summary>Envelope senders whose mail is never refused: <c>ann@example.org</c>, <c>@example.org</c>. A ban of the client holds for them, too.</summary>
    public IReadOnlyList<string> Senders { get; init; } = [];

    /// <summary>Recipients to whom no mail is refused but that of forged senders: <c>postmaster@</c> (of any domain), <c>ann@example.org</c>, <c>@example.org</c>.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>Whether a banned client reaches those recipients, too; default false.</summary>
    public bool FromBanned { get; init; }

    /// <summary>True where a banned client may be heard until it names its recipients.</summary>
    public bool HearsBanned => FromBanned && Recipients.Count > 0;

    /// <summary>True for a sender that is never refused.</summary>
    public bool IncludesSender(string? sender) => sender is { Length: > 0 } && Senders.Any(pattern => Matches(pattern, sender));

    /// <summary>True for a recipient that can always be reached.</summary>
    public bool IncludesRecipient(string? recipient) => recipient is { Length: > 0 } && Recipients.Any(pattern => Matches(pattern, recipient));

    private static bool Matches(string pattern, string address)
    {
        var at = address.LastIndexOf('@');
        return pattern[0] == '@' ? at >= 0 && address.AsSpan(at).Equals(pattern, StringComparison.OrdinalIgnoreCase)
            // RFC 5321, 4.5.1: postmaster may be written without a domain.
            : pattern[^1] == '@' ? address.AsSpan(0, at < 0 ? address.Length : at).Equals(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
            : string.Equals(pattern, address, StringComparison.OrdinalIgnoreCase);
    }
}
