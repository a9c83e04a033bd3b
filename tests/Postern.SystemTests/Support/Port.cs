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
            try
            {
                (await NamespaceSocket.ConnectAsync(name, new IPEndPoint(address, port), [])).Dispose();
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
    }
}
