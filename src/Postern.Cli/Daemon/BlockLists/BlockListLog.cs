using Microsoft.Extensions.Logging;

namespace Postern.Cli.Daemon.BlockLists;

/// <summary>What the lists of networks log.</summary>
internal static partial class BlockListLog
{
    /// <summary>A list was read.</summary>
    [LoggerMessage(60, LogLevel.Information, "block list {Name}: {Networks} networks")]
    public static partial void Read(ILogger log, string name, int networks);

    /// <summary>Lines of a list were left out.</summary>
    [LoggerMessage(61, LogLevel.Warning, "block list {Name}: {Lines} lines were left out, the first in line {Line}: {Why}")]
    public static partial void LeftOut(ILogger log, string name, int lines, int line, string why);

    /// <summary>A list was not read.</summary>
    [LoggerMessage(62, LogLevel.Warning, "block list {Name} cannot be read, and its networks stay as they are: {Why}")]
    public static partial void NotRead(ILogger log, string name, string why);

    /// <summary>The lists are not in the firewall.</summary>
    [LoggerMessage(63, LogLevel.Error, "the block lists are not in the firewall: {Why}")]
    public static partial void NotBuilt(ILogger log, string why);
}
