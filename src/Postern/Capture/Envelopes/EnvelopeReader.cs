using System.Buffers;
using Postern.Capture.Headers;
using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>
/// Takes a line of syslog out of what container engines, collectors and tools put around it, by what it looks like. It is asked
/// where the plain forms did not fit, so that an ordinary line costs nothing. One a thread: parts of a line wait here for the rest.
/// </summary>
internal sealed class EnvelopeReader
{
    private const int MostLayers = 8;
    private const int MostNested = 3;
    private const int LongestJoined = 64 * 1024;

    private readonly JsonEnvelope _json = new();
    private readonly ArrayBufferWriter<byte> _parts = new();
    private byte[] _identity = new byte[256];

    /// <summary>Forgets the part of a line that waits for its rest.</summary>
    public void Reset() => _parts.ResetWrittenCount();

    /// <summary>Reads a line.</summary>
    public EnvelopeResult Read(ReadOnlyMemory<byte> line, ref EnvelopedLine found) => Read(line, 0, ref found);

    /// <summary>Reads what a program said, where that is a whole line of Postfix again.</summary>
    public bool TryReadNested(ReadOnlyMemory<byte> message, ref EnvelopedLine found)
    {
        var inner = new EnvelopedLine { Stamp = found.Stamp };
        if (Read(message, 1, ref inner) != EnvelopeResult.Line || !inner.Header.IsPostfix)
        {
            return false;
        }

        found = inner;
        return true;
    }

    private EnvelopeResult Read(ReadOnlyMemory<byte> line, int depth, ref EnvelopedLine found)
    {
        line = AnsiCodes.Remove(line);
        ReadOnlyMemory<byte> outer = default;
        var at = 0;
        for (var layer = 0; layer < MostLayers; layer++)
        {
            var span = line.Span;
            at = OuterLayers.SkipMargin(span, at);
            if (at >= span.Length)
            {
                break;
            }

            if (span[at] == '{')
            {
                if (!_json.TryRead(span[at..], ref found))
                {
                    break;
                }

                if (_json.IsPart)
                {
                    return Keep(_json.Text.Span);
                }

                (line, at) = (Joined(_json.Text), 0);
                outer = _json.Program.IsEmpty ? outer : _json.Program;
                if (!_json.Program.IsEmpty && ReadNamed(line, _json.Host.Span, _json.Program.Span, ref found))
                {
                    return EnvelopeResult.Line;
                }

                continue;
            }

            var start = StampReader.SkipPriority(span, at, out var isRfc5424);
            if (span[start..] is [(byte)'1', (byte)' ', >= (byte)'0' and <= (byte)'9', ..])
            {
                // RFC 5424 whose priority was taken off.
                (start, isRfc5424) = (start + 2, true);
            }

            at = LooseStampReader.Read(span, start, out var stamp);
            if (at > 0)
            {
                found.Note(stamp);
                if (Stream(span[at..]) is > 0 and var length)
                {
                    if (span[at + length - 2] == 'P')
                    {
                        return Keep(span[(at + length)..]);
                    }

                    (line, at) = (Joined(line[(at + length)..]), 0);
                    continue;
                }

                if (ReadHeader(line, at, outer.Span, isRfc5424, ref found))
                {
                    return OrNested(depth, ref found);
                }

                continue;
            }

            if (ReadUnstamped(line, start, outer.Span, ref found))
            {
                return OrNested(depth, ref found);
            }

            at = OuterLayers.Skip(span, start, out var name);
            if (at == 0)
            {
                break;
            }

            outer = name.IsEmpty ? outer : name.ToArray();
        }

        return found.Stamp.IsKnown ? EnvelopeResult.StampOnly : EnvelopeResult.None;
    }

    // "stdout F ", "stderr P ": the Container Runtime Interface's log format.
    private static int Stream(ReadOnlySpan<byte> text) =>
        (text.StartsWith("stdout "u8) || text.StartsWith("stderr "u8)) && text.Length > 8 && text[7] is (byte)'F' or (byte)'P' && text[8] == ' ' ? 9 : 0;

    private EnvelopeResult Keep(ReadOnlySpan<byte> part)
    {
        if (_parts.WrittenCount + part.Length <= LongestJoined)
        {
            _parts.Write(part);
        }

        return EnvelopeResult.Partial;
    }

    private ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> rest)
    {
        if (_parts.WrittenCount == 0)
        {
            return rest;
        }

        _parts.Write(rest.Span);
        var whole = _parts.WrittenSpan.ToArray();
        _parts.ResetWrittenCount();
        return whole;
    }

    private EnvelopeResult OrNested(int depth, ref EnvelopedLine found)
    {
        if (depth < MostNested && found.Header.IsWrapper(found.Message.Span))
        {
            var inner = new EnvelopedLine { Stamp = found.Stamp };
            if (Read(found.Message, depth + 1, ref inner) == EnvelopeResult.Line && inner.Header.IsPostfix)
            {
                found = inner;
            }
        }

        return EnvelopeResult.Line;
    }

    private bool ReadHeader(ReadOnlyMemory<byte> line, int at, ReadOnlySpan<byte> outer, bool isRfc5424, ref EnvelopedLine found)
    {
        var span = line.Span;
        ReadOnlySpan<byte> host = default, program = default;
        var message = isRfc5424 ? 0 : LooseHeader.Read(span, at, out host, out program);
        if (message > 0)
        {
            Take(host.IsEmpty ? outer : host, program, line[message..], ref found);
            return true;
        }

        if (!LineHeader.TryReadRfc5424(span, at, out var header) || !(isRfc5424 || header.IsPostfix))
        {
            return false;
        }

        found.Header = header;
        found.Message = line[header.Message..];
        return true;
    }

    // Without a stamp only Postfix's own name at the start of the line tells that this is one.
    private bool ReadUnstamped(ReadOnlyMemory<byte> line, int at, ReadOnlySpan<byte> outer, ref EnvelopedLine found)
    {
        var span = line.Span;
        if (!span[at..].StartsWith("postfix"u8) || LooseHeader.Read(span, at, out var host, out var program) is not (> 0 and var message) || !host.IsEmpty)
        {
            return false;
        }

        Take(outer, program, line[message..], ref found);
        return found.Header.IsPostfix;
    }

    private bool ReadNamed(ReadOnlyMemory<byte> message, ReadOnlySpan<byte> host, ReadOnlySpan<byte> program, ref EnvelopedLine found)
    {
        // rsyslog keeps the colon of the tag, and the blank behind it.
        Take(host, program.TrimEnd((byte)':'), message[LooseStampReader.SkipBlanks(message.Span, 0)..], ref found);
        return found.Header.IsPostfix && !found.Header.IsWrapper(message.Span);
    }

    private void Take(ReadOnlySpan<byte> host, ReadOnlySpan<byte> program, ReadOnlyMemory<byte> message, ref EnvelopedLine found)
    {
        var length = host.Length + 1 + program.Length;
        if (_identity.Length < length)
        {
            _identity = new byte[length * 2];
        }

        host.CopyTo(_identity);
        _identity[host.Length] = (byte)' ';
        program.CopyTo(_identity.AsSpan(host.Length + 1));
        var identity = _identity.AsSpan(0, length);
        found.Header = LineHeader.FromFields(identity[..host.Length], identity, LooseHeader.NameOf(identity[(host.Length + 1)..]));
        found.Message = message;
    }
}
