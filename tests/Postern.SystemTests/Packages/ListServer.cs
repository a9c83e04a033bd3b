using System.Diagnostics;
using System.Net;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>The resolver of a booted Debian: it knows the test entry of one DNS list, and that nothing else exists.</summary>
internal sealed class ListServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private bool _isDisposed;

    private ListServer(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>Starts it on the machine's loopback address.</summary>
    public static async Task<ListServer> StartAsync(BootedDebian debian)
    {
        var folder = Directory.CreateTempSubdirectory("postern-list-").FullName;
        var file = Path.Combine(folder, "unbound.conf");
        await File.WriteAllTextAsync(file, $"""
            server:
              interface: 127.0.0.1
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "{folder}"
              pidfile: ""
              module-config: "iterator"
              local-zone: "." static
              local-data: "2.0.0.127.zen.spamhaus.org. A 127.0.0.2"
              local-data: "2.0.0.127.zen.spamhaus.org. A 127.0.0.4"
              local-data: "2.0.0.127.zen.spamhaus.org. A 127.0.0.10"
            remote-control:
              control-enable: no
            """);
        var start = new ProcessStartInfo("nsenter", ["--net", "--target", debian.Leader, "unbound", "-c", file]) { UseShellExecute = false };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        var server = new ListServer(Process.Start(start)!, folder);
        await WaitAsync(debian);
        return server;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task WaitAsync(BootedDebian debian)
    {
        for (var i = 0; i < 100; i++)
        {
            var listening = await Command.RunAsync(["nsenter", "--net", "--target", debian.Leader, "ss", "-lnu"], TimeSpan.FromSeconds(10));
            if (listening.Output.Contains($"{IPAddress.Loopback}:53", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        Assert.Fail("unbound does not listen in the machine's network");
    }
}
