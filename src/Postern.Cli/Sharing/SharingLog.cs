using Microsoft.Extensions.Logging;

namespace Postern.Cli.Sharing;

/// <summary>What sharing logs.</summary>
internal static partial class SharingLog
{
    /// <summary>It works.</summary>
    [LoggerMessage(80, LogLevel.Information, "sharing: connected to {Url} as {Host} of the site {Site}; {Known} bans of all hosts are known")]
    public static partial void Connected(ILogger log, string url, string host, string site, int known);

    /// <summary>It does not.</summary>
    [LoggerMessage(81, LogLevel.Warning, "sharing: {Url}: {Trouble}; bans here go on, and what is to be shared waits")]
    public static partial void Lost(ILogger log, string url, string trouble);

    /// <summary>The server has other data than before.</summary>
    [LoggerMessage(82, LogLevel.Warning, "sharing: the server has lost its data, is another one or is back with older data; this host publishes again what it knows")]
    public static partial void DataLost(ILogger log);

    /// <summary>Another host has this host's name.</summary>
    public static string NamesakeText(string host) => $"another host shares by the name {host}, too; give each a name of its own: host in [sharing]";

    /// <summary>The same, logged when it is seen.</summary>
    public static void Namesake(ILogger log, string host) => HasNamesake(log, NamesakeText(host));

    [LoggerMessage(86, LogLevel.Warning, "sharing: {Trouble}")]
    private static partial void HasNamesake(ILogger log, string trouble);

    /// <summary>A record without a right code.</summary>
    [LoggerMessage(83, LogLevel.Error, "sharing: the server holds entries that no host of this site has written with its key; they are refused, and this is logged once: see who may write to {Url}, and that all hosts have the same key file")]
    public static partial void Forged(ILogger log, string url);

    /// <summary>A change beyond the limits.</summary>
    [LoggerMessage(84, LogLevel.Warning, "sharing: a change of {Host} is refused, since {Why}; this is logged once an hour")]
    public static partial void Refused(ILogger log, string host, string why);

    /// <summary>The file cannot be used.</summary>
    [LoggerMessage(85, LogLevel.Warning, "sharing: {Trouble}; what waits to be published is only in memory")]
    public static partial void StoreTrouble(ILogger log, string trouble);
}
