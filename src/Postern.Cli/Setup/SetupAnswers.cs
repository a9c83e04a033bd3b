using Postern.Cli.Configuration;

namespace Postern.Cli.Setup;

/// <summary>What the operator decided, by options or answers; null for what <c>setup</c> is to find itself.</summary>
internal sealed record SetupAnswers
{
    /// <summary>The log.</summary>
    public LogSource? Log { get; init; }

    /// <summary>The mailbox of the notices; empty for none.</summary>
    public string? Notices { get; init; }

    /// <summary>Where the policy server is to listen; null for none.</summary>
    public ListenAddress? Policy { get; init; }

    /// <summary>Where the milter is to listen; null for none.</summary>
    public ListenAddress? Milter { get; init; }

    /// <summary>fail2ban's folder, whose jails are to run here; null for none.</summary>
    public string? Fail2Ban { get; init; }

    /// <summary>True to follow the doctor's recommendations for Postfix itself, too; null where nobody has said.</summary>
    public bool? Hardens { get; init; }
}
