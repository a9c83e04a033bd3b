using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using DnsClient;

namespace Postern.Checks.Dns;

/// <summary>Asks one question once more, of whom the DNS library could not understand: over UDP, and over TCP where the answer is cut.</summary>
internal sealed class WireQuery(IReadOnlyList<IPEndPoint> servers, DnsOptions options, TimeProvider time)
{
    private const int LargestDatagram = 1232;

    /// <summary>The response of the first server that gives one; null where none does.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled.</exception>
    public async Task<WireResponse?> AskAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        foreach (var server in servers)
        {
            using var limit = new CancellationTokenSource(options.QueryTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var question = Question(name, type);
                var packet = await OverUdpAsync(server, question, both.Token);
                // The bit TC (RFC 1035, 4.1.1).
                packet = (packet[2] & 2) != 0 ? await OverTcpAsync(server, question, both.Token) : packet;
                return WireResponse.Read(packet, new NameServer(server));
            }
            catch (Exception e) when (e is SocketException or IOException or FormatException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next one, then.
            }
        }

        return null;
    }

    private static async Task<byte[]> OverUdpAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        // A socket of its own, connected: only the server's answers arrive, at a port that nobody can foresee.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(question, cancellationToken);
        var buffer = new byte[4096];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken);
            if (length >= 12 && buffer[0] == question[0] && buffer[1] == question[1])
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> OverTcpAsync(IPEndPoint server, byte[] question, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, cancellationToken);
        var stream = client.GetStream();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)question.Length);
        await stream.WriteAsync((byte[])[.. length, .. question], cancellationToken);
        await stream.ReadExactlyAsync(length, cancellationToken);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(packet, cancellationToken);
        return packet.Length >= 12 && packet[0] == question[0] && packet[1] == question[1] ? packet : throw new FormatException("the answer has another id");
    }

    /// <summary>The question with recursion desired, and the size that fits (RFC 6891).</summary>
    private static byte[] Question(string name, DnsType type)
    {
        var packet = new ArrayBufferWriter<byte>(320);
        packet.Write(RandomNumberGenerator.GetBytes(2));
        packet.Write<byte>([1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
        foreach (var label in name.Split('.'))
        {
            packet.Write<byte>([(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]);
        }

        packet.Write<byte>([0, 0, (byte)DnsClientResolver.ToQueryType(type), 0, 1]);
        packet.Write<byte>([0, 0, 41, LargestDatagram >> 8, LargestDatagram & 255, 0, 0, 0, 0, 0, 0]);
        return packet.WrittenSpan.ToArray();
    }
}
