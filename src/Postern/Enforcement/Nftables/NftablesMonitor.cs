using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Wakes when somebody else changes our table: the kernel tells every change to sockets of a group (NFNLGRP_NFTABLES in
/// linux/netfilter/nfnetlink.h). As long as no such socket can be had, it does not wake.
/// </summary>
/// <param name="table">Our table.</param>
/// <param name="ourselves">The thread whose changes are our own.</param>
/// <param name="time">The clock.</param>
internal sealed partial class NftablesMonitor(string table, string ourselves, TimeProvider time) : IDisposable
{
    private const int Netlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const int NetfilterProtocol = 12;
    private const uint NftablesGroup = 1 << 6;
    private const int SocketLevel = 1;
    private const int ForceReceiveBuffer = 33;

    // Holds what the kernel tells of one full step of our own; it takes the memory only while it is told.
    private const int Waiting = 16 << 20;

    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(10);

    // More than one message of the kernel.
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly NftablesNews _news = new(Encoding.UTF8.GetBytes(table), Encoding.UTF8.GetBytes(ourselves));
    private volatile Socket? _socket;

    /// <summary>Listens from now on, if it does not yet, in the network namespace of the calling thread.</summary>
    public void Open()
    {
        if (_socket is not null)
        {
            return;
        }

        var handle = OpenSocket(Netlink, Raw | CloseOnExec, NetfilterProtocol);
        if (handle < 0)
        {
            return;
        }

        var owned = new SafeSocketHandle(handle, ownsHandle: true);
        var address = new NetlinkAddress { Family = Netlink, Groups = NftablesGroup };
        try
        {
            if (Bind(handle, in address, Marshal.SizeOf<NetlinkAddress>()) == 0)
            {
                _socket = new Socket(owned);
                _socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, MemoryMarshal.AsBytes([Waiting]));
                return;
            }
        }
        catch (SocketException)
        {
            // Without the larger buffer it may wake once too often; without a socket never.
        }

        if (_socket is null)
        {
            owned.Dispose();
        }
    }

    /// <summary>Completes when somebody else changed our table since it last did; called by one at a time.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Socket? socket;
        while ((socket = _socket) is null)
        {
            await Task.Delay(s_again, time, cancellationToken);
        }

        while (true)
        {
            try
            {
                var length = await socket.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, cancellationToken);
                if (_news.Read(_buffer.AsSpan(0, length)))
                {
                    return;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // There was more to tell than fits: it may well have been somebody else.
                return;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, in NetlinkAddress address, int length);

    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }
}
