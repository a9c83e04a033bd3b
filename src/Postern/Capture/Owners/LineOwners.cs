using Postern.Facts;

namespace Postern.Capture.Owners;

/// <summary>
/// Tells whose line it is, for lines of Postfix's, Dovecot's and sshd's. A client's words may name anybody; what counts is only
/// what the program put at a place of its own. Lines of Postfix's that tell a message by its queue id belong to the client
/// of that message's <c>client=</c> line, of which the last ones are kept.
/// </summary>
internal sealed class LineOwners
{
    // A message that waits in the queue longer than so many others come is told of without its client.
    private const int MostQueueIds = 16_384;
    private const int LongestQueueId = 24;

    private readonly Dictionary<ulong, ClientAddress> _clients = [];
    private readonly Queue<ulong> _order = new();

    private static ReadOnlySpan<byte> ClientIs => ": client="u8;

    /// <summary>Takes a line in passing: it may tell the client of a message.</summary>
    public void Note(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf(ClientIs) < 0 || LineProgram.Read(line, out var message) != LoggingProgram.Smtpd)
        {
            return;
        }

        var id = QueueId(ref message);
        if (id == 0 || !message.StartsWith(ClientIs[2..]) || PostfixOwner.OfSmtpd(message) is not { Kind: LineOwnerKind.Certain } owner)
        {
            return;
        }

        if (!_clients.ContainsKey(id))
        {
            _order.Enqueue(id);
        }

        _clients[id] = owner.Client;
        if (_order.Count > MostQueueIds)
        {
            _clients.Remove(_order.Dequeue());
        }
    }

    /// <summary>Whose line it is.</summary>
    /// <param name="line">A whole line, with or without its stamp.</param>
    public LineOwner Of(ReadOnlySpan<byte> line)
    {
        var program = LineProgram.Read(line, out var message);
        message = InsideRepetition(message);
        switch (program)
        {
            case LoggingProgram.Smtpd:
                _ = QueueId(ref message);
                return PostfixOwner.OfSmtpd(message);
            case LoggingProgram.Screening:
                _ = QueueId(ref message);
                return PostfixOwner.OfScreening(message);
            case LoggingProgram.Postfix:
                return QueueId(ref message) is not 0 and var id && _clients.TryGetValue(id, out var client) ? LineOwner.Of(client) : LineOwner.Nobody;
            case LoggingProgram.Dovecot or LoggingProgram.DovecotLogin:
                return DovecotOwner.Of(message, program == LoggingProgram.DovecotLogin);
            case LoggingProgram.Sshd:
                return SshdOwner.Of(message);
            default:
                return default;
        }
    }

    // A hash of the queue id; 0 where there is none. The message goes on behind it.
    private static ulong QueueId(ref ReadOnlySpan<byte> message)
    {
        var colon = message[..Math.Min(message.Length, LongestQueueId + 1)].IndexOf(": "u8);
        if (colon < 5)
        {
            return 0;
        }

        foreach (var b in message[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
            {
                return 0;
            }
        }

        var id = message[..colon];
        // Postfix's own words are of lower case alone: "warning", "reject", "discard".
        if (!id.ContainsAnyExceptInRange((byte)'a', (byte)'z'))
        {
            return 0;
        }

        message = message[(colon + 2)..];
        return id.SequenceEqual("NOQUEUE"u8) ? 0 : SeededHash.Of(id);
    }

    // rsyslog's RepeatedMsgReduction.
    private static ReadOnlySpan<byte> InsideRepetition(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("message repeated "u8))
        {
            return message;
        }

        var open = message[..Math.Min(message.Length, 40)].IndexOf(" times: ["u8);
        return open < 0 ? message : message[(open + 9)..].TrimStart((byte)' ').TrimEnd((byte)']');
    }
}
