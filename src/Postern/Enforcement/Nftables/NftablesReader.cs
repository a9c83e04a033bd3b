using System.Buffers.Binary;
using System.Net.Sockets;
using Postern.Enforcement.Netlink;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Reads our table out of the kernel as a stream (linux/netfilter/nf_tables.h): what it is made of costs a moment however many
/// bans there are, and its elements cost no memory. libnftables would write both down as one text. Used from one thread.
/// </summary>
/// <param name="table">Our table, of family inet.</param>
/// <param name="time">The clock.</param>
internal sealed class NftablesReader(string table, TimeProvider time) : IDisposable
{
    private const ushort Subsystem = 10 << 8;
    private const byte GetTable = 1;
    private const byte GetElements = 13;
    private const byte Inet = 1;
    private const int FamilyHeader = 4;
    private const ushort InTable = 1;
    private const ushort OfSet = 2;
    private const ushort Elements = 3;
    private const ushort Key = 1;
    private const ushort Value = 1;
    private const ushort Expiration = 5;

    // Of a list that changes while it is read: the next time it may not.
    private const int MostTries = 3;

    // Chains, rules, sets.
    private static readonly byte[] s_lists = [4, 7, 10];

    private NetlinkSocket? _kernel;

    /// <summary>Reads what the table is made of.</summary>
    /// <returns>The table, null where there is none; and the kernel's error number where it cannot be read.</returns>
    public (NftablesTable? Table, int Error) ReadTable()
    {
        var error = 0;
        for (var i = 0; i < MostTries; i++)
        {
            var read = new NftablesTable(table);
            error = Ask(GetTable, NetlinkRequest.Acknowledge, null, (type, body) => read.Add((byte)type, body));
            foreach (var list in s_lists)
            {
                error = error == 0 ? Ask(list, NetlinkRequest.Dump, null, (type, body) => read.Add((byte)type, body)) : error;
            }

            if (error is 0 or NetlinkSocket.NoEntry or NetlinkSocket.NotPermitted)
            {
                return error == 0 ? (read, 0) : (null, error == NetlinkSocket.NoEntry ? 0 : error);
            }
        }

        return (null, error);
    }

    /// <summary>Reads the elements of one set.</summary>
    /// <param name="isIPv4">Which set.</param>
    /// <param name="length">Which set.</param>
    /// <param name="take">Told each network, and until when it stays; without an end, <see cref="DateTimeOffset.MaxValue"/>.</param>
    /// <returns>0, or the kernel's error number; <see cref="NetlinkSocket.Interrupted"/> where the set changed meanwhile, and some may be missing.</returns>
    public int ReadElements(bool isIPv4, byte length, Action<ClientNetwork, DateTimeOffset> take)
    {
        var now = time.GetUtcNow();
        return Ask(GetElements, NetlinkRequest.Dump, NftablesScript.SetOf(isIPv4, length), (_, body) => Read(body, length, now, take));
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel?.Dispose();

    /// <summary>Reads one answer: attributes that name table and set, and hold a part of its elements.</summary>
    internal static void Read(ReadOnlySpan<byte> body, byte length, DateTimeOffset now, Action<ClientNetwork, DateTimeOffset> take)
    {
        var elements = new NetlinkAttributes(NetlinkAttributes.Find(body, Elements));
        while (elements.MoveNext())
        {
            var address = NetlinkAttributes.Find(NetlinkAttributes.Find(elements.Value, Key), Value);
            var expires = NetlinkAttributes.Find(elements.Value, Expiration);
            if (address.Length is 4 or 16)
            {
                take(ClientNetwork.Of(Address(address), length), expires.Length == 8 ? Until(now, BinaryPrimitives.ReadUInt64BigEndian(expires)) : DateTimeOffset.MaxValue);
            }
        }
    }

    private static ClientAddress Address(ReadOnlySpan<byte> bytes) => bytes.Length == 4
        ? ClientAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
        : new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    private static DateTimeOffset Until(DateTimeOffset now, ulong milliseconds) =>
        milliseconds < (ulong)(DateTimeOffset.MaxValue - now).TotalMilliseconds ? now.AddMilliseconds(milliseconds) : DateTimeOffset.MaxValue;

    private int Ask(byte type, ushort flags, string? set, NetlinkHandler handler)
    {
        if ((_kernel ??= NetlinkSocket.Open(NetlinkSocket.Netfilter)) is not { } kernel)
        {
            return NetlinkSocket.NotPermitted;
        }

        var request = new NetlinkRequest((ushort)(Subsystem | type), flags, [Inet, 0, 0, 0]).With(InTable, table);
        if (set is not null)
        {
            request.With(OfSet, set);
        }

        try
        {
            return kernel.Ask(request.ToArray(), (kind, body) =>
            {
                if (body.Length > FamilyHeader)
                {
                    handler(kind, body[FamilyHeader..]);
                }
            });
        }
        catch (SocketException e)
        {
            kernel.Dispose();
            _kernel = null;
            return e.NativeErrorCode;
        }
    }
}
