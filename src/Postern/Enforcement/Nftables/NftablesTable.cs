using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>Our table as the kernel has it.</summary>
/// <param name="Structure">All that it is made of but its elements and counters, in an order and form that only change when it does.</param>
/// <param name="Entries">The networks in its sets, and until when they stay; <see cref="DateTimeOffset.MaxValue"/> without an end.</param>
internal sealed record NftablesTable(string Structure, IReadOnlyDictionary<ClientNetwork, DateTimeOffset> Entries)
{
    // {"nftables": [ {"set": {"name": …, "elem": […]}} ]}
    private const int ItemDepth = 3;
    private const int PropertyDepth = 4;

    /// <summary>Reads the JSON of <c>list table</c> (libnftables-json(5)); elements that cannot be ours are passed over.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static NftablesTable Read(ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        var structure = new StringBuilder();
        var entries = new Dictionary<ClientNetwork, DateTimeOffset>();
        List<(ClientAddress Address, DateTimeOffset Until)> elements = [];
        var (inSet, name) = (false, "");
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Changes(ref reader))
                {
                    reader.Skip();
                    continue;
                }

                if (inSet && reader.CurrentDepth == PropertyDepth && reader.ValueTextEquals("elem"u8))
                {
                    ReadElements(ref reader, now, elements);
                    continue;
                }

                inSet = reader.CurrentDepth == ItemDepth ? reader.ValueTextEquals("set"u8) : inSet;
                var isName = inSet && reader.CurrentDepth == PropertyDepth && reader.ValueTextEquals("name"u8);
                Note(ref reader, structure);
                if (isName && reader.Read())
                {
                    name = reader.GetString() ?? "";
                    Note(ref reader, structure);
                }

                continue;
            }

            Note(ref reader, structure);
            if (inSet && reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: ItemDepth })
            {
                Keep(name, elements, entries);
            }
        }

        return new(structure.ToString(), entries);
    }

    // What differs from one listing to the next of the same table, and what tells of the library alone.
    private static bool Changes(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("handle"u8) || reader.ValueTextEquals("packets"u8) || reader.ValueTextEquals("bytes"u8) || reader.ValueTextEquals("metainfo"u8);

    private static void Note(ref Utf8JsonReader reader, StringBuilder structure) => structure.Append(Encoding.UTF8.GetString(reader.ValueSpan)).Append(' ');

    private static void ReadElements(ref Utf8JsonReader reader, DateTimeOffset now, List<(ClientAddress Address, DateTimeOffset Until)> elements)
    {
        reader.Read();
        var depth = reader.CurrentDepth;
        var (address, until) = ((ClientAddress?)null, DateTimeOffset.MaxValue);
        while (reader.Read() && (reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth != depth))
        {
            if (reader.TokenType == JsonTokenType.PropertyName && !reader.ValueTextEquals("elem"u8))
            {
                if (reader.ValueTextEquals("val"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    address = Address(reader.ValueSpan);
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("expires"u8) && reader.Read())
                {
                    until = now.AddSeconds(reader.GetInt64());
                }
                else
                {
                    reader.Skip();
                }
            }
            else if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == depth + 1)
            {
                address = Address(reader.ValueSpan);
            }

            if (reader.CurrentDepth == depth + 1 && reader.TokenType != JsonTokenType.StartObject)
            {
                if (address is { } known)
                {
                    elements.Add((known, until));
                }

                (address, until) = (null, DateTimeOffset.MaxValue);
            }
        }
    }

    private static ClientAddress? Address(ReadOnlySpan<byte> text) =>
        ClientAddress.TryParse(text, out var address) ? address : text.SequenceEqual("::"u8) ? default(ClientAddress) : null;

    private static void Keep(string set, List<(ClientAddress Address, DateTimeOffset Until)> elements, Dictionary<ClientNetwork, DateTimeOffset> entries)
    {
        if (set.Length > 3 && set[2] == '_' && byte.TryParse(set.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            foreach (var (address, until) in elements)
            {
                entries[ClientNetwork.Of(address, length)] = until;
            }
        }

        elements.Clear();
    }
}
