using System.Buffers;
using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Languages;

namespace Postern.Reports.Json;

/// <summary>
/// Writes what stands behind a client's times, and keeps it for the next client that differs in nothing but address and times: in a flood
/// most do, and writing their sentences anew took most of the time of a report. For one thread.
/// </summary>
internal sealed class ClientTails(IReportLanguage language)
{
    // Those that differ write over each other, so that memory is bounded; a flood has a few kinds of clients.
    private const int Slots = 64;
    private static readonly ClientAddress s_public = ClientAddress.FromIPv4(0xC000_0201), s_private = ClientAddress.FromIPv4(0x0A00_0001);
    private readonly (ClientFinding? Client, ArrayBufferWriter<byte> Text)[] _slots = new (ClientFinding? Client, ArrayBufferWriter<byte> Text)[Slots];

    /// <summary>Writes the properties into the object of the client.</summary>
    public void Write(Utf8JsonWriter json, ClientFinding client)
    {
        // All that a tail may depend on; records are equal where all their parts are.
        var alike = client with { Address = KindOf(client.Address), FirstSeen = default, LastSeen = default, Bursts = [] };
        ref var slot = ref _slots[(uint)alike.GetHashCode() % Slots];
        if (slot.Client is null || slot.Client != alike)
        {
            slot.Client = alike;
            slot.Text ??= new ArrayBufferWriter<byte>();
            slot.Text.ResetWrittenCount();
            using var tail = new Utf8JsonWriter(slot.Text, JsonTexts.Options);
            tail.WriteStartObject();
            ClientJson.WriteTail(tail, alike, language);
            tail.WriteEndObject();
        }

        // Without the braces of the tail's own object.
        json.WriteRawValue(slot.Text.WrittenSpan[1..^1], skipInputValidation: true);
    }

    // What a sentence may say of an address: that it is not known, or of a private network.
    private static ClientAddress KindOf(ClientAddress address) =>
        !address.IsKnown ? ClientAddress.Unknown : PrivateNetworks.IsPrivate(address) ? s_private : s_public;
}
