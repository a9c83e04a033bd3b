using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Web;

/// <summary><c>postern web</c> beside a daemon, on a port of this host that is free.</summary>
internal sealed class RunningWeb : IAsyncDisposable
{
    /// <summary>The token of <c>alice</c>.</summary>
    public const string Token = "a-token-of-the-tests-0123456789";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly StringBuilder _words = new();

    private RunningWeb(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The page's address.</summary>
    public Uri Page => new($"http://127.0.0.1:{Port}/");

    /// <summary>What it said on standard error.</summary>
    public string Words
    {
        get
        {
            lock (_words)
            {
                return _words.ToString();
            }
        }
    }

    /// <summary>The part of the configuration for the page, with a token or without.</summary>
    /// <param name="folder">Where the token is; null for none.</param>
    /// <param name="port">Where it listens.</param>
    public static async Task<string> SettingsAsync(string? folder, int port)
    {
        if (folder is null)
        {
            return $"[web]\nlisten = \"127.0.0.1:{port}\"\n";
        }

        var file = Path.Combine(folder, "web.token");
        await File.WriteAllTextAsync(file, $"alice {Token}\n");
        (await Command.RunAsync(["chmod", "0640", file], s_patience)).OrThrow("chmod");

        return $"[web]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"{file}\"\n";
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it by a daemon's configuration; it is ready when this returns.</summary>
    public static async Task<RunningWeb> StartAsync(RunningPostern postern, int port, CancellationToken cancellationToken)
    {
        if (!File.Exists(PosternProgram.Web))
        {
            throw new InvalidOperationException($"{PosternProgram.Web} is not built: run ./postern web --help.");
        }

        var start = new ProcessStartInfo(PosternProgram.Path, ["web", "--config", postern.Config]) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LANG"] = "C";
        var web = new RunningWeb(Process.Start(start)!, port);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        web._process.ErrorDataReceived += (_, line) =>
        {
            lock (web._words)
            {
                web._words.AppendLine(line.Data);
            }

            if (line.Data is null || line.Data.Contains("ready:", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        web._process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience, cancellationToken);
        web._process.HasExited.ShouldBeFalse(web.Words);
        return web;
    }

    /// <summary>Asks it to stop, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Command.RunAsync(["kill", "-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], s_patience);
            await _process.WaitForExitAsync().WaitAsync(s_patience);
        }

        _process.Dispose();
    }
}
