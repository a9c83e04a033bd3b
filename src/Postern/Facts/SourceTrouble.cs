namespace Postern.Facts;

/// <summary>A source that cannot be read for now, or can be again.</summary>
/// <param name="Source">Which.</param>
/// <param name="Message">Why, in one line for the operator; null where it is well again.</param>
public sealed record SourceTrouble(string Source, string? Message);
