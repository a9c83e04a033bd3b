using System.Net.Sockets;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Sharing;
using Postern.Cli.Sharing.Records;
using Postern.Cli.Sharing.Server;
using Postern.Cli.Words;
using StackExchange.Redis;

namespace Postern.Cli.Commands;

/// <summary>Whether the server of <c>[sharing]</c> can be used, and only those may read the key of the site who must.</summary>
internal static class SharingRules
{
    private const int MostSeconds = 5;

    /// <summary>What is wrong; nothing where nothing is shared.</summary>
    /// <param name="sharing">What is shared, and where.</param>
    /// <param name="isOffline">True where the server is not asked.</param>
    /// <param name="time">This host's clock.</param>
    /// <param name="words">The language.</param>
    /// <param name="stop">The operator's patience.</param>
    public static async Task<IReadOnlyList<DoctorFinding>> OfAsync(SharingSettings sharing, bool isOffline, TimeProvider time, IDoctorWords words, CancellationToken stop)
    {
        if (sharing is not { Url: { } url, KeyFile: { } key })
        {
            return [];
        }

        var findings = new List<DoctorFinding>();
        if (SiteKey.Read(key, sharing.Site).Failure is { } failure)
        {
            findings.Add(new("sharing-server", words.SharingServer(url.Text, failure), $"openssl rand -base64 32 > {key}; chmod 0640 {key}"));
        }
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != UnixFileMode.None)
        {
            findings.Add(new("sharing-key", words.SharingKey(key), $"chmod 0640 {key}"));
        }

        if (!isOffline)
        {
            findings.AddRange(await ServerAsync(sharing, time, words, stop));
        }

        return findings;
    }

    private static async Task<IReadOnlyList<DoctorFinding>> ServerAsync(SharingSettings sharing, TimeProvider time, IDoctorWords words, CancellationToken stop)
    {
        try
        {
            await using var server = await ShareServer.ConnectAsync(sharing, 0, static () => { }, stop);
            var (epoch, last) = await server.EpochAsync(stop);
            await server.PublishAsync(epoch, [], stop);
            var batch = await server.ReadAsync(1, last, "0-0", "0-0", "0-0", stop);
            var key = SiteKey.Read(sharing.KeyFile!, sharing.Site).Key;
            var own = key is null ? null : (await server.HostsAsync(stop)).Select(record => new SharedRecords(key).Read(record)).OfType<SharedHost>().FirstOrDefault(host => string.Equals(host.Host, sharing.Host, StringComparison.Ordinal));
            var findings = new List<DoctorFinding>();
            if (own is { HasNamesake: true } && batch.Now - own.At < KnownHost.Silence.TotalMilliseconds)
            {
                findings.Add(new("sharing-host", words.SharingHost(sharing.Host), "host = \"...\" in [sharing], another one on each host; systemctl restart postern"));
            }

            var apart = Math.Abs(batch.Now - time.GetUtcNow().ToUnixTimeMilliseconds()) / 1000;
            if (apart > MostSeconds)
            {
                findings.Add(new("sharing-clock", words.SharingClock(apart), "timedatectl set-ntp true"));
            }

            return findings;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or SocketException or IOException)
        {
            return [new("sharing-server", words.SharingServer(sharing.Url!.Text, e.Message.Split('\n')[0]), $"redis-cli -u {sharing.Url.Text} ping")];
        }
    }
}
