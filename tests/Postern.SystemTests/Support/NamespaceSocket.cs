using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Postern.SystemTests.Support;

/// <summary>
/// Sockets of a network namespace. A socket belongs to the namespace that its thread is in when it is made, so a thread
/// of its own enters the namespace, makes the socket, connects it, and ends.
/// </summary>
internal static class NamespaceSocket
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>Connects from within the namespace and sends the opening in the same breath.</summary>
    public static Task<Socket> ConnectAsync(string name, IPEndPoint server, byte[] opening, IPAddress? from = null)
    {
        var connected = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Socket? socket = null;
            try
            {
                Enter(name);
                socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (from is not null)
                {
                    socket.Bind(new IPEndPoint(from, 0));
                }

                socket.Connect(server);
                if (opening.Length > 0)
                {
                    socket.Send(opening);
                }

                connected.SetResult(socket);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
            {
                socket?.Dispose();
                connected.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return connected.Task;
    }

    /// <summary>A datagram socket of the namespace on a free loopback port, which nobody reads.</summary>
    public static Task<Socket> BindSilentAsync(string? name)
    {
        var bound = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                if (name is not null)
                {
                    Enter(name);
                }

                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                bound.SetResult(socket);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
            {
                bound.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return bound.Task;
    }

    /// <summary>Takes the calling thread into the namespace for the rest of its life.</summary>
    public static void Enter(string name)
    {
        using var service = File.OpenHandle($"/run/netns/{name}");
        if (NativeMethods.setns(service.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
        {
            throw new InvalidOperationException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int setns(int fd, int nstype);
    }
}
