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
    public static Task<Socket> ConnectAsync(string name, IPEndPoint server, byte[] opening)
    {
        var connected = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Socket? socket = null;
            try
            {
                Enter(name);
                socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(server);
                if (opening.Length > 0)
                    socket.Send(opening);
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

    /// <summary>Takes the calling thread into the namespace for the rest of its life.</summary>
    public static void Enter(string name)
    {
        using var door = File.OpenHandle($"/run/netns/{name}");
        if (NativeMethods.setns(door.DangerousGetHandle().ToInt32(), CloneNewNet) != 0)
            throw new InvalidOperationException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
    }

    private static class NativeMethods
    {
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int setns(int fd, int nstype);
    }
}
