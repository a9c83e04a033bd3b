using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>
/// One line of <c>journalctl -o json</c>: an object whose fields are strings, or arrays of bytes where the text is not
/// clean UTF-8 (systemd's Journal JSON Format).
/// </summary>
internal sealed class JournalEntry
{
    private readonly ArrayBufferWriter<byte> _message = new(512);
    private readonly ArrayBufferWriter<byte> _identity = new(64);
    private readonly ArrayBufferWriter<byte> _program = new(64);
    private int _hostLength;

    /// <summary>The message; valid until the next entry is read.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    /// <summary>The header.</summary>
    public LineHeader Header => LineHeader.FromFields(_identity.WrittenSpan[.._hostLength], _identity.WrittenSpan, _program.WrittenSpan);

    /// <summary>The entry as a line of a log, <c>host program[pid]: message</c>, without a time: the form that fail2ban gives its filters.</summary>
    public string ToLogLine()
    {
        var identity = _identity.WrittenSpan;
        var pid = identity[(_hostLength + _program.WrittenCount)..];
        var host = _hostLength > 0 ? Encoding.UTF8.GetString(identity[.._hostLength]) + " " : "";
        var number = pid is [] or [(byte)'0'] ? "" : $"[{Encoding.ASCII.GetString(pid)}]";
        return $"{host}{Encoding.UTF8.GetString(_program.WrittenSpan)}{number}: {Encoding.UTF8.GetString(Message.Span)}";
    }

    /// <summary>Reads one line; false where it is no journal entry with a message, a program and a time.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, LocalClock zone, out LogTime time)
    {
        _message.ResetWrittenCount();
        _identity.ResetWrittenCount();
        _program.ResetWrittenCount();
        time = default;
        long micros = 0;
        var (pid, logged) = (0L, 0L);
        Span<byte> host = stackalloc byte[256];
        _hostLength = 0;
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: true, state: default);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                if (reader.ValueTextEquals("MESSAGE"u8))
                {
                    ReadText(ref reader, _message);
                }
                else if (reader.ValueTextEquals("SYSLOG_IDENTIFIER"u8))
                {
                    ReadText(ref reader, _program);
                }
                else if (reader.ValueTextEquals("_HOSTNAME"u8))
                {
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= host.Length)
                    {
                        _hostLength = reader.CopyString(host);
                    }
                }
                else if (reader.ValueTextEquals("__REALTIME_TIMESTAMP"u8))
                {
                    micros = ReadNumber(ref reader);
                }
                else if (reader.ValueTextEquals("_PID"u8))
                {
                    pid = ReadNumber(ref reader);
                }
                else if (reader.ValueTextEquals("SYSLOG_PID"u8))
                {
                    logged = ReadNumber(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // A string with an unpaired surrogate escape cannot be decoded.
            return false;
        }

        if (micros <= 0 || micros > 250_000_000_000_000_000 || _program.WrittenCount == 0)
        {
            return false;
        }

        _identity.Write(host[.._hostLength]);
        _identity.Write(_program.WrittenSpan);
        Span<byte> digits = stackalloc byte[20];
        // What the program says of itself goes before who wrote it: postlogd writes for all of Postfix's daemons.
        (logged > 0 ? logged : pid).TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _identity.Write(digits[..length]);
        // A line of a log ends at its line feed, and so does what one program may say here.
        var end = _message.WrittenSpan.IndexOf((byte)'\n');
        Message = end < 0 ? _message.WrittenMemory : _message.WrittenMemory[..end];
        var utc = DateTime.UnixEpoch.Ticks + (micros * 10);
        time = zone.AtUtc(utc);
        return true;
    }

    private static void ReadText(ref Utf8JsonReader reader, ArrayBufferWriter<byte> into)
    {
        reader.Read();
        // A field that an entry has several times is an array of its values, of which the first counts; one that is no clean
        // text is an array of bytes.
        while (reader.TokenType == JsonTokenType.StartArray && reader.Read())
        {
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            var span = into.GetSpan(Math.Max(1, reader.ValueSpan.Length));
            into.Advance(reader.CopyString(span));
            return;
        }

        for (; reader.TokenType == JsonTokenType.Number; reader.Read())
        {
            if (reader.TryGetByte(out var b))
            {
                into.GetSpan(1)[0] = b;
                into.Advance(1);
            }
        }
    }

    private static long ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var number) ? number : 0;
        }

        return reader.TokenType == JsonTokenType.String
            && long.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
