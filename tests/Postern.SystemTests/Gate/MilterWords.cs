using System.Buffers.Binary;
using System.Text;

namespace Postern.SystemTests.Gate;

/// <summary>What a mail server says in the milter protocol, byte by byte.</summary>
internal sealed class MilterWords
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was said so far.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>The commands of an answer's packets, a letter each; what is no packet is a question mark.</summary>
    public static string Commands(byte[] answer)
    {
        var commands = new StringBuilder();
        for (var at = 0; at < answer.Length;)
        {
            var length = at + 4 < answer.Length ? BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(at)) : 0;
            if (length == 0 || at + 4 + length > answer.Length)
            {
                return commands.Append('?').ToString();
            }

            commands.Append((char)answer[at + 4]);
            at += 4 + (int)length;
        }

        return commands.ToString();
    }

    /// <summary>Offers all that Postfix 3.7 can.</summary>
    public MilterWords Negotiate() => Say('O', [0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0x1F, 0xFF, 0xFF]);

    /// <summary>A session with a message that bears two forged results, and the farewell.</summary>
    public MilterWords Session() =>
        Say('C', [.. Text("mx.example.com"), (byte)'4', 0xC0, 0, .. Text("203.0.113.7")])
        .Say('H', Text("mx.example.com"))
        .Say('D', [(byte)'M', .. Text("i"), .. Text("4abc"), .. Text("{auth_authen}"), .. Text("")])
        .Say('M', Text("<ann@example.com>"))
        .Say('R', Text("<bob@example.org>"))
        .Say('L', [.. Text("Authentication-Results"), .. Text(" mx.example.net; spf=pass")])
        .Say('L', [.. Text("From"), .. Text(" ann@example.com")])
        .Say('L', [.. Text("Authentication-Results"), .. Text(" (again)\n MX.example.net 1; dkim=pass")])
        .Say('B', "hello\r\n"u8.ToArray())
        .Say('E', [])
        .Say('Q', []);

    /// <summary>Any packet.</summary>
    public MilterWords Say(char command, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length + 1);
        _bytes.AddRange([.. length, (byte)command, .. data]);
        return this;
    }

    private static byte[] Text(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
