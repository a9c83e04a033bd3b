namespace Postern.Facts;

/// <summary>A domain that own users wrote to: a keyed hash of its name, so that the file does not tell whom they write to.</summary>
/// <param name="Hash">The first half of the HMAC-SHA-256 of the name.</param>
/// <param name="Last">The last day on which somebody wrote to it, in UTC.</param>
public sealed record Correspondent(UInt128 Hash, DateOnly Last);
