using Microsoft.Extensions.Logging;

namespace Postern.Cli.Daemon.Control;

/// <summary>What the control socket logs.</summary>
internal static partial class ControlLog
{
    /// <summary>A client left or was cut.</summary>
    [LoggerMessage(100, LogLevel.Debug, "a client of the control socket was lost: {Reason}")]
    public static partial void ClientLost(ILogger log, string reason);

    /// <summary>A connection could not be taken, or the socket not removed.</summary>
    [LoggerMessage(101, LogLevel.Warning, "the control socket: {Reason}")]
    public static partial void Trouble(ILogger log, string reason);

    /// <summary>A fault of ours.</summary>
    [LoggerMessage(102, LogLevel.Error, "a request over the control socket failed")]
    public static partial void RequestFailed(ILogger log, Exception exception);
}
