using System.Security.Cryptography;

namespace Postern.Checks.Dkim;

/// <summary>
/// The body of a message in the canonical forms of RFC 6376, 3.4.3 and 3.4.4, from the octets that were received. A line ends in CRLF,
/// or in LF where a file was written so; a bare CR is text.
/// </summary>
internal sealed class DkimBody(ReadOnlyMemory<byte> message)
{
    private readonly ReadOnlyMemory<byte> _body = message[StartOf(message.Span)..];
    private readonly Lock _lock = new();
    private readonly Dictionary<(bool IsSha1, bool IsRelaxed), string> _whole = [];

    /// <summary>The hash in base64.</summary>
    /// <param name="isSha1">True for SHA-1, false for SHA-256.</param>
    /// <param name="isRelaxed">The form.</param>
    /// <param name="length">How many octets of the canonical body count; -1 for all.</param>
    public string Hash(bool isSha1, bool isRelaxed, int length)
    {
        if (length >= 0)
        {
            return Compute(isSha1, isRelaxed, length);
        }

        // Many signatures of one message ask for the same; ARC is computed beside them.
        lock (_lock)
        {
            return _whole.TryGetValue((isSha1, isRelaxed), out var known) ? known : _whole[(isSha1, isRelaxed)] = Compute(isSha1, isRelaxed, length);
        }
    }

    private string Compute(bool isSha1, bool isRelaxed, int length)
    {
        using var hash = IncrementalHash.CreateHash(isSha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        var writer = new Writer(hash, length < 0 ? long.MaxValue : length);
        var empty = 0;
        var isNothing = true;
        var line = new byte[128];
        for (var rest = _body.Span; !rest.IsEmpty && writer.Left > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            text = end >= 0 && text is [.., (byte)'\r'] ? text[..^1] : text;
            text = isRelaxed ? Relax(text, ref line) : text;
            if (text.IsEmpty)
            {
                // Empty lines at the end do not count; only what follows tells whether these are there.
                empty++;
                continue;
            }

            for (; empty > 0; empty--)
            {
                writer.Write("\r\n"u8);
            }

            writer.Write(text);
            writer.Write("\r\n"u8);
            isNothing = false;
        }

        if (isNothing && !isRelaxed)
        {
            writer.Write("\r\n"u8);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    // Blanks at the end of a line go, others become one.
    private static ReadOnlySpan<byte> Relax(ReadOnlySpan<byte> text, scoped ref byte[] buffer)
    {
        text = text.TrimEnd(" \t"u8);
        if (text.IndexOf("  "u8) < 0 && !text.Contains((byte)'\t'))
        {
            return text;
        }

        buffer = buffer.Length < text.Length ? new byte[text.Length] : buffer;
        var length = 0;
        foreach (var octet in text)
        {
            var isBlank = octet is (byte)' ' or (byte)'\t';
            if (!isBlank || length == 0 || buffer[length - 1] != ' ')
            {
                buffer[length++] = isBlank ? (byte)' ' : octet;
            }
        }

        return buffer.AsSpan(0, length);
    }

    private static int StartOf(ReadOnlySpan<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var end = message[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            if (end == 0 || (end == 1 && message[at] == '\r'))
            {
                return at + end + 1;
            }

            at += end + 1;
        }

        return message.Length;
    }

    private sealed class Writer(IncrementalHash hash, long left)
    {
        public long Left { get; private set; } = left;

        public void Write(ReadOnlySpan<byte> data)
        {
            data = data.Length > Left ? data[..(int)Left] : data;
            hash.AppendData(data);
            Left -= data.Length;
        }
    }
}
