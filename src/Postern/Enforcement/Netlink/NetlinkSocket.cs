using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Postern.Enforcement.Netlink;

/// <summary>Takes one message: its type, and what follows its header.</summary>
internal delegate void NetlinkHandler(ushort type, ReadOnlySpan<byte> body);

/// <summary>A socket to a part of the kernel (netlink(7)), in the network namespace of the thread that opened it.</summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    /// <summary>Firewalls (linux/netfilter/nfnetlink.h).</summary>
    public const int Netfilter = 12;

    /// <summary>Sockets (sock_diag(7)).</summary>
    public const int SocketDiagnosis = 4;

    /// <summary>Bytes of a message's header.</summary>
    public const int Header = 16;

    /// <summary>No such thing (errno).</summary>
    public const int NoEntry = 2;

    /// <summary>Not permitted (errno).</summary>
    public const int NotPermitted = 1;

    /// <summary>The list changed while it was read (errno, EAGAIN).</summary>
    public const int Interrupted = 11;

    private const int Netlink = 16;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const ushort DumpInterrupted = 0x10;
    private const int Patience = 10_000;

    // More than one message of the kernel.
    private readonly byte[] _buffer = new byte[64 << 10];

    private NetlinkSocket(Socket socket)
    {
        Socket = socket;
        // The kernel answers at once; nothing waits for ever all the same.
        socket.ReceiveTimeout = Patience;
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>Opens one.</summary>
    /// <param name="protocol">Which part.</param>
    /// <param name="groups">What to be told of, a bit a group.</param>
    /// <returns>The socket, or null where there is none to be had.</returns>
    public static NetlinkSocket? Open(int protocol, uint groups = 0)
    {
        var handle = OpenSocket(Netlink, Raw | CloseOnExec, protocol);
        if (handle < 0)
        {
            return null;
        }

        var owned = new SafeSocketHandle(handle, ownsHandle: true);
        try
        {
            var address = new NetlinkAddress { Family = Netlink, Groups = groups };
            if (Bind(handle, in address, Marshal.SizeOf<NetlinkAddress>()) == 0)
            {
                return new NetlinkSocket(new Socket(owned));
            }
        }
        catch (SocketException)
        {
            // As good as none.
        }

        owned.Dispose();
        return null;
    }

    /// <summary>Sends a request and takes all that the kernel answers.</summary>
    /// <returns>0, or the kernel's error number (errno(3)); <see cref="Interrupted"/> where the list changed while it was read.</returns>
    /// <exception cref="SocketException">The socket is broken.</exception>
    public int Ask(byte[] request, NetlinkHandler handler)
    {
        Socket.Send(request);
        var isInterrupted = false;
        while (true)
        {
            var messages = _buffer.AsSpan(0, Socket.Receive(_buffer));
            while (messages.Length >= Header)
            {
                var length = (int)Math.Clamp(MemoryMarshal.Read<uint>(messages), Header, (uint)messages.Length);
                var type = MemoryMarshal.Read<ushort>(messages[4..]);
                isInterrupted |= (MemoryMarshal.Read<ushort>(messages[6..]) & DumpInterrupted) != 0;
                if (type is Error or Done)
                {
                    var code = length >= Header + 4 ? -MemoryMarshal.Read<int>(messages[Header..]) : 0;
                    return code == 0 && isInterrupted ? Interrupted : code;
                }

                handler(type, messages[Header..length]);
                messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

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
