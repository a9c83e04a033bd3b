using System.Text;
using System.Text.Json;
using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>
/// A line of a log inside a JSON object: Docker's <c>{"log":"…\n","stream":"stdout","time":"…"}</c>, and what collectors write with
/// the fields <c>message</c>, <c>@timestamp</c>, <c>host</c> and <c>program</c>, also Elasticsearch's in <c>_source</c>, Loki's
/// <c>line</c> and GELF's <c>short_message</c>.
/// </summary>
internal sealed class JsonEnvelope
{
    // Docker cuts longer lines there; only the last part ends with a line feed.
    private const int DockerPart = 16 * 1024;
    private const int LongestName = 255;
    private readonly byte[] _name = new byte[LongestName];

    /// <summary>What the object says.</summary>
    public ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>The host; empty where it is not told.</summary>
    public ReadOnlyMemory<byte> Host { get; private set; }

    /// <summary>The program; empty where it is not told.</summary>
    public ReadOnlyMemory<byte> Program { get; private set; }

    /// <summary>True where the text goes on in the next object.</summary>
    public bool IsPart { get; private set; }

    /// <summary>Reads an object; false where it is none that holds a text.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, ref EnvelopedLine found)
    {
        Text = Host = Program = default;
        IsPart = false;
        ReadOnlyMemory<byte> pid = default;
        var isInSource = false;
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: true, state: default);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || (reader.CurrentDepth != 1 && !(isInSource && reader.CurrentDepth == 2)))
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    isInSource = reader.ValueTextEquals("_source"u8);
                    if (isInSource)
                    {
                        continue;
                    }
                }

                if (reader.ValueTextEquals("log"u8) || reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("msg"u8) || reader.ValueTextEquals("MESSAGE"u8)
                    || reader.ValueTextEquals("short_message"u8) || reader.ValueTextEquals("line"u8))
                {
                    var isDocker = reader.ValueTextEquals("log"u8);
                    var text = Value(ref reader);
                    if (!text.IsEmpty && Text.IsEmpty)
                    {
                        IsPart = isDocker && text.Length >= DockerPart && text.Span[^1] != '\n';
                        Text = IsPart ? text : FirstLine(text);
                    }
                }
                else if (reader.ValueTextEquals("time"u8) || reader.ValueTextEquals("@timestamp"u8) || reader.ValueTextEquals("timestamp"u8)
                    || reader.ValueTextEquals("timegenerated"u8) || reader.ValueTextEquals("timereported"u8))
                {
                    if (LooseStampReader.Read(Value(ref reader).Span, 0, out var stamp) > 0)
                    {
                        found.Note(stamp);
                    }
                }
                else if (reader.ValueTextEquals("host"u8) || reader.ValueTextEquals("hostname"u8) || reader.ValueTextEquals("HOST"u8) || reader.ValueTextEquals("_HOSTNAME"u8))
                {
                    Host = Value(ref reader);
                }
                else if (reader.ValueTextEquals("program"u8) || reader.ValueTextEquals("PROGRAM"u8) || reader.ValueTextEquals("programname"u8) || reader.ValueTextEquals("ident"u8)
                    || reader.ValueTextEquals("syslogtag"u8) || reader.ValueTextEquals("appname"u8) || reader.ValueTextEquals("app-name"u8) || reader.ValueTextEquals("SYSLOG_IDENTIFIER"u8))
                {
                    Program = Value(ref reader);
                }
                else if (reader.ValueTextEquals("pid"u8) || reader.ValueTextEquals("PID"u8) || reader.ValueTextEquals("procid"u8) || reader.ValueTextEquals("_PID"u8))
                {
                    pid = Value(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        Name(pid.Span);
        return !Text.IsEmpty;
    }

    private void Name(ReadOnlySpan<byte> pid)
    {
        var program = Program.Span;
        if (program.IsEmpty || pid.IsEmpty || program.IndexOf((byte)'[') >= 0 || program.Length + pid.Length + 2 > _name.Length)
        {
            return;
        }

        var length = Encoding.ASCII.GetBytes("[", _name.AsSpan(program.Length)) + program.Length;
        program.CopyTo(_name);
        pid.CopyTo(_name.AsSpan(length));
        length += pid.Length;
        _name[length] = (byte)']';
        Program = _name.AsMemory(0, length + 1);
    }

    // One line is all that one writer may say here.
    private static ReadOnlyMemory<byte> FirstLine(ReadOnlyMemory<byte> text) =>
        text.Span.IndexOfAny((byte)'\n', (byte)'\r') is var end and >= 0 ? text[..end] : text;

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.ValueSpan.ToArray();
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            reader.TrySkip();
            return default;
        }

        var bytes = new byte[reader.ValueSpan.Length];
        return bytes.AsMemory(0, reader.CopyString(bytes));
    }
}
