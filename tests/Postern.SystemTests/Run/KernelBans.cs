using System.Net;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The single IPv4 addresses that stand in the kernel of a namespace.</summary>
internal static class KernelBans
{
    /// <summary>Reads them, as <c>postern bans</c> writes them; none where there is no table.</summary>
    public static async Task<HashSet<string>> ReadAsync(string server)
    {
        var table = await Command.RunAsync(["ip", "netns", "exec", server, "nft", "list", "table", "inet", "postern"], TimeSpan.FromSeconds(60), cancellationToken: TestContext.Current.CancellationToken);
        var words = table.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Zip(words.Skip(1)).Where(pair => pair.Second is "timeout" && IPAddress.TryParse(pair.First, out _)).Select(pair => $"{pair.First}/32")];
    }
}
