using System.Buffers;
using MimeKit;
using MimeKit.Cryptography;

namespace Postern.Checks.Dkim;

/// <summary>Writes header fields in the canonical forms of RFC 6376, 3.4, from the octets that were received.</summary>
internal static class HeaderForm
{
    /// <summary>Appends a field with its final CRLF.</summary>
    public static void Append(ArrayBufferWriter<byte> output, Header header, DkimCanonicalizationAlgorithm form) => Append(output, header, header.RawValue, form);

    /// <summary>The same with another value.</summary>
    public static void Append(ArrayBufferWriter<byte> output, Header header, ReadOnlySpan<byte> value, DkimCanonicalizationAlgorithm form)
    {
        AppendField(output, header, value, form);
        output.Write("\r\n"u8);
    }

    /// <summary>Appends a signature's own field: the value of its tag b is empty, and there is no CRLF at its end (RFC 6376, 3.7).</summary>
    public static void AppendUnsigned(ArrayBufferWriter<byte> output, Header header, DkimCanonicalizationAlgorithm form) =>
        AppendField(output, header, WithoutSignature(header.RawValue), form);

    private static void AppendField(ArrayBufferWriter<byte> output, Header header, ReadOnlySpan<byte> value, DkimCanonicalizationAlgorithm form)
    {
        if (form == DkimCanonicalizationAlgorithm.Simple)
        {
            output.Write(header.RawField);
            output.Write(":"u8);
            AppendSimple(output, value.TrimEnd("\r\n"u8));
        }
        else
        {
            foreach (var octet in header.RawField.AsSpan().TrimEnd(" \t"u8))
            {
                output.Write([octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet]);
            }

            output.Write(":"u8);
            AppendRelaxed(output, value);
        }
    }

    /// <summary>Lines of files end in LF alone; they were sent with CRLF.</summary>
    private static void AppendSimple(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        while (value.IndexOf((byte)'\n') is >= 0 and var end)
        {
            output.Write(end > 0 && value[end - 1] == '\r' ? value[..(end - 1)] : value[..end]);
            output.Write("\r\n"u8);
            value = value[(end + 1)..];
        }

        output.Write(value);
    }

    /// <summary>Unfolded, each run of white space as one blank, none at the ends.</summary>
    private static void AppendRelaxed(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        while (value.IndexOfAny(" \t\r\n"u8) is >= 0 and var start)
        {
            output.Write(value[..start]);
            output.Write(" "u8);
            value = value[start..].TrimStart(" \t\r\n"u8);
        }

        output.Write(value);
    }

    private static byte[] WithoutSignature(byte[] value)
    {
        var start = 0;
        while (start < value.Length)
        {
            var length = value.AsSpan(start).IndexOf((byte)';');
            var end = length < 0 ? value.Length : start + length;
            var tag = value.AsSpan(start, end - start);
            var equals = tag.IndexOf((byte)'=');
            if (equals >= 0 && tag[..equals].Trim(" \t\r\n"u8).SequenceEqual("b"u8))
            {
                return [.. value.AsSpan(0, start + equals + 1), .. value.AsSpan(end)];
            }

            start = end + 1;
        }

        return value;
    }
}
