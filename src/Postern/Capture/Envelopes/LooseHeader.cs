using Postern.Capture.Headers;
using Postern.Capture.Stamps;

namespace Postern.Capture.Envelopes;

/// <summary>
/// Reads host and program behind a stamp where more or less stands there than <c>host program[pid]: </c>: no host, a level
/// (<c>INFO</c>), a facility (<c>mail.info</c>, <c>&lt;2.6&gt;</c>), or the fields of RFC 5424 without a priority.
/// </summary>
internal static class LooseHeader
{
    private const int MostTokens = 5;
    private const int LongestName = 255;

    /// <summary>Reads the header at an offset.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Where the header starts.</param>
    /// <param name="host">The host; empty where none is told.</param>
    /// <param name="program">The program with its process id, <c>postfix/smtpd[12]</c>.</param>
    /// <returns>Where the message starts; 0 where this is no header.</returns>
    public static int Read(ReadOnlySpan<byte> line, int at, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> program)
    {
        host = program = default;
        for (var count = 0; count < MostTokens && at < line.Length; count++)
        {
            var token = line.Slice(at, LooseStampReader.TokenLength(line[at..]));
            if (token.IsEmpty || token.Length > LongestName)
            {
                return 0;
            }

            at += token.Length;
            if (!SyslogWords.IsDecoration(token))
            {
                if (token[^1] == ':')
                {
                    program = token[..^1];
                    return IsProgram(program) ? Math.Min(at + 1, line.Length) : 0;
                }

                if (!host.IsEmpty)
                {
                    return 0;
                }

                host = token;
            }

            at = LooseStampReader.SkipBlanks(line, at);
        }

        return 0;
    }

    /// <summary>The name of a program without its process id.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> program) =>
        program is [.., (byte)']'] && program.LastIndexOf((byte)'[') is var bracket and > 0 ? program[..bracket] : program;

    private static bool IsProgram(ReadOnlySpan<byte> program) => NameOf(program) is { Length: > 0 } name && name[^1] is not ((byte)']' or (byte)':');
}
