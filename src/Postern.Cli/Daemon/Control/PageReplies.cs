using System.Text.Json.Serialization;
using Postern.Cli.Daemon.Logging;
using Postern.Facts;

namespace Postern.Cli.Daemon.Control;

/// <summary>Which bans are wanted.</summary>
/// <param name="Network">Only those that cover it or lie within it; null for all.</param>
internal sealed record BanQuery(ClientNetwork? Network = null)
{
    /// <summary>Only those whose network, jail or reason holds this text, whatever the case of its letters; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>So many are left out at the beginning.</summary>
    public int Offset { get; init; }

    /// <summary>So many at most; null for all.</summary>
    public int? Most { get; init; }

    /// <summary>True for the latest first; else the one that ends first comes first.</summary>
    public bool IsNewestFirst { get; init; }
}

/// <summary>The reply of <c>events</c>.</summary>
internal sealed record EventsReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.events/1";

    /// <summary>By which number to ask next.</summary>
    public required long Next { get; init; }

    /// <summary>Events that came faster than they were asked for, and are not told.</summary>
    public long Lost { get; init; }

    /// <summary>The events, the earliest first.</summary>
    public required IReadOnlyList<EventRow> Events { get; init; }
}

/// <summary>The reply of <c>clients</c>.</summary>
internal sealed record ClientsReply
{
    /// <summary>The schema.</summary>
    public string Schema { get; } = "postern.clients/1";

    /// <summary>What was searched for; null for the latest clients.</summary>
    public string? Search { get; init; }

    /// <summary>The clients, the one seen last first.</summary>
    public required IReadOnlyList<FoundClient> Clients { get; init; }

    /// <summary>True where there are more.</summary>
    public bool More { get; init; }
}

/// <summary>A client that was found.</summary>
/// <param name="Address">Who.</param>
/// <param name="Last">When it was seen last, by the log; null where that is not known.</param>
/// <param name="Failures">How many of its failures were found.</param>
/// <param name="Behaviours">What it showed in them, as behaviour ids.</param>
/// <param name="Mail">How many decisions of the policy server and the milter were found.</param>
internal sealed record FoundClient(string Address, DateTimeOffset? Last, int Failures, IReadOnlyList<string> Behaviours, int Mail)
{
    /// <summary><c>banned</c> (in a dry run <c>would be banned</c>), <c>protected</c> or <c>watched</c>.</summary>
    public required string State { get; init; }

    /// <summary>The sum of weights within findtime, in the jail where it is nearest to a ban; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Weight { get; init; }

    /// <summary>The sum that is a ban there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maxretry { get; init; }

    /// <summary>The line in which the text was found, escaped and shortened.</summary>
    public string? Match { get; init; }
}
