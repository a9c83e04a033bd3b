using System.Buffers;
using System.Collections.Frozen;

namespace Postern.Capture.Headers;

/// <summary>The levels and facilities that some writers put between stamp and program. They change from line to line and are no part of whose line it is.</summary>
internal static class SyslogWords
{
    private const int Longest = 16;

    private static readonly SearchValues<byte> s_numbers = SearchValues.Create("0123456789."u8);

    private static readonly FrozenSet<string> s_levels = FrozenSet.ToFrozenSet(
    [
        "alert", "crit", "critical", "debg", "debug", "emerg", "err", "error", "fatal", "info", "notice", "panic", "trace", "warn", "warning",
    ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_facilities = FrozenSet.ToFrozenSet(
    [
        "auth", "authpriv", "cron", "daemon", "ftp", "kern", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
        "lpr", "mail", "news", "security", "syslog", "user", "uucp",
    ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_level = s_levels.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_facility = s_facilities.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for <c>INFO</c>, <c>info:</c>, <c>[INFO]</c>, <c>mail.info</c>, <c>&lt;mail.info&gt;</c>, <c>&lt;2.6&gt;</c>, <c>&lt;22&gt;</c> and a lone dash.</summary>
    public static bool IsDecoration(ReadOnlySpan<byte> token)
    {
        if (token is [(byte)'<', .., (byte)'>'])
        {
            var inside = token[1..^1];
            return IsDecoration(inside) || (!inside.IsEmpty && inside.IndexOfAnyExcept(s_numbers) < 0);
        }

        token = token.TrimEnd((byte)':');
        token = token is [(byte)'[' or (byte)'(', .., (byte)']' or (byte)')'] ? token[1..^1] : token;
        if (token.Length is 0 or > Longest * 2)
        {
            return false;
        }

        var dot = token.IndexOf((byte)'.');
        return token.SequenceEqual("-"u8)
            || (dot < 0 ? Contains(s_level, token) : Contains(s_facility, token[..dot]) && Contains(s_level, token[(dot + 1)..]));
    }

    private static bool Contains(FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words, ReadOnlySpan<byte> word)
    {
        Span<char> text = stackalloc char[Longest];
        if (word.Length > Longest)
        {
            return false;
        }

        for (var i = 0; i < word.Length; i++)
        {
            text[i] = (char)word[i];
        }

        return words.Contains(text[..word.Length]);
    }
}
