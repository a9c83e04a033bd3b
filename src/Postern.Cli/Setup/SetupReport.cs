using System.Text.Json.Serialization;

namespace Postern.Cli.Setup;

/// <summary>The answer of <c>postern setup</c> as JSON.</summary>
internal sealed record SetupReport
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "postern.setup/1";

    /// <summary>What was found.</summary>
    public required FoundReport Found { get; init; }

    /// <summary>The configuration.</summary>
    public required ConfigurationReport Configuration { get; init; }

    /// <summary>The parameters of main.cf.</summary>
    public required IReadOnlyList<PostfixSetting> Postfix { get; init; }

    /// <summary>What is left to the operator, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>True where all of it stood already.</summary>
    public required bool Unchanged { get; init; }

    /// <summary>True where it was written.</summary>
    public required bool Written { get; init; }
}

/// <summary>The configuration in <c>setup</c>.</summary>
/// <param name="File">Its path.</param>
/// <param name="Text">Its whole text, as written or as it would be.</param>
/// <param name="Added">What is new in it.</param>
/// <param name="KeptAs">Where the old file is kept; null where there was none, or nothing was written.</param>
internal sealed record ConfigurationReport(string File, string Text, IReadOnlyList<ConfigAddition> Added, string? KeptAs);

/// <summary>What <c>setup</c> found.</summary>
internal sealed record FoundReport
{
    /// <summary>The version of Postfix.</summary>
    public required string Postfix { get; init; }

    /// <summary>The log: a path, or <c>journal</c>; null where none was found.</summary>
    public required string? Log { get; init; }

    /// <summary>Where the notices end.</summary>
    public required string Notices { get; init; }

    /// <summary>True where Postern can read them there.</summary>
    public required bool NoticesReadable { get; init; }

    /// <summary>The addresses of this host.</summary>
    public required IReadOnlyList<string> Own { get; init; }

    /// <summary>Postfix's mynetworks.</summary>
    public required IReadOnlyList<string> Mynetworks { get; init; }

    /// <summary>True where fail2ban's server runs; null where it is not installed.</summary>
    public required bool? Fail2banRuns { get; init; }

    /// <summary>fail2ban's enabled jails.</summary>
    public required IReadOnlyList<string> Fail2banJails { get; init; }

    /// <summary>Programs that manage the firewall.</summary>
    public required IReadOnlyList<string> Firewalls { get; init; }

    /// <summary>The resolvers.</summary>
    public required IReadOnlyList<string> Resolvers { get; init; }

    /// <summary><c>local</c>, <c>private</c>, <c>public</c> or <c>none</c>.</summary>
    public required string ResolverKind { get; init; }

    /// <summary>Whether DNS lists answer: <c>usable</c>, <c>no-answer</c>, <c>refused</c>, <c>nothing-listed</c>, <c>all-listed</c>; null where none was asked.</summary>
    public required string? DnsLists { get; init; }
}

/// <summary>The answer as JSON, written by code that is generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SetupReport))]
internal sealed partial class SetupJson : JsonSerializerContext;
