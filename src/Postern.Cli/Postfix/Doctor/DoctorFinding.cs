using System.Text.Json.Serialization;

namespace Postern.Cli.Postfix.Doctor;

/// <summary>Something that is wrong with how Postfix or Postern is set.</summary>
/// <param name="Id">A short name that stays the same: <c>luser-relay</c>.</param>
/// <param name="Message">What is wrong, and what comes of it.</param>
/// <param name="Cure">The command that mends it.</param>
internal sealed record DoctorFinding(string Id, string Message, string Cure);

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
