using System.Runtime.InteropServices;
using Postern.Enforcement.Netlink;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Reads what the kernel tells of changes (linux/netfilter/nf_tables.h): a message for each thing that changed, which names
/// its table, and one at the end of each transaction, which names the thread that made it.
/// </summary>
/// <param name="table">The table that matters.</param>
/// <param name="ourselves">The thread whose changes do not.</param>
internal sealed class NftablesNews(byte[] table, byte[] ourselves)
{
    private const int Header = 16;
    private const int FamilyHeader = 4;
    private const byte Subsystem = 10;
    private const byte NewGeneration = 15;
    private const ushort TableName = 1;
    private const ushort ProcessName = 3;

    private bool _touched;

    /// <summary>Reads messages.</summary>
    /// <returns>True where somebody else changed something in the table.</returns>
    public bool Read(ReadOnlySpan<byte> messages)
    {
        var isForeign = false;
        while (messages.Length >= Header)
        {
            var length = (int)Math.Min(MemoryMarshal.Read<uint>(messages), (uint)messages.Length);
            if (length < Header)
            {
                break;
            }

            isForeign |= ReadOne(messages[..length]);
            messages = messages[Math.Min(Aligned(length), messages.Length)..];
        }

        return isForeign;
    }

    private bool ReadOne(ReadOnlySpan<byte> message)
    {
        // The type is the lower byte and the subsystem the upper one, in the host's order.
        var type = MemoryMarshal.Read<ushort>(message[4..]);
        if (type >> 8 != Subsystem || message.Length < Header + FamilyHeader)
        {
            return false;
        }

        var attributes = message[(Header + FamilyHeader)..];
        if ((byte)type != NewGeneration)
        {
            _touched |= Attribute(attributes, TableName).SequenceEqual(table);
            return false;
        }

        var isForeign = _touched && !Attribute(attributes, ProcessName).SequenceEqual(ourselves);
        _touched = false;
        return isForeign;
    }

    // Every kind of thing names its table in its first attribute, as text with a zero at its end.
    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> attributes, ushort wanted) => NetlinkAttributes.Find(attributes, wanted).TrimEnd((byte)0);

    private static int Aligned(int length) => (length + 3) & ~3;
}
