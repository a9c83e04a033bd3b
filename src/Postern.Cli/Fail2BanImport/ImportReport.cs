using System.Text.Json.Serialization;

namespace Postern.Cli.Fail2BanImport;

/// <summary>The answer of <c>import fail2ban</c> as JSON.</summary>
internal sealed record ImportReport
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "postern.import/1";

    /// <summary>True where nothing was taken over, only told.</summary>
    public required bool DryRun { get; init; }

    /// <summary><c>daemon</c> or <c>database</c>: who took the bans.</summary>
    public required string Target { get; init; }

    /// <summary>Bans that were, or would be, taken over.</summary>
    public required IReadOnlyList<ImportBanReport> Bans { get; init; }

    /// <summary>How many of them are active.</summary>
    public required int Active { get; init; }

    /// <summary>How many are over and make the next ban longer.</summary>
    public required int Past { get; init; }

    /// <summary>How many were here already; null for a dry run.</summary>
    public required int? Known { get; init; }

    /// <summary>Networks that are never banned here.</summary>
    public required IReadOnlyList<string> Protected { get; init; }

    /// <summary>The settings to add to the configuration, as TOML.</summary>
    public required string Settings { get; init; }

    /// <summary>What was left and why, a sentence each.</summary>
    public required IReadOnlyList<string> Left { get; init; }
}

/// <summary>A ban in <c>import</c>.</summary>
/// <param name="Network">Whom.</param>
/// <param name="Jail">The jail here.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when.</param>
/// <param name="Repetition">The how-manieth ban it is.</param>
internal sealed record ImportBanReport(string Network, string Jail, DateTimeOffset From, DateTimeOffset Until, int Repetition);

/// <summary>The answer as JSON, written by code that is generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImportReport))]
internal sealed partial class ImportJson : JsonSerializerContext;
