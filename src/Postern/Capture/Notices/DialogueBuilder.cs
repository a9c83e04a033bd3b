using System.Buffers;
using System.Text;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>Collects one transcript within bounds, joins what Postfix wrapped, and leaves secrets out.</summary>
internal sealed class DialogueBuilder
{
    /// <summary>How many bytes of a line are kept.</summary>
    public const int MaxText = 512;

    private static readonly SearchValues<byte> s_hostNameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"u8);

    private readonly List<DialogueLine> _lines = [];
    private readonly SecretFilter _secrets = new();
    private readonly byte[] _text = new byte[MaxText];
    private int _length;
    private bool _open;
    private bool _fromClient;
    private bool _left;

    /// <summary>How many lines have begun, the ones beyond the bound included.</summary>
    public int Begun { get; private set; }

    /// <summary>Begins a line; its text without the mark.</summary>
    public void Begin(bool fromClient, ReadOnlySpan<byte> text)
    {
        Close();
        Begun++;
        _open = true;
        _fromClient = fromClient;
        Append(text);
    }

    /// <summary>Goes on with the line: Postfix broke it at a blank.</summary>
    public void Continue(ReadOnlySpan<byte> text)
    {
        if (!_open)
        {
            return;
        }

        Append(" "u8);
        Append(text);
    }

    /// <summary>The notice of all that was collected; null where there is no dialogue.</summary>
    /// <param name="ending">How the text says that the session ended; <see cref="SessionEnd.NotSeen"/> where it does not.</param>
    public Notice? Build(SessionEnd ending)
    {
        Close();
        return Begun == 0 ? null : new Notice
        {
            Dialogue = [.. _lines],
            Ending = ending == SessionEnd.NotSeen && _left ? SessionEnd.Closed : ending,
            ServerName = ServerName(),
        };
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        var count = Math.Min(text.Length, MaxText - _length);
        text[..count].CopyTo(_text.AsSpan(_length));
        _length += count;
    }

    private void Close()
    {
        if (!_open)
        {
            return;
        }

        _open = false;
        ReadOnlyMemory<byte> line = _text.AsMemory(0, _length);
        var kept = _fromClient ? _secrets.Client(line) : _secrets.Server(line);
        // The server's farewell: the session is over, whoever asked for it.
        _left = !_fromClient && line.Span.StartsWith("221"u8);
        _length = 0;
        if (kept is { } text && _lines.Count < Notice.MostLines)
        {
            _lines.Add(new DialogueLine(_fromClient, text.ToArray()));
        }
    }

    /// <summary>The name after the greeting's code (RFC 5321 4.2); null where the operator put something else there.</summary>
    private string? ServerName()
    {
        if (_lines is not [{ FromClient: false } first, ..] || first.Text.Length < 5
            || !first.Text.Span.StartsWith("220"u8) || first.Text.Span[3] is not ((byte)' ' or (byte)'-'))
        {
            return null;
        }

        var name = first.Text.Span[4..];
        var end = name.IndexOf((byte)' ');
        if (end >= 0)
        {
            name = name[..end];
        }

        return name.Length is > 0 and < 256 && name.IndexOfAnyExcept(s_hostNameBytes) < 0 && char.IsAsciiLetterOrDigit((char)name[0])
            ? Encoding.ASCII.GetString(name)
            : null;
    }
}
