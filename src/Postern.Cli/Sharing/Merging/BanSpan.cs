namespace Postern.Cli.Sharing.Merging;

/// <summary>When a shared ban holds, and who decided it. Of two the later end wins; then the later beginning, then the name.</summary>
/// <param name="At">Since when, in milliseconds since 1970 by the server's clock.</param>
/// <param name="End">Until when.</param>
/// <param name="Host">Who decided it.</param>
internal readonly record struct BanSpan(long At, long End, string Host) : IComparable<BanSpan>
{
    /// <inheritdoc/>
    public int CompareTo(BanSpan other) =>
        End != other.End ? End.CompareTo(other.End) : At != other.At ? At.CompareTo(other.At) : string.CompareOrdinal(Host, other.Host);

    /// <summary>True where whatever ends the one ends the other, and the one lasts as long.</summary>
    public bool Covers(BanSpan other) => At >= other.At && CompareTo(other) >= 0;

    /// <summary>By <see cref="CompareTo"/>.</summary>
    public static bool operator <(BanSpan left, BanSpan right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(BanSpan left, BanSpan right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(BanSpan left, BanSpan right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(BanSpan left, BanSpan right) => left.CompareTo(right) >= 0;
}
