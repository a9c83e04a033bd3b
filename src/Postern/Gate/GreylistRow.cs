namespace Postern.Gate;

/// <summary>One sender of the book of greylist.</summary>
/// <param name="Triplet">Network, sender and recipient: the first 128 bits of their HMAC-SHA-256.</param>
/// <param name="First">When it came first.</param>
/// <param name="Until">How long it is remembered.</param>
/// <param name="IsKnown">True where it has come back.</param>
internal readonly record struct GreylistRow(UInt128 Triplet, DateTimeOffset First, DateTimeOffset Until, bool IsKnown);

/// <summary>What is to be kept of the book.</summary>
/// <param name="IsWhole">True where this is all of it, in place of whatever was kept before.</param>
/// <param name="Secret">The key that the triplets are made with.</param>
/// <param name="Rows">What is new or has changed.</param>
/// <param name="Gone">What is forgotten.</param>
internal sealed record GreylistChanges(bool IsWhole, byte[] Secret, IReadOnlyList<GreylistRow> Rows, IReadOnlyList<UInt128> Gone)
{
    /// <summary>True where there is nothing to keep.</summary>
    public bool IsEmpty => !IsWhole && Rows.Count + Gone.Count == 0;
}
