using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Capture.Headers;
using Postern.Capture.Stamps;
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
    private long _process;

    /// <summary>The message; valid until the next entry is read.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    /// <summary>The header.</summary>
    public LineHeader Header => LineHeader.FromFields(_identity.WrittenSpan[.._hostLength], _identity.WrittenSpan, _program.WrittenSpan);

    /// <summary>The entry as a line of a log, <c>host program[pid]: message</c>, without a time: the form that fail2ban gives its filters.</summary>
    public string ToLogLine()
    {
        var host = _hostLength > 0 ? Encoding.UTF8.GetString(_identity.WrittenSpan[.._hostLength]) + " " : "";
        var number = _process == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"[{_process}]");
        return $"{host}{Encoding.UTF8.GetString(_program.WrittenSpan)}{number}: {Encoding.UTF8.GetString(Message.Span)}";
    }

    /// <summary>True where journald vouches for another program than the entry read last says: nothing in it is Postfix's, in whatever form.</summary>
    public bool IsOthers { get; private set; }

    /// <summary>Reads one line; false where it is no journal entry with a message, a program and a time.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, LocalClock zone, out LogTime time)
    {
        IsOthers = false;
        _message.ResetWrittenCount();
        _identity.ResetWrittenCount();
        _program.ResetWrittenCount();
        time = default;
        long micros = 0;
        var (pid, logged, user) = (0L, 0L, 0L);
        var (command, executable) = ("", "");
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
                else if (reader.ValueTextEquals("_UID"u8))
                {
                    user = ReadNumber(ref reader);
                }
                else if (reader.ValueTextEquals("_COMM"u8))
                {
                    command = ReadName(ref reader);
                }
                else if (reader.ValueTextEquals("_EXE"u8))
                {
                    executable = ReadName(ref reader);
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

        // Whoever runs logger(1) says what he likes of himself.
        if (JournalVoucher.IsOthers(_program.WrittenSpan, user, command, executable))
        {
            IsOthers = true;
            return false;
        }

        // What the program says of itself goes before who wrote it: postlogd writes for all of Postfix's daemons.
        _process = logged > 0 ? logged : pid;
        // As it stands in a line of a log, so that journal and log tell of one process.
        _identity.Write(host[.._hostLength]);
        _identity.Write(" "u8);
        _identity.Write(_program.WrittenSpan);
        if (_process != 0)
        {
            Span<byte> digits = stackalloc byte[22];
            _process.TryFormat(digits[1..], out var length, default, CultureInfo.InvariantCulture);
            (digits[0], digits[length + 1]) = ((byte)'[', (byte)']');
            _identity.Write(digits[..(length + 2)]);
        }

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

    private static string ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length < 1024 ? reader.GetString() ?? "" : "?";
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
