using Postern.Explain;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Cli.Words;

/// <summary>Mistakes in English.</summary>
internal sealed class EnglishErrors : IErrorWords
{
    /// <inheritdoc/>
    public string Stopped => "stopped";

    /// <inheritdoc/>
    public string BadTime => "--since and --until take a time such as 2026-11-25T01:00, or a span before now such as 90m, 24h or 7d";

    /// <inheritdoc/>
    public string BadNow => "--now takes a time such as 2026-11-25T01:00";

    /// <inheritdoc/>
    public string BadYear => "--year takes a year of four digits";

    /// <inheritdoc/>
    public string BadDays => "--days takes a number from 1 to 366";

    /// <inheritdoc/>
    public string ResolverAndOffline => "--resolver and --offline exclude each other";

    /// <inheritdoc/>
    public string BadMaxLines => "--maxlines takes a number greater than zero";

    /// <inheritdoc/>
    public string AgainstReadsTwice => "--against reads the logs twice, so they cannot come from standard input";

    /// <inheritdoc/>
    public string NotAMessage => "the message cannot be read: it is not a mail message";

    /// <inheritdoc/>
    public string NoAnswer => "the daemon does not answer in time";

    /// <inheritdoc/>
    public string DaemonEnded => "the daemon ended before it answered";

    /// <inheritdoc/>
    public string ReplyTooLarge => "the daemon's reply is too large";

    /// <inheritdoc/>
    public string Input(ExplainFailure failure)
    {
        var detail = SafeText.Escape(failure.Detail);
        return $"{SafeText.Escape(failure.Input)}: " + failure.Problem switch
        {
            InputProblem.NoStandardInput => "there is no standard input",
            InputProblem.Missing => "no such file",
            InputProblem.NoPermission => "permission denied",
            InputProblem.BadName => "not a file name",
            InputProblem.NotAMaildir => "a directory, but not a Maildir (no cur and new)",
            InputProblem.Empty => "the file is empty",
            InputProblem.Damaged => $"{detail}, and nothing could be read",
            InputProblem.NotMail => $"no Postfix log lines or notices found; it looks like {detail}",
            InputProblem.NoPostfixLines => $"no Postfix log lines or notices found; its first line is '{detail}'. Known formats: syslog (RFC 3164, RFC 5424), journalctl, "
                + "and Docker, Kubernetes or supervisord around them, as text or JSON; mbox, Maildir, a single message, a pasted transcript",
            InputProblem.NoTimes => "its lines have no times, so it cannot be replayed",
            _ => $"cannot be read ({detail})",
        };
    }

    /// <inheritdoc/>
    public string UnknownCommand(string name, string? nearest) => $"there is no command '{name}'{(nearest is null ? "" : $"; did you mean '{nearest}'?")}";

    /// <inheritdoc/>
    public string Unrecognised(string word) => $"'{word}' is not an option or argument of this command";

    /// <inheritdoc/>
    public string MissingArgument(string argument, string command) => $"'{command}' needs {argument}";

    /// <inheritdoc/>
    public string MissingCommand(string command, IEnumerable<string> choices) => $"'{command}' needs one of: {string.Join(", ", choices)}";

    /// <inheritdoc/>
    public string MissingValue(string option) => $"{option} needs a value";

    /// <inheritdoc/>
    public string NotOneOf(string option, string value, IEnumerable<string> choices) => $"{option} takes one of {string.Join(", ", choices)}, not '{value}'";

    /// <inheritdoc/>
    public string NotANumber(string option, string value) => $"{option} takes a number, not '{value}'";

    /// <inheritdoc/>
    public string SeeHelp(string command) => $" (see '{command} --help')";

    /// <inheritdoc/>
    public string NotAnAddress(string text) => $"'{text}' is not an IPv4 or IPv6 address";

    /// <inheritdoc/>
    public string NotANetwork(string text) => $"'{text}' is not an address or network";

    /// <inheritdoc/>
    public string NotAName(string text) => $"'{text}' is not an address, network, DNS name or sender";

    /// <inheritdoc/>
    public string InLine(int line, string mistake) => $"line {Counts.Number(line)}: {mistake}";

    /// <inheritdoc/>
    public string EmptyList => "the list holds no address";

    /// <inheritdoc/>
    public string AddressOrAll => "unban takes addresses or --all, one of both";

    /// <inheritdoc/>
    public string BadSpan(string text) => $"--for takes a time such as 90s, 10m, 1h or 7d, not '{text}'";

    /// <inheritdoc/>
    public string BadResolver(string? text) => $"--resolver takes an address with or without a port, such as 127.0.0.1:53 or [::1]:53, not '{text}'";

    /// <inheritdoc/>
    public string BadEncoding(string name) => $"--encoding: '{name}' is not known";

    /// <inheritdoc/>
    public string BadZone(string name) => $"--tz: '{name}' is not a time zone";

    /// <inheritdoc/>
    public string MessageTooLarge(long megabytes) => $"the message is larger than {Counts.Number(megabytes)} MB";

    /// <inheritdoc/>
    public string MessageEmpty(string path) => $"the message {path} is empty";

    /// <inheritdoc/>
    public string MessageUnreadable(string why) => $"the message cannot be read: {why}";

    /// <inheritdoc/>
    public string NoDns(string detail) => detail;

    /// <inheritdoc/>
    public string ConfigNotUsed(string file, string why) => $"{file} is not used: {why}";

    /// <inheritdoc/>
    public string MoreFilterErrors(int more) => $" (and {Counts.Number(more)} more, see 'postern filter lint')";

    /// <inheritdoc/>
    public string NoFile(string path) => $"{path}: no such file";

    /// <inheritdoc/>
    public string NoPermission(string path) => $"{path}: permission denied, or not a file";

    /// <inheritdoc/>
    public string NoWebProgram(string program, string? why) => why is null ? $"{program} is missing; the package has it" : $"{program} cannot be run: {why}";

    /// <inheritdoc/>
    public string NotRunning(string socket) => $"the daemon is not running (no answer at {socket}); start it with 'systemctl start postern' or 'postern run'";

    /// <inheritdoc/>
    public string NoSocketPermission(string socket) => $"no permission for {socket}: only its owner, its group and root can use it";

    /// <inheritdoc/>
    public string NotPostern(string socket) => $"what answers at {socket} is not postern";

    /// <inheritdoc/>
    public string BadSocket(string socket) => $"{socket} is not a path for a socket";

    /// <inheritdoc/>
    public string Setting(string form) => form;
}
