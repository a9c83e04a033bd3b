using Microsoft.Extensions.Logging;
using Postern.Reports.Content;

namespace Postern.Cli.Daemon.Control;

/// <summary>What the control socket logs.</summary>
internal static partial class ControlLog
{
    private const int LongestText = 300;

    /// <summary>A client left or was cut.</summary>
    [LoggerMessage(100, LogLevel.Debug, "a client of the control socket was lost: {Reason}")]
    public static partial void ClientLost(ILogger log, string reason);

    /// <summary>A connection could not be taken, or the socket not removed.</summary>
    [LoggerMessage(101, LogLevel.Warning, "the control socket: {Reason}")]
    public static partial void Trouble(ILogger log, string reason);

    /// <summary>A change that somebody asked for by another program; what he asked about and his name are escaped.</summary>
    public static void Changed(ILogger log, ControlRequest request, ControlAnswer answer) => Changed(
        log, SafeText.Short(request.By, LongestText), request.Command,
        SafeText.Short(request.All is true ? "all" : string.Join(", ", request.Subjects ?? [request.Subject ?? ""]), LongestText), SafeText.Short(answer.Message, LongestText));

    [LoggerMessage(103, LogLevel.Information, "{By} asked for {Command} {Subjects}: {Outcome}")]
    private static partial void Changed(ILogger log, string by, string command, string subjects, string outcome);

    /// <summary>A fault of ours.</summary>
    [LoggerMessage(102, LogLevel.Error, "a request over the control socket failed")]
    public static partial void RequestFailed(ILogger log, Exception exception);
}
