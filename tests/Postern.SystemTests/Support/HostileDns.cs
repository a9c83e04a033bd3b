using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>What the scripted server does with TCP.</summary>
internal enum TcpManner
{
    /// <summary>Answers.</summary>
    Answer,
    /// <summary>Does not listen.</summary>
    Refuse,
    /// <summary>Takes the connection and says nothing.</summary>
    Hold,
    /// <summary>Promises a long answer, sends a piece and closes.</summary>
    Break,
}

/// <summary>A DNS server on loopback that answers as its script says, however wrong.</summary>
internal sealed class HostileDns : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<HostileQuestion, byte[]?> _script;
    private readonly TimeSpan _delay;
    private readonly TcpManner _manner;
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Task[] _loops;
    private int _answers;

    /// <summary>Listens on a free port; a script's null is silence.</summary>
    public HostileDns(Func<HostileQuestion, byte[]?> script, TcpManner manner = TcpManner.Answer, TimeSpan delay = default)
    {
        (_script, _manner, _delay) = (script, manner, delay);
        (_udp, _tcp) = Bind();
        if (manner is TcpManner.Refuse)
        {
            _tcp.Dispose();
        }
        else
        {
            _tcp.Listen(64);
        }

        _loops = [AnswerUdpAsync(), manner is TcpManner.Refuse ? Task.CompletedTask : AnswerTcpAsync()];
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>How many answers it has given, silence as one of them.</summary>
    public int Answers => _answers;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _udp.Dispose();
        _tcp.Dispose();
        _stop.Dispose();
    }

    private static (Socket Udp, Socket Tcp) Bind()
    {
        while (true)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
                return (udp, tcp);
            }
            catch (SocketException)
            {
                // Somebody else has this port for TCP: try the next.
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    private async Task AnswerUdpAsync()
    {
        var buffer = new byte[2048];
        var replies = new List<Task>();
        try
        {
            while (true)
            {
                var from = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                Interlocked.Increment(ref _answers);
                replies.Add(ReplyAsync(_script(HostileQuestion.Read(buffer.AsSpan(0, from.ReceivedBytes), overTcp: false)), from.RemoteEndPoint));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(replies);
        }
    }

    private async Task ReplyAsync(byte[]? reply, EndPoint client)
    {
        try
        {
            await Task.Delay(_delay, _stop.Token);
            if (reply is not null)
            {
                await _udp.SendToAsync(reply, client, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The end, or a client that left.
        }
    }

    private async Task AnswerTcpAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _tcp.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var owned = client;
        await using var stream = new NetworkStream(client);
        var length = new byte[2];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stop.Token);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                Interlocked.Increment(ref _answers);
                if (_manner is TcpManner.Hold)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
                }

                await Task.Delay(_delay, _stop.Token);
                var reply = _script(HostileQuestion.Read(question, overTcp: true)) ?? [];
                var framed = new byte[reply.Length + 2];
                BinaryPrimitives.WriteUInt16BigEndian(framed, _manner is TcpManner.Break ? ushort.MaxValue : (ushort)reply.Length);
                reply.CopyTo(framed, 2);
                await stream.WriteAsync(framed, _stop.Token);
                if (_manner is TcpManner.Break)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The end, or a client that left.
        }
    }
}

/// <summary>A record to send: an owner, a type, a time in seconds, and the data as they go on the wire.</summary>
internal sealed record HostileRecord(string Owner, int Type, byte[] Data, uint Seconds = 60)
{
    public static HostileRecord A(string owner, string address, uint seconds = 60) => new(owner, 1, IPAddress.Parse(address).GetAddressBytes(), seconds);

    public static HostileRecord Alias(string owner, string target) => new(owner, 5, HostileQuestion.Encode(target));

    public static HostileRecord Pointer(string owner, string name) => new(owner, 12, HostileQuestion.Encode(name));

    public static HostileRecord Mx(string owner, string host) => new(owner, 15, [0, 10, .. HostileQuestion.Encode(host)]);

    /// <summary>A text in strings of so many octets.</summary>
    public static HostileRecord Text(string owner, string text, int size = 255, uint seconds = 60) =>
        new(owner, 16, [.. Encoding.Latin1.GetBytes(text).Chunk(size).SelectMany(part => (byte[])[(byte)part.Length, .. part])], seconds);
}

/// <summary>A question as it came, and the replies that can be made of it.</summary>
internal sealed record HostileQuestion(byte[] Packet, int End, string Name, int Type, bool OverTcp)
{
    public static HostileQuestion Read(ReadOnlySpan<byte> packet, bool overTcp)
    {
        var name = new StringBuilder();
        var at = 12;
        while (packet[at] != 0)
        {
            if (name.Length > 0)
            {
                name.Append('.');
            }

            name.Append(Encoding.Latin1.GetString(packet.Slice(at + 1, packet[at])));
            at += packet[at] + 1;
        }

        return new(packet.ToArray(), at + 5, name.ToString().ToLowerInvariant(), BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 1)..]), overTcp);
    }

    public static byte[] Encode(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];

    /// <summary>An orderly reply with these records; a UDP reply over 1,200 octets is cut short, as honest servers do.</summary>
    public byte[] Reply(int code = 0, params IReadOnlyList<HostileRecord> records)
    {
        var reply = new List<byte>(Packet[..End]) { [2] = 0x85, [3] = (byte)(0x80 | code), [8] = 0, [9] = 0, [10] = 0, [11] = 0 };
        var count = 0;
        foreach (var record in records)
        {
            byte[] owner = string.Equals(record.Owner, Name, StringComparison.Ordinal) ? [0xC0, 12] : Encode(record.Owner);
            byte[] whole = [.. owner, 0, (byte)record.Type, 0, 1, 0, 0, 0, 0, (byte)(record.Data.Length >> 8), (byte)record.Data.Length, .. record.Data];
            BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan(owner.Length + 4), record.Seconds);
            if (reply.Count + whole.Length > (OverTcp ? ushort.MaxValue : 1200))
            {
                if (!OverTcp)
                {
                    reply[2] |= 2;
                }

                break;
            }

            reply.AddRange(whole);
            count++;
        }

        (reply[6], reply[7]) = ((byte)(count >> 8), (byte)count);
        return [.. reply];
    }

    /// <summary>The orderly reply, with these octets put behind it and counted as one answer.</summary>
    public byte[] ReplyWithRaw(params byte[] raw)
    {
        byte[] reply = [.. Reply(), .. raw];
        reply[7] = 1;
        return reply;
    }
}
