using Postern.Facts;

namespace Postern.Capture.Headers;

/// <summary>
/// What stands before the message of a line: host, program and process id. Ranges are indices into the line.
/// </summary>
internal readonly ref struct LineHeader
{
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> _identity;
    private readonly ReadOnlySpan<byte> _process;

    private LineHeader(ReadOnlySpan<byte> host, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> program, ReadOnlySpan<byte> process, int message)
    {
        _identity = identity;
        _process = process;
        Host = host;
        Program = program;
        Daemon = DaemonOf(program, out var isPostfix);
        IsPostfix = isPostfix;
        Message = message;
    }

    /// <summary>The host that logged the line.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The program's name, without its process id.</summary>
    public ReadOnlySpan<byte> Program { get; }

    /// <summary>Which process of which machine speaks: host, program and process id together, the same in every form of a line.</summary>
    public ulong Conversation => _process.IsEmpty ? SeededHash.Of(_identity) : ConversationOfFields();

    /// <summary>The daemon, by the last part of the program's name.</summary>
    public PostfixDaemon Daemon { get; }

    /// <summary>True where the program is one of Postfix, whatever its syslog_name.</summary>
    public bool IsPostfix { get; }

    /// <summary>True where the program's name tells of a submission service.</summary>
    public bool IsSubmission => Daemon == PostfixDaemon.Smtpd && IsSubmissionName(Program);

    /// <summary>
    /// True for a program of Postfix whose name does not tell the daemon, which then shows by its message alone: rsyslog's stock form of
    /// RFC 5424 cuts <c>postfix/smtpd</c> at the slash, and <c>journalctl -o with-unit</c> has the unit's name.
    /// </summary>
    public bool IsDaemonUntold => IsPostfix && Daemon == PostfixDaemon.Other && Program.IndexOf((byte)'/') < 0;

    /// <summary>Where the message starts.</summary>
    public int Message { get; }

    /// <summary>Reads <c>host program[pid]: </c> (or <c>host program: </c>) from an offset behind the stamp.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int at, out LineHeader header)
    {
        header = default;
        var rest = line[at..];
        var hostEnd = rest.IndexOf((byte)' ');
        if (hostEnd is < 1 or > LongestName || IsNoHost(rest[..hostEnd]))
        {
            return false;
        }

        var program = rest[(hostEnd + 1)..];
        var end = program.IndexOf((byte)' ');
        if (end < 0)
        {
            end = program.Length;
        }

        if (end is < 2 or > LongestName || program[end - 1] != ':')
        {
            return false;
        }

        var name = program[..(end - 1)];
        if (name[^1] == ']')
        {
            var bracket = name.LastIndexOf((byte)'[');
            if (bracket < 1)
            {
                return false;
            }

            name = name[..bracket];
        }

        var message = Math.Min(at + hostEnd + 1 + end + 1, line.Length);
        header = new LineHeader(rest[..hostEnd], rest[..(hostEnd + end)], name, default, message);
        return true;
    }

    /// <summary>
    /// True where the message may be a whole line of Postfix again, as a container engine's log driver writes it. Only such programs are
    /// asked: any other writes what its clients say, and no client's text may pass for a line of Postfix.
    /// </summary>
    public bool IsWrapper(ReadOnlySpan<byte> message) =>
        Daemon == PostfixDaemon.Other && (!IsPostfix || IsDaemonUntold) && ContainerNames.MayHoldLine(message) && ContainerNames.Contains(Program);

    /// <summary>Reads the header fields of RFC 5424, from the host on: <c>host app procid msgid structured-data message</c>.</summary>
    public static bool TryReadRfc5424(ReadOnlySpan<byte> line, int at, out LineHeader header)
    {
        header = default;
        var host = NextField(line, ref at);
        var app = NextField(line, ref at);
        var process = NextField(line, ref at);
        _ = NextField(line, ref at);
        if (host.IsEmpty || app.IsEmpty || process.IsEmpty || !SkipStructuredData(line, ref at))
        {
            return false;
        }

        if (line[at..].StartsWith("\uFEFF"u8))
        {
            at += 3;
        }

        // rsyslog keeps the blank that stood behind the old tag.
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        header = new LineHeader(host, default, app, process, at);
        return true;
    }

    /// <summary>The header of a journal entry, whose fields come apart.</summary>
    public static LineHeader FromFields(ReadOnlySpan<byte> host, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> program) =>
        new(host, identity, program, default, 0);

    // A program's own name ends in a colon; a level or a facility is no host, but would pass for one.
    private static bool IsNoHost(ReadOnlySpan<byte> host) =>
        host[^1] == ':'
        || ((host[0] is < (byte)'0' or (> (byte)'9' and < (byte)'a') || host.StartsWith("mail."u8)) && SyslogWords.IsDecoration(host));

    private ulong ConversationOfFields()
    {
        Span<byte> identity = stackalloc byte[(LongestName * 3) + 4];
        Host.CopyTo(identity);
        var length = Host.Length;
        identity[length++] = (byte)' ';
        Program.CopyTo(identity[length..]);
        length += Program.Length;
        if (!_process.SequenceEqual("-"u8))
        {
            identity[length++] = (byte)'[';
            _process.CopyTo(identity[length..]);
            length += _process.Length;
            identity[length++] = (byte)']';
        }

        return SeededHash.Of(identity[..length]);
    }

    // syslog_name is the operator's choice, so only what stands behind the last slash counts.
    private static PostfixDaemon DaemonOf(ReadOnlySpan<byte> name, out bool isPostfix)
    {
        isPostfix = true;
        if (name.EndsWith("/smtpd"u8))
        {
            return PostfixDaemon.Smtpd;
        }

        var slash = name.LastIndexOf((byte)'/');
        var last = name[(slash + 1)..];
        if (slash > 0 && DaemonOfProgram(last) is not PostfixDaemon.Other and var daemon)
        {
            return daemon;
        }

        isPostfix = name.StartsWith("postfix"u8) || (slash > 0 && PostfixPrograms.Contains(last));
        return PostfixDaemon.Other;
    }

    // Comparisons with constants: each line of a log comes here.
    private static PostfixDaemon DaemonOfProgram(ReadOnlySpan<byte> program) =>
        program.SequenceEqual("cleanup"u8) ? PostfixDaemon.Cleanup
        : program.SequenceEqual("postscreen"u8) ? PostfixDaemon.Postscreen
        : program.SequenceEqual("tlsproxy"u8) ? PostfixDaemon.Tlsproxy
        : program.SequenceEqual("anvil"u8) ? PostfixDaemon.Anvil
        : program.SequenceEqual("smtp"u8) ? PostfixDaemon.Smtp
        : program.SequenceEqual("pickup"u8) ? PostfixDaemon.Pickup
        : program.SequenceEqual("qmgr"u8) ? PostfixDaemon.Qmgr
        : program.SequenceEqual("local"u8) || program.SequenceEqual("virtual"u8) || program.SequenceEqual("lmtp"u8) || program.SequenceEqual("pipe"u8) ? PostfixDaemon.Delivery
        : program.SequenceEqual("dnsblog"u8) ? PostfixDaemon.Dnsblog
        : program.SequenceEqual("trivial-rewrite"u8) || program.SequenceEqual("rewrite"u8) ? PostfixDaemon.TrivialRewrite
        : PostfixDaemon.Other;

    private static bool IsSubmissionName(ReadOnlySpan<byte> name) =>
        name.Length > "postfix/smtpd".Length && (name.IndexOf("submission"u8) >= 0 || name.IndexOf("smtps"u8) >= 0);

    private static ReadOnlySpan<byte> NextField(ReadOnlySpan<byte> line, scoped ref int at)
    {
        var rest = line[Math.Min(at, line.Length)..];
        var end = rest.IndexOf((byte)' ');
        if (end is < 1 or > LongestName)
        {
            return default;
        }

        at += end + 1;
        return rest[..end];
    }

    private static bool SkipStructuredData(ReadOnlySpan<byte> line, ref int at)
    {
        if (at >= line.Length)
        {
            return false;
        }

        if (line[at] == '-')
        {
            at = Math.Min(at + 2, line.Length);
            return true;
        }

        var quoted = false;
        for (; at < line.Length; at++)
        {
            var c = line[at];
            if (c == '\\' && quoted)
            {
                at++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ' ' && !quoted && line[at - 1] == ']')
            {
                at++;
                return true;
            }
        }

        return false;
    }
}
