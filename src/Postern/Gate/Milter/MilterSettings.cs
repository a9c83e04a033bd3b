namespace Postern.Gate.Milter;

/// <summary>How the milter is set.</summary>
/// <param name="AuthservId">The name under which results are published.</param>
/// <param name="Gate">What it does by which verdict.</param>
internal sealed record MilterSettings(string AuthservId, GateOptions Gate);
