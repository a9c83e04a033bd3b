using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Postern.Enforcement.Netlink;
using Postern.Facts;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Adds very many elements to the sets of our table, a transaction a call (linux/netfilter/nf_tables.h, nfnetlink.h): libnftables reads
/// them from a text, which takes ten times as long and much memory. Used from one thread.
/// </summary>
/// <param name="table">Our table, of family inet.</param>
internal sealed class NftablesElements(string table)
{
    private const ushort BatchBegin = 0x10;
    private const ushort BatchEnd = 0x11;
    private const ushort NewElements = (10 << 8) | 12;
    private const ushort Create = 0x400;
    private const byte Inet = 1;
    private const ushort Nested = 0x8000;
    private const ushort InTable = 1;
    private const ushort OfSet = 2;
    private const ushort Elements = 3;
    private const ushort Element = 1;
    private const ushort Key = 1;
    private const ushort Value = 1;
    private const ushort Timeout = 4;

    // The length of an attribute has 16 bits.
    private const int MostBytes = 60_000;
    private const int SocketLevel = 1;
    private const int ForceSendBuffer = 32;

    /// <summary>Adds networks that the kernel does not have, in sets that it has; those whose time is over are left out.</summary>
    /// <param name="entries">The networks.</param>
    /// <param name="now">The time.</param>
    /// <returns>0, or the kernel's error number: then none was added.</returns>
    public int Add(ReadOnlySpan<FirewallEntry> entries, DateTimeOffset now)
    {
        var batch = Batch(entries, now);
        using var kernel = NetlinkSocket.Open(NetlinkSocket.Netfilter);
        if (kernel is null)
        {
            return NetlinkSocket.NotPermitted;
        }

        try
        {
            // A batch is one message to the socket.
            kernel.Socket.SetRawSocketOption(SocketLevel, ForceSendBuffer, MemoryMarshal.AsBytes<int>([batch.Length + (64 << 10)]));
            return batch.Length == 0 ? 0 : kernel.Ask(batch, static (_, _) => { });
        }
        catch (SocketException e)
        {
            return e.NativeErrorCode;
        }
    }

    /// <summary>The messages of one transaction; empty where nothing is to be added.</summary>
    internal byte[] Batch(ReadOnlySpan<FirewallEntry> entries, DateTimeOffset now)
    {
        var messages = new List<NetlinkRequest>();
        var (message, list) = (default(NetlinkRequest), 0);
        (bool IsIPv4, byte Length) kind = default;
        foreach (var entry in entries)
        {
            var left = entry.Until - now;
            if (left <= TimeSpan.Zero)
            {
                continue;
            }

            var its = (entry.Network.IsIPv4, entry.Network.PrefixLength);
            if (message is null || its != kind || message.Length - list > MostBytes)
            {
                message?.Close(list);
                kind = its;
                message = new NetlinkRequest(NewElements, Create, [Inet, 0, 0, 0]).With(InTable, table).With(OfSet, NftablesScript.SetOf(kind.IsIPv4, kind.Length));
                list = message.Open(Elements | Nested);
                messages.Add(message);
            }

            AddElement(message, entry.Network.First, (ulong)Math.Ceiling((left < NftablesScript.Longest ? left : NftablesScript.Longest).TotalSeconds) * 1000);
        }

        if (message is null)
        {
            return [];
        }

        message.Close(list);
        // Only the last is answered; any that fails is, too, and before it.
        message.WantAcknowledgement();
        byte[] subsystem = [0, 0, 0, 10];
        return
        [
            .. new NetlinkRequest(BatchBegin, 0, subsystem).ToArray(), .. messages.SelectMany(static one => one.ToArray()),
            .. new NetlinkRequest(BatchEnd, 0, subsystem).ToArray(),
        ];
    }

    private static void AddElement(NetlinkRequest message, ClientAddress address, ulong milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        var element = message.Open(Element | Nested);
        var key = message.Open(Key | Nested);
        var value = message.Open(Value);
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Low);
            message.Append(bytes[..4]);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
            message.Append(bytes);
        }

        message.Close(value);
        message.Close(key);
        var timeout = message.Open(Timeout);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, milliseconds);
        message.Append(bytes[..8]);
        message.Close(timeout);
        message.Close(element);
    }
}
