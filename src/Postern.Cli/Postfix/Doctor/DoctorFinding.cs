using System.Text.Json.Serialization;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Something that is wrong with how Postfix or Postern is set.</summary>
/// <param name="Id">A short name that stays the same: <c>luser-relay</c>.</param>
/// <param name="Message">What is wrong, and what comes of it.</param>
/// <param name="Fix">The command that fixes it.</param>
internal sealed record DoctorFinding(string Id, string Message, string Fix)
{
    private static readonly string[] s_errors =
    [
        "postfix", "open-relay", "mynetworks", "log-missing", "log-stale", "policy-not-wired", "policy-default-action", "milter-not-wired", "milter-default-action",
        "milter-order", "milter-keep-results", "unlisted-local", "unlisted-recipient", "unlisted-virtual", "backup-mx", "smuggling", "auth-in-clear", "sharing-server", "sharing-key",
    ];

    /// <summary><c>error</c> where mail is lost, misused or bounced to strangers, or a part of Postern does not work; else <c>recommendation</c>.</summary>
    public string Severity => IsError ? "error" : "recommendation";

    /// <summary>True for an error.</summary>
    [JsonIgnore]
    public bool IsError => s_errors.Contains(Id, StringComparer.Ordinal) || Id.StartsWith("dnsbl-", StringComparison.Ordinal);
}

/// <summary>The answer of <c>postern doctor</c>.</summary>
/// <param name="Findings">What is wrong; empty for a sound server.</param>
internal sealed record DoctorReport(IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "postern.doctor/1";
}

/// <summary>The answer as JSON, written by code that is generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
