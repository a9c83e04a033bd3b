using System.Buffers;
using Postern.Capture.Headers;

namespace Postern.Capture.Owners;

/// <summary>Which program wrote a line.</summary>
internal enum LoggingProgram : byte
{
    /// <summary>One that is not known here.</summary>
    Other,
    /// <summary>Postfix's smtpd(8), or Postfix without a daemon's name.</summary>
    Smtpd,
    /// <summary>Postfix's postscreen(8), tlsproxy(8), anvil(8) and dnsblog(8), which log no words of a client before its address.</summary>
    Screening,
    /// <summary>Another program of Postfix's.</summary>
    Postfix,
    /// <summary>Dovecot.</summary>
    Dovecot,
    /// <summary>Dovecot's programs that take logins, in a log of its own.</summary>
    DovecotLogin,
    /// <summary>OpenSSH's server.</summary>
    Sshd,
}

/// <summary>
/// Finds the program of a line, whatever stands before it (a stamp, a host, an envelope): it is the first word that ends with
/// a colon, and no client has a word there.
/// </summary>
internal static class LineProgram
{
    private const int MostWords = 12;
    private static readonly SearchValues<byte> s_ofTimes = SearchValues.Create("0123456789:."u8);

    /// <summary>Reads the beginning of a line.</summary>
    /// <param name="line">The line, with or without its stamp.</param>
    /// <param name="message">What the program says.</param>
    public static LoggingProgram Read(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> message)
    {
        message = default;
        var rest = line;
        if (IsRfc5424(line, out var at))
        {
            if (!LineHeader.TryReadRfc5424(line, at, out var header))
            {
                return LoggingProgram.Other;
            }

            message = line[Math.Min(header.Message, line.Length)..];
            return Of(header.Program);
        }

        for (var words = 0; words < MostWords; words++)
        {
            rest = rest.TrimStart((byte)' ');
            var end = rest.IndexOf((byte)' ');
            var word = end < 0 ? rest : rest[..end];
            if (word.Length > 1 && word[^1] == ':' && word[..^1].ContainsAnyExcept(s_ofTimes))
            {
                message = rest[word.Length..].TrimStart((byte)' ');
                return Of(WithoutPid(word[..^1]));
            }

            if (end < 0)
            {
                break;
            }

            rest = rest[end..];
        }

        return LoggingProgram.Other;
    }

    // "<22>1 STAMP host app procid msgid structured-data message"
    private static bool IsRfc5424(ReadOnlySpan<byte> line, out int host)
    {
        host = 0;
        if (line is not [(byte)'<', ..])
        {
            return false;
        }

        var end = line[..Math.Min(line.Length, 5)].IndexOf((byte)'>');
        if (end < 2 || !line[(end + 1)..].StartsWith("1 "u8))
        {
            return false;
        }

        var stamp = line[(end + 3)..].IndexOf((byte)' ');
        host = end + 3 + stamp + 1;
        return stamp > 0;
    }

    private static ReadOnlySpan<byte> WithoutPid(ReadOnlySpan<byte> name)
    {
        var open = name.IndexOfAny("[("u8);
        return open < 1 ? name : name[..open];
    }

    private static LoggingProgram Of(ReadOnlySpan<byte> name)
    {
        var slash = name.LastIndexOf((byte)'/');
        var last = name[(slash + 1)..];
        if (slash > 0 && PostfixPrograms.Contains(last))
        {
            return last.SequenceEqual("smtpd"u8) ? LoggingProgram.Smtpd
                : last.SequenceEqual("postscreen"u8) || last.SequenceEqual("tlsproxy"u8) || last.SequenceEqual("anvil"u8) || last.SequenceEqual("dnsblog"u8) ? LoggingProgram.Screening
                : LoggingProgram.Postfix;
        }

        return name.SequenceEqual("postfix"u8) ? LoggingProgram.Smtpd
            : last.SequenceEqual("sshd"u8) || last.SequenceEqual("sshd-session"u8) || last.SequenceEqual("sshd-auth"u8) ? LoggingProgram.Sshd
            : last.EndsWith("-login"u8) ? LoggingProgram.DovecotLogin
            : last.SequenceEqual("dovecot"u8) || last.SequenceEqual("dovecot-auth"u8) || last.SequenceEqual("auth"u8) || last.SequenceEqual("auth-worker"u8) ? LoggingProgram.Dovecot
            : LoggingProgram.Other;
    }
}
