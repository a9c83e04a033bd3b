using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Postern.SystemTests.Support;

/// <summary>
/// One conversation with the server, written in a test as Postfix's own transcript writes it: <c>Out</c> is what the
/// server says, <c>In</c> is what the client says. Bytes and characters are the same here (ISO 8859-1).
/// </summary>
internal sealed class Dialogue : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly CancellationToken _cancellationToken;
    private readonly StringBuilder _transcript = new();
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream;
    private string _pending = "";

    /// <summary>A conversation on this socket, on which the client has already sent the opening.</summary>
    public Dialogue(Socket socket, string opening, CancellationToken cancellationToken)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _cancellationToken = cancellationToken;
        if (opening.Length > 0)
        {
            Note(opening);
        }
    }

    /// <summary>What was said so far.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>The client says a line.</summary>
    public Task In(string line) => Send($"{line}\r\n");

    /// <summary>The client sends these characters as they are.</summary>
    public async Task Send(string characters)
    {
        Note(characters);
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(characters), _cancellationToken);
    }

    /// <summary>The server's next reply must begin with this.</summary>
    public async Task Out(string beginning)
    {
        var reply = await Hear();
        reply.ShouldStartWith(beginning, Case.Sensitive, Transcript);
    }

    /// <summary>The client says a line and hears the reply out, whatever it is.</summary>
    public async Task<string> Ask(string line)
    {
        await In(line);
        return await Hear();
    }

    /// <summary>Delivers a message, each step of which the server must take.</summary>
    /// <param name="helo">Its name; the envelope sender is anna@partner.example.</param>
    /// <param name="recipient">To whom.</param>
    public async Task Deliver(string helo, string recipient)
    {
        await Out("220");
        foreach (var line in (string[])[$"EHLO {helo}", "MAIL FROM:<anna@partner.example>", $"RCPT TO:<{recipient}>"])
        {
            (await Ask(line)).ShouldStartWith("250");
        }

        (await Ask("DATA")).ShouldStartWith("354");
        (await Ask("Subject: hello\r\n\r\nGood morning.\r\n.")).ShouldStartWith("250");
        (await Ask("QUIT")).ShouldStartWith("221");
    }

    /// <summary>The server must have closed the connection.</summary>
    public async Task Closed()
    {
        var reply = await Hear();
        reply.ShouldBeEmpty(Transcript);
    }

    /// <summary>The next reply, all its lines; empty where the server has closed or stays silent too long.</summary>
    public Task<string> Hear() => Hear(s_patience);

    /// <summary>The same for the impatient.</summary>
    public async Task<string> Hear(TimeSpan patience)
    {
        var reply = new StringBuilder();
        while (await ReadLine(patience) is { } line)
        {
            _transcript.Append(" Out: ").AppendLine(line);
            reply.AppendLine(line);
            if (line.Length < 4 || line[3] != '-')
            {
                break;
            }
        }

        return reply.ToString();
    }

    /// <summary>Goes on in TLS, whatever certificate the server has; it has just said that it is ready for it.</summary>
    public async Task Encrypt()
    {
        // The laboratory's certificates are nobody's.
#pragma warning disable CA5359, MA0039
        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359, MA0039
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example.org" }, _cancellationToken);
        _stream = encrypted;
    }

    /// <summary>Waits a moment without reading, as a client does that plays a script.</summary>
    public Task Linger() => Task.Delay(TimeSpan.FromMilliseconds(100), _cancellationToken);

    /// <summary>Leaves without a word.</summary>
    public void Dispose() => _stream.Dispose();

    private void Note(string characters) => _transcript.Append(" In:  ").AppendLine(characters.TrimEnd('\r', '\n'));

    private async Task<string?> ReadLine(TimeSpan patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            int end;
            while ((end = _pending.IndexOf("\r\n", StringComparison.Ordinal)) < 0)
            {
                var count = await _stream.ReadAsync(_buffer, limit.Token);
                if (count == 0)
                {
                    return null;
                }

                _pending += Encoding.Latin1.GetString(_buffer, 0, count);
            }

            var line = _pending[..end];
            _pending = _pending[(end + 2)..];
            return line;
        }
        catch (IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!_cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
