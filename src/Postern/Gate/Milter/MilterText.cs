using System.Buffers;
using System.Text;
using Postern.Facts;

namespace Postern.Gate.Milter;

/// <summary>Reads the data of packets: texts that end with a NUL.</summary>
internal static class MilterText
{
    /// <summary>The texts of a packet; what has no NUL at its end is a text, too.</summary>
    public static List<string> All(in ReadOnlySequence<byte> data)
    {
        var texts = new List<string>();
        var reader = new SequenceReader<byte>(data);
        while (!reader.End)
        {
            if (!reader.TryReadTo(out ReadOnlySequence<byte> text, (byte)0))
            {
                text = reader.UnreadSequence;
                reader.AdvanceToEnd();
            }

            texts.Add(Encoding.UTF8.GetString(text));
        }

        return texts;
    }

    /// <summary>The first text.</summary>
    public static string First(in ReadOnlySequence<byte> data)
    {
        var end = data.PositionOf((byte)0);
        return Encoding.UTF8.GetString(end is { } at ? data.Slice(0, at) : data);
    }

    /// <summary>An address of MAIL or RCPT without its angle brackets.</summary>
    public static string Address(in ReadOnlySequence<byte> data)
    {
        var text = First(data).Trim();
        return text is ['<', .., '>'] ? text[1..^1].Trim() : text;
    }

    /// <summary>
    /// The client of a connect packet: host name, NUL, family (<c>4</c>, <c>6</c>, <c>L</c>, <c>U</c>), port of 16 bits,
    /// address, NUL. Unknown for local and unknown families.
    /// </summary>
    public static ClientAddress Client(in ReadOnlySequence<byte> data)
    {
        var reader = new SequenceReader<byte>(data);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> _, (byte)0) || !reader.TryRead(out var family) || family is not ((byte)'4' or (byte)'6') || reader.Remaining < sizeof(ushort))
        {
            return ClientAddress.Unknown;
        }

        reader.Advance(sizeof(ushort));
        var text = First(reader.UnreadSequence);
        if (text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[5..];
        }

        return ClientAddress.TryParse(text, out var client) ? client : ClientAddress.Unknown;
    }

    /// <summary>The host name of a connect packet; null for <c>unknown</c>, and for the address in brackets that Postfix writes instead.</summary>
    public static string? HostName(in ReadOnlySequence<byte> data) =>
        First(data) is { Length: > 0 and <= 255 } name && name[0] != '[' && !string.Equals(name, "unknown", StringComparison.OrdinalIgnoreCase) ? name : null;

    /// <summary>The command that a packet of macros belongs to: its first byte.</summary>
    public static byte MacroStage(in ReadOnlySequence<byte> data) => data.IsEmpty ? (byte)0 : data.FirstSpan[0];

    /// <summary>What a packet of macros says of one; null where it has none of that name, or an empty one.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="name">Its name, with braces as it comes.</param>
    public static string? Macro(in ReadOnlySequence<byte> data, string name)
    {
        if (data.IsEmpty)
        {
            return null;
        }

        var texts = All(data.Slice(1));
        for (var i = 0; i + 1 < texts.Count; i += 2)
        {
            if (string.Equals(texts[i], name, StringComparison.Ordinal) && texts[i + 1].Length > 0)
            {
                return texts[i + 1];
            }
        }

        return null;
    }
}
