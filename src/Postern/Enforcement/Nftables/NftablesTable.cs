using System.Globalization;
using System.Text.Json;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>Our table as the kernel has it.</summary>
/// <param name="Sets">The names of its sets.</param>
/// <param name="Rules">Rules in its chain.</param>
/// <param name="HasChain">True where the chain is there.</param>
/// <param name="Entries">The networks in its sets.</param>
internal sealed record NftablesTable(IReadOnlySet<string> Sets, int Rules, bool HasChain, IReadOnlyDictionary<ClientNetwork, DateTimeOffset> Entries)
{
    /// <summary>Reads the JSON of <c>list table</c> (libnftables-json(5)); what is not ours in it is passed over.</summary>
    public static NftablesTable Read(string json, DateTimeOffset now)
    {
        var sets = new HashSet<string>(StringComparer.Ordinal);
        var entries = new Dictionary<ClientNetwork, DateTimeOffset>();
        var (rules, hasChain) = (0, false);
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            rules += item.TryGetProperty("rule", out _) ? 1 : 0;
            hasChain |= item.TryGetProperty("chain", out var chain) && chain.TryGetProperty("hook", out _);
            if (item.TryGetProperty("set", out var set) && set.GetProperty("name").GetString() is { } name)
            {
                sets.Add(name);
                ReadElements(set, name, now, entries);
            }
        }

        return new(sets, rules, hasChain, entries);
    }

    private static void ReadElements(JsonElement set, string name, DateTimeOffset now, Dictionary<ClientNetwork, DateTimeOffset> entries)
    {
        if (name.Length < 4 || name[2] != '_' || !byte.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || !set.TryGetProperty("elem", out var elements))
        {
            return;
        }

        foreach (var element in elements.EnumerateArray())
        {
            var value = element;
            var until = DateTimeOffset.MaxValue;
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem", out var timed))
            {
                value = timed.GetProperty("val");
                until = timed.TryGetProperty("expires", out var expires) ? now.AddSeconds(expires.GetInt64()) : until;
            }

            if (value.ValueKind == JsonValueKind.String && ClientAddress.TryParse(value.GetString(), out var address))
            {
                entries[ClientNetwork.Of(address, length)] = until;
            }
        }
    }
}
