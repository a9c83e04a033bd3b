using System.Net;
using System.Net.Sockets;

namespace Postern.SystemTests.Support;

/// <summary>Waits for a daemon to listen.</summary>
internal static class Port
{
    /// <summary>Returns when something listens there, and fails after 20 seconds.</summary>
    public static async Task WaitUntilOpenAsync(string name, IPAddress address, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var socket = ClientHost.CreateSocket(name, address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }
}
