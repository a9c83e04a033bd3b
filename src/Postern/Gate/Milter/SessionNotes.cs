using System.Buffers;
using System.Globalization;
using System.Text;
using Postern.Facts;

namespace Postern.Gate.Milter;

/// <summary>
/// Puts down what the milter is told of a client's session, in the words of the log, so that it is judged as a session of the
/// log is. What a milter is not told stays open: how the session ended, which commands it had, what Postfix refused before RCPT.
/// </summary>
internal sealed class SessionNotes
{
    private const int MostEvents = 64;
    private const int MostText = 4096;
    private const int LongestText = 512;
    private const int LongestName = 255;

    private List<SessionEvent>? _events;
    private ClientAddress _client;
    private string? _hostName;
    private LogTime _start;
    private int _accepted;
    private int _length;
    private bool _isAuthenticated;

    /// <summary>A session begins. One of whom nothing is known, such as a program of this host, is not put down.</summary>
    /// <param name="client">The client.</param>
    /// <param name="hostName">Its forward-confirmed name, or null.</param>
    /// <param name="now">When.</param>
    public void Open(ClientAddress client, string? hostName, DateTimeOffset now)
    {
        Forget();
        (_client, _hostName, _start) = (client, hostName, LogTime.From(now));
    }

    /// <summary>The server did not know a command, of which Postfix tells the first word.</summary>
    /// <param name="data">The word, as the client wrote it, and a NUL.</param>
    public void UnknownCommand(in ReadOnlySequence<byte> data)
    {
        var text = data.Slice(0, Math.Min(data.Length, LongestText)).ToArray().AsSpan();
        var end = text.IndexOf((byte)0);
        Note(SmtpEventKind.NonSmtpCommand, SmtpStage.UnknownCommand, 0, Shown(Secrets.Remove((end < 0 ? text : text[..end]).ToArray()).Span, LongestText));
    }

    /// <summary>The server refused a recipient.</summary>
    /// <param name="status">The enhanced status code (RFC 3463).</param>
    /// <param name="reason">Why, in the server's words.</param>
    /// <param name="recipient">Whom; the client's word.</param>
    public void RecipientRefused(string status, string reason, string recipient)
    {
        // Postfix does not tell the reply code; its class is the status's. The end is that of the log's line, because what
        // stands before it is the client's to choose.
        var code = status.StartsWith('4') ? 450 : 550;
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{code} {status} <{Short(recipient)}>: {Short(reason)}"));
        Note(SmtpEventKind.Reject, SmtpStage.Rcpt, code, [.. Shown(text, LongestText - 16), .. "; from=<>"u8]);
    }

    /// <summary>We refused a message at its end.</summary>
    /// <param name="reply">The reply: code, status, reason.</param>
    public void MessageRefused(string reply) =>
        Note(SmtpEventKind.MessageRejected, SmtpStage.EndOfMessage, int.Parse(reply.AsSpan(0, 3), CultureInfo.InvariantCulture), Shown(Encoding.UTF8.GetBytes(reply), LongestText));

    /// <summary>A message was taken.</summary>
    /// <param name="isAuthenticated">True where the client had logged in.</param>
    public void MessageAccepted(bool isAuthenticated)
    {
        _accepted++;
        _isAuthenticated |= isAuthenticated;
    }

    /// <summary>The client logged in.</summary>
    public void LoggedIn() => _isAuthenticated = true;

    /// <summary>Ends the session.</summary>
    /// <param name="helo">The name of the last HELO or EHLO, or null.</param>
    /// <param name="serverName">The server's name, or null.</param>
    /// <param name="now">When.</param>
    /// <returns>The session; null where none is open.</returns>
    public SmtpSession? Close(string? helo, string? serverName, DateTimeOffset now)
    {
        if (!_client.IsKnown)
        {
            return null;
        }

        var session = new SmtpSession
        {
            Client = _client,
            HostName = _hostName,
            // The log tells it with a refusal only: a sender that errs in its name and in nothing else is left alone.
            Helo = _events is null ? null : helo is { Length: > LongestName } ? helo[..LongestName] : helo,
            Start = _start,
            End = LogTime.From(now),
            Accepted = _accepted,
            IsAuthenticated = _isAuthenticated,
            StartSeen = true,
            ServerName = serverName,
            Events = _events is null ? [] : [.. _events],
        };
        Forget();
        return session;
    }

    /// <summary>Forgets the session that is open.</summary>
    public void Forget() => (_client, _hostName, _start, _accepted, _length, _isAuthenticated, _events) = (ClientAddress.Unknown, null, default, 0, 0, false, null);

    private void Note(SmtpEventKind kind, SmtpStage stage, int number, byte[] text)
    {
        _events ??= [];
        // Postfix itself ends a session after 20 errors.
        if (_events.Count >= MostEvents || _length + text.Length > MostText)
        {
            return;
        }

        _length += text.Length;
        _events.Add(new SessionEvent(kind, stage, number, text));
    }

    private static string Short(string text) => text.Length > LongestName ? text[..LongestName] : text;

    // As Postfix 3.7 and later write it into the log.
    private static byte[] Shown(ReadOnlySpan<byte> text, int most)
    {
        var shown = new List<byte>(text.Length);
        foreach (var c in text)
        {
            if (shown.Count + 4 > most)
            {
                break;
            }

            if (c is >= 32 and < 127 and not (byte)'\\')
            {
                shown.Add(c);
            }
            else
            {
                shown.AddRange([(byte)'\\', (byte)('0' + (c >> 6)), (byte)('0' + ((c >> 3) & 7)), (byte)('0' + (c & 7))]);
            }
        }

        return [.. shown];
    }
}
