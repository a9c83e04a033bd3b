using Postern.Facts;

namespace Postern.Cli.Notifications.Telling;

/// <summary>Something that happened, for whoever is told. Texts may hold a client's words, and are escaped where they are shown.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
internal sealed record Happening(HappeningKind Kind, DateTimeOffset At)
{
    /// <summary>The client; unknown where it is about none.</summary>
    public ClientAddress Client { get; init; }

    /// <summary>The network of a ban.</summary>
    public ClientNetwork? Network { get; init; }

    /// <summary>The client's PTR name.</summary>
    public string? HostName { get; init; }

    /// <summary>The jail.</summary>
    public string? Jail { get; init; }

    /// <summary>Why, in a few words of Postern's.</summary>
    public string? Reason { get; init; }

    /// <summary>What it is about: the source, the DNS list, the user, the part of the program, the trouble's id.</summary>
    public string? Subject { get; init; }

    /// <summary>The particulars.</summary>
    public string? Detail { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many: bans of a wave or of the brake, lines of a trouble, addresses of a takeover, events that were lost.</summary>
    public long Count { get; init; }

    /// <summary>How many networks a takeover shows.</summary>
    public long Networks { get; init; }

    /// <summary>True where the brake was released in full.</summary>
    public bool IsInFull { get; init; }

    /// <summary>Failures that led to a ban.</summary>
    public int Failures { get; init; }

    /// <summary>The how-manieth ban of its network.</summary>
    public int Repetition { get; init; }

    /// <summary>True where nobody is kept out.</summary>
    public bool IsDryRun { get; init; }
}
