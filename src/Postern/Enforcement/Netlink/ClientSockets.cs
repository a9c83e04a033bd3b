using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Postern.Facts;

namespace Postern.Enforcement.Netlink;

/// <summary>
/// Ends TCP connections of banned clients to this machine at both ends (SOCK_DESTROY of sock_diag(7)): the server's process
/// reads an error, the client gets a reset. Without it a server waits for its own time-out for a client that it cannot hear
/// any more. Used from one thread, whose network namespace counts; needs CAP_NET_ADMIN.
/// </summary>
internal sealed class ClientSockets : IDisposable
{
    private const ushort ByFamily = 20;
    private const ushort Destroy = 21;
    private const byte Tcp = 6;
    private const byte IPv4 = 2;
    private const byte IPv6 = 10;
    private const int RequestLength = 56;

    // Where the id of a socket begins in a request (inet_diag_req_v2) and in an answer (inet_diag_msg), and how long it is.
    private const int IdInRequest = 8;
    private const int IdInAnswer = 4;
    private const int IdLength = 48;
    private const int PeerInId = 20;

    // ESTABLISHED, FIN-WAIT-1 and -2, CLOSE-WAIT (net/tcp_states.h): the others have no process that waits.
    private const uint States = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 8;

    private NetlinkSocket? _kernel;
    private bool _isUnable;

    /// <summary>Closes those connections.</summary>
    /// <param name="ports">The local ports; empty for all.</param>
    /// <param name="isBanned">Whose.</param>
    /// <returns>How many were closed; 0 where the kernel cannot do it.</returns>
    public int Close(IReadOnlyCollection<int> ports, Func<ClientAddress, bool> isBanned)
    {
        if (_isUnable || (_kernel ??= NetlinkSocket.Open(NetlinkSocket.SocketDiagnosis)) is not { } kernel)
        {
            return 0;
        }

        try
        {
            var closed = 0;
            foreach (var socket in Find(kernel, ports, isBanned))
            {
                // One that is gone meanwhile is no failure; a kernel built without CONFIG_INET_DIAG_DESTROY never learns it.
                var error = kernel.Ask(new NetlinkRequest(Destroy, NetlinkRequest.Acknowledge, socket).ToArray(), static (_, _) => { });
                closed += error == 0 ? 1 : 0;
                _isUnable |= error is not (0 or NetlinkSocket.NoEntry);
                if (_isUnable)
                {
                    break;
                }
            }

            return closed;
        }
        catch (SocketException)
        {
            kernel.Dispose();
            _kernel = null;
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel?.Dispose();

    /// <summary>Reads one answer: the request that closes its socket; null where it is none of those.</summary>
    internal static byte[]? Read(ReadOnlySpan<byte> answer, IReadOnlyCollection<int> ports, Func<ClientAddress, bool> isBanned)
    {
        if (answer.Length < IdInAnswer + IdLength)
        {
            return null;
        }

        var id = answer.Slice(IdInAnswer, IdLength);
        var peer = id[PeerInId..];
        var client = answer[0] == IPv4
            ? ClientAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(peer))
            : new ClientAddress(BinaryPrimitives.ReadUInt64BigEndian(peer), BinaryPrimitives.ReadUInt64BigEndian(peer[8..]));
        if ((ports.Count > 0 && !ports.Contains(BinaryPrimitives.ReadUInt16BigEndian(id))) || !isBanned(client))
        {
            return null;
        }

        var request = Request(answer[0]);
        id.CopyTo(request.AsSpan(IdInRequest));
        return request;
    }

    private static List<byte[]> Find(NetlinkSocket kernel, IReadOnlyCollection<int> ports, Func<ClientAddress, bool> isBanned)
    {
        List<byte[]> found = [];
        foreach (var family in (ReadOnlySpan<byte>)[IPv4, IPv6])
        {
            kernel.Ask(new NetlinkRequest(ByFamily, NetlinkRequest.Dump, Request(family)).ToArray(), (_, answer) =>
            {
                if (Read(answer, ports, isBanned) is { } socket)
                {
                    found.Add(socket);
                }
            });
        }

        return found;
    }

    private static byte[] Request(byte family)
    {
        var request = new byte[RequestLength];
        (request[0], request[1]) = (family, Tcp);
        MemoryMarshal.Write(request.AsSpan(4), States);
        return request;
    }
}
