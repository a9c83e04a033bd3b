// Drives a policy server or a milter as Postfix does: dotnet run load.cs policy|milter HOST:PORT CONNECTIONS COUNT [BYTES]
//   policy: COUNT requests over CONNECTIONS connections at once; tells requests a second, and how long one took (ms).
//   milter: COUNT sessions with a message of BYTES each, CONNECTIONS at once; tells sessions a second.
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

var server = IPEndPoint.Parse(args[1]);
var connections = int.Parse(args[2]);
var count = int.Parse(args[3]);
var bytes = args.Length > 4 ? int.Parse(args[4]) : 0;
var next = 0;
var times = new List<double>(count);
var clock = Stopwatch.StartNew();
await Task.WhenAll(Enumerable.Range(0, connections).Select(i => args[0] is "milter" ? MilterAsync(i) : PolicyAsync(i)));
var seconds = clock.Elapsed.TotalSeconds;
times.Sort();
Console.WriteLine($"{args[0]} connections={connections} n={times.Count} per_second={times.Count / seconds:0} p50_ms={times[times.Count / 2]:0.00} p99_ms={times[times.Count * 99 / 100]:0.00} max_ms={times[^1]:0.00}");

async Task PolicyAsync(int connection)
{
    await Task.Yield();
    using var socket = await ConnectAsync();
    var buffer = new byte[4096];
    var mine = new List<double>();
    for (int i; (i = Interlocked.Increment(ref next)) <= count;)
    {
        var request = Encoding.ASCII.GetBytes($"""
            request=smtpd_access_policy
            protocol_state=RCPT
            protocol_name=ESMTP
            helo_name=mail.good.example
            queue_id=
            sender=ann@good.example
            recipient=bob@example.org
            recipient_count=0
            client_address=192.0.2.20
            client_name=mail.good.example
            reverse_client_name=mail.good.example
            instance={connection:x}.{i:x}.0
            sasl_method=
            sasl_username=
            sasl_sender=
            size=0
            ccert_subject=
            ccert_issuer=
            ccert_fingerprint=
            encryption_protocol=
            encryption_cipher=
            encryption_keysize=0
            etrn_domain=
            stress=


            """);
        var began = Stopwatch.GetTimestamp();
        await socket.SendAsync(request);
        for (var length = 0; length < 2 || buffer[length - 1] != '\n' || buffer[length - 2] != '\n';)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("the server went away");
        }

        mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    lock (times)
        times.AddRange(mine);
}

async Task MilterAsync(int connection)
{
    await Task.Yield();
    var body = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 76) + "\r\n", (bytes / 78) + 1)))[..bytes];
    for (int i; (i = Interlocked.Increment(ref next)) <= count;)
    {
        var began = Stopwatch.GetTimestamp();
        using var socket = await ConnectAsync();
        await using var stream = new NetworkStream(socket);
        await SendAsync(stream, 'O', [0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0x1F, 0xFF, 0xFF]);
        await ReadAsync(stream);
        await SendAsync(stream, 'C', [.. Text("mail.good.example"), (byte)'4', 0, 25, .. Text("192.0.2.20")]);
        await ReadAsync(stream);
        await SendAsync(stream, 'H', Text("mail.good.example"));
        await SendAsync(stream, 'M', Text("<ann@good.example>"));
        await SendAsync(stream, 'R', Text("<bob@example.org>"));
        foreach (var (name, value) in ((string, string)[])[("From", " ann@good.example"), ("Subject", " hello"), ("Date", " Sun, 1 Mar 2026 12:00:00 +0000"), ("Message-ID", $" <{i}@good.example>")])
            await SendAsync(stream, 'L', [.. Text(name), .. Text(value)]);
        for (var at = 0; at < body.Length; at += 65535)
            await SendAsync(stream, 'B', body[at..Math.Min(body.Length, at + 65535)]);
        await SendAsync(stream, 'E', []);
        while (await ReadAsync(stream) is not ('c' or 'a' or 'y'))
        {
        }

        await SendAsync(stream, 'Q', []);
        lock (times)
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}

async Task<Socket> ConnectAsync()
{
    var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    await socket.ConnectAsync(server);
    return socket;
}

static byte[] Text(string text) => [.. Encoding.ASCII.GetBytes(text), 0];

static async Task SendAsync(NetworkStream stream, char command, byte[] data)
{
    var packet = new byte[5 + data.Length];
    BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)data.Length + 1);
    packet[4] = (byte)command;
    data.CopyTo(packet.AsSpan(5));
    await stream.WriteAsync(packet);
}

static async Task<char> ReadAsync(NetworkStream stream)
{
    var prefix = new byte[4];
    await stream.ReadExactlyAsync(prefix);
    var packet = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix)];
    await stream.ReadExactlyAsync(packet);
    return (char)packet[0];
}
