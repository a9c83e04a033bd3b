using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Postern.SystemTests.Support;

/// <summary>A client's end of the network: runs tools there, or talks to the server itself.</summary>
/// <param name="Host">Who it is.</param>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="LatePort">The server's port that greets late.</param>
internal sealed record ClientHost(Host Host, string Namespace, int LatePort)
{
    /// <summary>The server's address as this client reaches it.</summary>
    public string Server => Host.IsV6 ? Network.ServerAddressV6 : Network.ServerAddress;

    /// <summary>Runs a line of shell as this client, killed at the deadline. What it says is of no matter: the server's log is.</summary>
    public Task<CommandResult> RunAsync(string shell, int seconds, CancellationToken cancellationToken) =>
        Command.RunAsync(["ip", "netns", "exec", Namespace, "sh", "-c", shell], TimeSpan.FromSeconds(seconds), cancellationToken: cancellationToken);

    /// <summary>Opens a conversation with the server from this client's address.</summary>
    public async Task<Dialogue> ConnectAsync(CancellationToken cancellationToken, int port = 25)
    {
        var server = IPAddress.Parse(Server);
        var socket = CreateSocket(Namespace, server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, port, cancellationToken);
            return new Dialogue(socket, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A socket of a namespace. A socket belongs to the namespace that its thread is in when it is made, so a thread
    /// enters the namespace, makes the socket, and ends.
    /// </summary>
    public static Socket CreateSocket(string name, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var door = File.OpenHandle($"/run/netns/{name}");
                if (NativeMethods.setns(door.DangerousGetHandle().ToInt32(), NativeMethods.CloneNewNet) != 0)
                    throw new InvalidOperationException($"setns {name}: error {Marshal.GetLastPInvokeError()}");
                socket = new Socket(family, type, protocol);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or SocketException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException($"No socket in {name}.", failure);
    }

    private static class NativeMethods
    {
        public const int CloneNewNet = 0x40000000;

        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int setns(int fd, int nstype);
    }
}
