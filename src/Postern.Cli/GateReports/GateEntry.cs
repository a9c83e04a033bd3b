using System.Text.Json.Serialization;
using Postern.Facts;

namespace Postern.Cli.GateReports;

/// <summary>One line of the gate's journal.</summary>
internal sealed record GateEntry
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>policy</c> or <c>milter</c>.</summary>
    public required string Service { get; init; }

    /// <summary><c>reject</c>, <c>defer</c> or <c>quarantine</c>.</summary>
    public required string Action { get; init; }

    /// <summary>False where the gate only watched.</summary>
    public bool Enforced { get; init; }

    /// <summary>The client.</summary>
    public required string Client { get; init; }

    /// <summary>Its HELO name.</summary>
    public string? Helo { get; init; }

    /// <summary>The envelope sender; empty for a bounce.</summary>
    public string? Sender { get; init; }

    /// <summary>The first recipient.</summary>
    public string? Recipient { get; init; }

    /// <summary>The verdict, <c>banned</c> where a ban decided.</summary>
    public required string Verdict { get; init; }

    /// <summary>The sum of the points.</summary>
    public double? Points { get; init; }

    /// <summary>The tests that decided.</summary>
    public IReadOnlyList<string> Deciding { get; init; } = [];

    /// <summary>The entry of a decision.</summary>
    public static GateEntry Of(GateRecord record) => new()
    {
        At = record.At,
        Service = record.Service,
        Action = record.Action.ToString().ToLowerInvariant(),
        Enforced = record.IsEnforced,
        Client = record.Client.ToString(),
        Helo = Short(record.Helo),
        Sender = Short(record.Sender),
        Recipient = Short(record.Recipient),
        Verdict = record.IsBan ? "banned" : record.Verdict?.Legitimacy.ToString().ToLowerInvariant() ?? "untested",
        Points = record.Verdict?.Points,
        Deciding = record.Verdict?.Deciding ?? [],
    };

    private static string? Short(string? text) => text is { Length: > 320 } ? text[..320] : text;
}

/// <summary>The gate's journal and report as JSON, written by code that is generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(GateEntry))]
[JsonSerializable(typeof(GateReport))]
internal sealed partial class GateJson : JsonSerializerContext;
