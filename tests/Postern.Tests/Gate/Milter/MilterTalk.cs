using System.Buffers.Binary;
using System.Text;

namespace Postern.Tests.Gate.Milter;

/// <summary>What a mail server says in the milter protocol, byte by byte as Postfix does, and what it hears, as text.</summary>
internal sealed class MilterTalk
{
    /// <summary>Everything that Postfix 3.7 offers.</summary>
    public const uint AllSteps = 0x1FFFFF;

    private readonly List<byte> _bytes = [];

    /// <summary>What was said so far.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>Offers what the server can.</summary>
    public MilterTalk Negotiate(uint version = 6, uint actions = 0x1FF, uint steps = AllSteps) =>
        Say('O', [.. Number(version), .. Number(actions), .. Number(steps)]);

    /// <summary>A session with a message from start to its end, without the farewell.</summary>
    public MilterTalk Message(string headers, string body = "Hello\r\n", string client = "192.0.2.7", string sender = "<ann@example.com>")
    {
        Connect(client).Say('H', Text("mx.example.com")).Mail(sender).Say('R', Text("<bob@example.org>"));
        return Content(headers, body);
    }

    /// <summary>The content of a message: headers, <c>Name:value</c> each a line, folded ones with a tab or blank.</summary>
    public MilterTalk Content(string headers, string body)
    {
        Say('T', []);
        foreach (var header in headers.Replace("\n\t", "\0\t", StringComparison.Ordinal).Replace("\n ", "\0 ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            Say('L', [.. Text(header[..colon]), .. Text(header[(colon + 1)..].Replace('\0', '\n'))]);
        }

        Say('N', []);
        if (body.Length > 0)
        {
            Say('B', Encoding.Latin1.GetBytes(body));
        }

        return Say('E', []);
    }

    /// <summary>A client connects.</summary>
    public MilterTalk Connect(string client) =>
        Say('C', [.. Text("mx.example.com"), (byte)(client.Contains(':', StringComparison.Ordinal) ? '6' : '4'), 0xC0, 0x00, .. Text(client)]);

    /// <summary>MAIL FROM, with the macros that Postfix sends before it.</summary>
    public MilterTalk Mail(string sender, string login = "") =>
        Say('D', [(byte)'M', .. Text("i"), .. Text("4abc"), .. Text("{auth_authen}"), .. Text(login)]).Say('M', [.. Text(sender), .. Text("SIZE=100")]);

    /// <summary>RCPT TO of a recipient that Postfix refused, with the macros that say so.</summary>
    public MilterTalk Refused(string recipient, string status, string reason) =>
        Say('D', [(byte)'R', .. Text("{rcpt_addr}"), .. Text(reason), .. Text("{rcpt_host}"), .. Text(status), .. Text("{rcpt_mailer}"), .. Text("error")]).Say('R', Text(recipient));

    /// <summary>RCPT TO of a recipient that Postfix accepts, with the macros that say so.</summary>
    public MilterTalk Recipient(string recipient) =>
        Say('D', [(byte)'R', .. Text("{rcpt_addr}"), .. Text(recipient.Trim('<', '>')), .. Text("{rcpt_host}"), .. Text("example.org"), .. Text("{rcpt_mailer}"), .. Text("local")]).Say('R', Text(recipient));

    /// <summary>Any packet.</summary>
    public MilterTalk Say(char command, byte[] data)
    {
        _bytes.AddRange(Number((uint)data.Length + 1));
        _bytes.Add((byte)command);
        _bytes.AddRange(data);
        return this;
    }

    /// <summary>Bytes as they are.</summary>
    public MilterTalk Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A text with its end.</summary>
    public static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];

    /// <summary>Packets as lines: the command, and the data with NULs as bars and numbers in brackets.</summary>
    public static IReadOnlyList<string> Read(byte[] bytes)
    {
        var packets = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            var packet = bytes.AsSpan(at + 4, length);
            at += 4 + length;
            var command = (char)packet[0];
            var data = packet[1..];
            packets.Add(command switch
            {
                'O' => $"O {Hex(data[..4])} {Hex(data[4..8])} {Hex(data[8..12])}{Macros(data[12..])}",
                'i' or 'm' => $"{command}[{BinaryPrimitives.ReadUInt32BigEndian(data)}]{Show(data[4..])}",
                _ => command + Show(data),
            });
        }

        return packets;
    }

    // A stage and its macros, as often as there are any.
    private static string Macros(ReadOnlySpan<byte> data)
    {
        var text = "";
        while (!data.IsEmpty)
        {
            var end = 4 + data[4..].IndexOf((byte)0) + 1;
            text += $" [{Hex(data[..4])}]{Show(data[4..end])}";
            data = data[end..];
        }

        return text;
    }

    private static string Hex(ReadOnlySpan<byte> number) => BinaryPrimitives.ReadUInt32BigEndian(number).ToString("x");

    private static string Show(ReadOnlySpan<byte> data) => Encoding.UTF8.GetString(data).Replace('\0', '|');

    private static byte[] Number(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
