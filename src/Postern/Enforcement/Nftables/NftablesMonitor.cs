using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Postern.Enforcement.Netlink;

namespace Postern.Enforcement.Nftables;

/// <summary>
/// Wakes when somebody else changes our table: the kernel tells every change to sockets of a group (NFNLGRP_NFTABLES in
/// linux/netfilter/nfnetlink.h). As long as no such socket can be had, it does not wake.
/// </summary>
/// <param name="table">Our table.</param>
/// <param name="ourselves">The thread whose changes are our own.</param>
/// <param name="time">The clock.</param>
internal sealed class NftablesMonitor(string table, string ourselves, TimeProvider time) : IDisposable
{
    private const int GroupNumber = 7;
    private const uint NftablesGroup = 1 << (GroupNumber - 1);
    private const int NetlinkLevel = 270;
    private const int AddMembership = 1;
    private const int DropMembership = 2;
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
        if (_socket is not null || NetlinkSocket.Open(NetlinkSocket.Netfilter, NftablesGroup) is not { } opened)
        {
            return;
        }

        _socket = opened.Socket;
        try
        {
            _socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, MemoryMarshal.AsBytes([Waiting]));
        }
        catch (SocketException)
        {
            // Without the larger buffer it may wake once too often.
        }
    }

    /// <summary>Hears nothing until <see cref="Resume"/>: the kernel would tell each of very many bans that we make ourselves.</summary>
    public void Pause() => Join(DropMembership);

    /// <summary>Hears again from now on.</summary>
    public void Resume() => Join(AddMembership);

    private void Join(int option)
    {
        try
        {
            _socket?.SetRawSocketOption(NetlinkLevel, option, MemoryMarshal.AsBytes<int>([GroupNumber]));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Then it is told all of it, or nothing more; the looks without a reason go on.
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
}
