using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
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
    private const ushort Request = 1;
    private const ushort Acknowledge = 4;
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

    private readonly List<byte> _batch = [];

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
        _batch.Clear();
        Close(Begin(BatchBegin, Request, [0, 0, 0, 10]));
        var (message, list, last) = (-1, -1, -1);
        (bool IsIPv4, byte Length) kind = default;
        foreach (var entry in entries)
        {
            var left = entry.Until - now;
            if (left <= TimeSpan.Zero)
            {
                continue;
            }

            var its = (entry.Network.IsIPv4, entry.Network.PrefixLength);
            if (message < 0 || its != kind || _batch.Count - list > MostBytes)
            {
                End(list, message);
                (kind, last) = (its, _batch.Count);
                message = Begin(NewElements, Request | Create, [Inet, 0, 0, 0]);
                AddText(InTable, table);
                AddText(OfSet, NftablesScript.SetOf(kind.IsIPv4, kind.Length));
                list = Open(Elements | Nested);
            }

            AddElement(entry.Network.First, (ulong)Math.Ceiling((left < NftablesScript.Longest ? left : NftablesScript.Longest).TotalSeconds) * 1000);
        }

        if (message < 0)
        {
            return [];
        }

        End(list, message);
        Close(Begin(BatchEnd, Request, [0, 0, 0, 10]));
        byte[] bytes = [.. _batch];
        // Only the last is answered; any that fails is, too, and before it.
        bytes[last + 6] |= (byte)Acknowledge;
        _batch.Clear();
        _batch.TrimExcess();
        return bytes;
    }

    private void AddElement(ClientAddress address, ulong milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        var element = Open(Element | Nested);
        var key = Open(Key | Nested);
        var value = Open(Value);
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Low);
            _batch.AddRange(bytes[..4]);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
            _batch.AddRange(bytes);
        }

        CloseAttribute(value);
        CloseAttribute(key);
        var timeout = Open(Timeout);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, milliseconds);
        _batch.AddRange(bytes[..8]);
        CloseAttribute(timeout);
        CloseAttribute(element);
    }

    private int Begin(ushort type, ushort flags, ReadOnlySpan<byte> head)
    {
        var at = _batch.Count;
        Add(0u);
        Add(type);
        Add(flags);
        Add(0ul);
        _batch.AddRange(head);
        return at;
    }

    private void End(int list, int message)
    {
        if (message >= 0)
        {
            CloseAttribute(list);
            Close(message);
        }
    }

    private void Close(int message) => MemoryMarshal.Write(CollectionsMarshal.AsSpan(_batch)[message..], (uint)(_batch.Count - message));

    private int Open(ushort type)
    {
        var at = _batch.Count;
        Add((ushort)0);
        Add(type);
        return at;
    }

    private void CloseAttribute(int at) => MemoryMarshal.Write(CollectionsMarshal.AsSpan(_batch)[at..], (ushort)(_batch.Count - at));

    private void AddText(ushort type, string text)
    {
        var at = Open(type);
        _batch.AddRange(Encoding.UTF8.GetBytes(text));
        _batch.Add(0);
        CloseAttribute(at);
        while (_batch.Count % 4 != 0)
        {
            _batch.Add(0);
        }
    }

    private void Add<T>(T value)
        where T : unmanaged => _batch.AddRange(MemoryMarshal.AsBytes<T>([value]));
}
