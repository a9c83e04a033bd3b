using Postern.Capture.Stamps;
using Postern.Facts;

namespace Postern.Capture.Grammar;

/// <summary>Tells a line of Postfix that could not be read from a line of another program, of which nothing was expected.</summary>
internal static class PostfixTraces
{
    /// <summary>True where a line names a program of Postfix, or says what smtpd says.</summary>
    public static bool Has(ReadOnlyMemory<byte> line) => NamesProgram(line.Span, "postfix"u8) || NamesProgram(line.Span, "/smtpd"u8) || IsMessage(line);

    // "postfix/smtpd[12]:", "mx/smtpd:", and inside JSON.
    private static bool NamesProgram(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        for (var rest = line; rest.IndexOf(name) is var at and >= 0; rest = rest[(at + name.Length)..])
        {
            var behind = rest[(at + name.Length)..];
            var token = behind[..LooseStampReader.TokenLength(behind)];
            if ((name[0] == '/' || token is [(byte)'/' or (byte)'[', ..]) && (token is [.., (byte)':'] || token.IndexOf((byte)'"') >= 0 || line[0] == '{'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMessage(ReadOnlyMemory<byte> line)
    {
        SmtpEvent e = default;
        return UntoldDaemon.Read(line, ref e, out _);
    }
}
