using System.Text;
using Postern.Facts;

namespace Postern.Tests.Facts;

/// <summary>Keys that a client chooses fall into the places of a table as chance would have it, however alike they are.</summary>
public sealed class SeededHashTests
{
    private const int Keys = 40_000;

    // A size of .NET's tables.
    private const uint Places = 52_361;

    // Of 40,000 keys by chance, no place gets more than 10 but once in a million runs.
    private const int MostInAPlace = 12;

    public static TheoryData<string> Kinds() => [.. s_kinds.Keys];

    private static readonly Dictionary<string, Func<int, (ulong High, ulong Low)>> s_kinds = new(StringComparer.Ordinal)
    {
        ["one /64, counted up"] = n => (0x2001_0DB8_0000_0001, (ulong)n),
        ["one /64, in steps of the table's size"] = n => (0x2001_0DB8_0000_0001, (ulong)n * Places),
        ["one /64, the upper bits alone"] = n => (0x2001_0DB8_0000_0001, (ulong)n << 48),
        ["the same in both halves"] = n => ((ulong)n, (ulong)n),
        ["halves that cancel out"] = n => ((ulong)n, 0xFFFF_FFFF ^ (ulong)n),
        ["halves that add up to the same"] = n => ((ulong)n, 1_000_000 - (ulong)n),
        ["/64s of one /48"] = n => (0x2001_0DB8_0000_0000 + (ulong)n, 1),
        ["IPv4"] = n => (0, 0xFFFF_C000_0000 + (ulong)n),
        ["multiples of the golden ratio's inverse"] = n => (0x2001_0DB8_0000_0001, (ulong)n * 0xF1DE_83E1_9937_733D),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Addresses_that_were_chosen_with_care_are_spread(string kind)
    {
        var keys = Enumerable.Range(0, Keys).Select(s_kinds[kind]).ToList();
        Most(keys.Select(key => new ClientAddress(key.High, key.Low).GetHashCode())).ShouldBeLessThan(MostInAPlace);
        Most(keys.Select(key => ClientNetwork.Of(new ClientAddress(key.High, key.Low)).GetHashCode())).ShouldBeLessThan(MostInAPlace);
        // A number is its own hash in .NET's tables.
        Most(keys.Select(key => SeededHash.Of64(key.High, key.Low).GetHashCode())).ShouldBeLessThan(MostInAPlace);
        Most(keys.Select(key => SeededHash.Add(SeededHash.Of64(0, key.High), key.Low).GetHashCode())).ShouldBeLessThan(MostInAPlace);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("SASL LOGIN authentication failed: {0}")]
    [InlineData("{0}@example.org")]
    [InlineData("\0\0\0\0\0\0\0\0{0}")]
    public void Words_of_clients_are_spread(string form) =>
        Most(Enumerable.Range(0, Keys).Select(n => SeededHash.Of(Encoding.ASCII.GetBytes(form.Replace("{0}", $"{n}", StringComparison.Ordinal))).GetHashCode())).ShouldBeLessThan(MostInAPlace);

    private static int Most(IEnumerable<int> hashes)
    {
        var places = new int[Places];
        foreach (var hash in hashes)
        {
            places[(uint)hash % Places]++;
        }

        return places.Max();
    }
}
