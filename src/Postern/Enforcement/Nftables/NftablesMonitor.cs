using System.Runtime.InteropServices;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Wakes when anybody changes nftables: the kernel tells it to sockets of a group (NFNLGRP_NFTABLES in
/// linux/netfilter/nfnetlink.h). Where no such socket can be had, it never wakes.
/// </summary>
internal sealed partial class NftablesMonitor : IDisposable
{
    private const int Netlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const int NetfilterProtocol = 12;
    private const uint NftablesGroup = 1 << 6;
    private const int LooksPerWait = 500;

    private readonly Lock _lock = new();
    private int _socket = -1;
    private bool _isOver;

    /// <summary>Completes at the next change.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Open()
        ? Task.Factory.StartNew(() => Wait(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            if (_socket >= 0)
            {
                _ = Close(_socket);
                _socket = -1;
            }
        }
    }

    private bool Open()
    {
        lock (_lock)
        {
            if (_socket < 0 && !_isOver)
            {
                _socket = Socket(Netlink, Raw | CloseOnExec, NetfilterProtocol);
                var address = new NetlinkAddress { Family = Netlink, Groups = NftablesGroup };
                if (_socket >= 0 && Bind(_socket, in address, Marshal.SizeOf<NetlinkAddress>()) != 0)
                {
                    _ = Close(_socket);
                    _socket = -1;
                }
            }

            return _socket >= 0;
        }
    }

    private void Wait(CancellationToken cancellationToken)
    {
        Span<byte> buffer = stackalloc byte[8192];
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int socket;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isOver, this);
                socket = _socket;
            }

            var waiting = new PollEntry { Socket = socket, Wanted = 1 };
            if (Poll(ref waiting, 1, LooksPerWait) > 0)
            {
                // Everything that waits is one disturbance.
                while (Receive(socket, ref MemoryMarshal.GetReference(buffer), buffer.Length, 0x40) > 0)
                {
                }

                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, in NetlinkAddress address, int length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, ref byte buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int socket);

    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Socket;
        public short Wanted;
        public short Happened;
    }
}
