using Microsoft.Extensions.Logging;
using Postern.Facts;
using Postern.Gate;

namespace Postern.Cli.Daemon.Gate;

/// <summary>Writes what the gate tells of itself, and hands its decisions to their file.</summary>
/// <param name="log">Where the words go.</param>
/// <param name="keep">Where decisions go.</param>
/// <param name="ended">Where sessions that have ended go.</param>
/// <param name="answered">Told which service answered, and how long it took.</param>
internal sealed partial class GateLog(ILogger log, Action<GateRecord> keep, Action<SmtpSession> ended, Action<string, TimeSpan> answered) : IGateEvents
{
    /// <inheritdoc/>
    public void Decided(GateRecord record)
    {
        keep(record);
        var by = record.IsBan ? "banned" : record.Verdict is { } verdict ? $"{verdict.Legitimacy.ToString().ToLowerInvariant()} by {string.Join(", ", verdict.Deciding)}" : "no verdict";
        if (record.IsEnforced)
        {
            Did(log, record.Service, record.Action.ToString().ToLowerInvariant(), record.Client, record.Sender ?? "", by);
        }
        else
        {
            Would(log, record.Service, record.Action.ToString().ToLowerInvariant(), record.Client, record.Sender ?? "", by);
        }
    }

    /// <inheritdoc/>
    public void Failed(string service, Exception fault) => Fault(log, fault, service);

    /// <inheritdoc/>
    public void Trouble(string service, string words) => Words(log, service, words);

    /// <inheritdoc/>
    public void Answered(string service, TimeSpan took) => answered(service, took);

    /// <inheritdoc/>
    public void SessionEnded(SmtpSession session) => ended(session);

    [LoggerMessage(60, LogLevel.Information, "{Service}: {Action} {Client} from <{Sender}> ({By})")]
    private static partial void Did(ILogger log, string service, string action, ClientAddress client, string sender, string by);

    [LoggerMessage(61, LogLevel.Information, "{Service}: would {Action} {Client} from <{Sender}> ({By})")]
    private static partial void Would(ILogger log, string service, string action, ClientAddress client, string sender, string by);

    [LoggerMessage(62, LogLevel.Error, "{Service}: internal error; the mail was accepted")]
    private static partial void Fault(ILogger log, Exception fault, string service);

    [LoggerMessage(63, LogLevel.Warning, "{Service}: {Words}")]
    private static partial void Words(ILogger log, string service, string words);
}
