namespace Postern.Facts;

/// <summary>
/// A 64-bit hash that is the same in every process (FNV-1a), for places and identities that a restart must know again. What
/// lives no longer than the process is told apart by the seeded <see cref="SeededHash"/>.
/// </summary>
internal struct StableHash()
{
    private ulong _hash = 14_695_981_039_346_656_037;

    /// <summary>The hash; never 0, which stands for 'none'.</summary>
    public readonly ulong Value => _hash | 1;

    /// <summary>The hash of these bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new StableHash();
        hash.Add(bytes);
        return hash.Value;
    }

    /// <summary>Takes one more step.</summary>
    public void Add(ulong value) => _hash = (_hash ^ value) * 1_099_511_628_211;

    /// <summary>Takes bytes, one step each.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            Add(b);
        }
    }
}
