using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>The built program as a daemon, in a network namespace, with a configuration and a state folder of its own.</summary>
internal sealed class RunningPostern : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string? _namespace;
    private readonly bool _isDryRun;
    private readonly string _before;
    private readonly StringBuilder _words = new();
    private Process? _process;

    private RunningPostern(string folder, string? @namespace, bool isDryRun, string before) =>
        (Folder, _namespace, _isDryRun, _before) = (folder, @namespace, isDryRun, before);

    /// <summary>Where its configuration, state and socket are.</summary>
    public string Folder { get; }

    /// <summary>Its configuration.</summary>
    public string Config => Path.Combine(Folder, "postern.toml");

    /// <summary>Where its ledger is.</summary>
    public string State => Path.Combine(Folder, "state");

    // Postfix's configuration as the daemon finds it; the tests' own servers have theirs elsewhere.
    private string PostfixFolder => Path.Combine(Folder, "postfix");

    /// <summary>Its process.</summary>
    public string Pid => _process!.Id.ToString(CultureInfo.InvariantCulture);

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

    /// <summary>Starts it; it is ready when this returns.</summary>
    /// <param name="log">The log that it follows.</param>
    /// <param name="namespace">Where it runs; null for a dry run here.</param>
    /// <param name="more">More of the configuration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="resolver">Whom it asks; by default nobody who answers.</param>
    public static async Task<RunningPostern> StartAsync(string log, string? @namespace, string more, CancellationToken cancellationToken, string resolver = "127.0.0.1:9")
    {
        var postern = await PrepareAsync(log, @namespace, more, "", cancellationToken, resolver);
        await postern.StartAgainAsync(cancellationToken);
        return postern;
    }

    /// <summary>Makes all that it needs, for <see cref="StartAgainAsync"/>.</summary>
    /// <param name="log">The log that it follows.</param>
    /// <param name="namespace">Where it runs; null for a dry run here.</param>
    /// <param name="more">More of the configuration.</param>
    /// <param name="before">Shell that runs before it each time, as the same process; what it mounts nobody else sees.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="resolver">Whom it asks; by default nobody who answers.</param>
    public static async Task<RunningPostern> PrepareAsync(
        string log, string? @namespace, string more, string before, CancellationToken cancellationToken, string resolver = "127.0.0.1:9")
    {
        var folder = Directory.CreateTempSubdirectory("postern-run-").FullName;
        var postern = new RunningPostern(folder, @namespace, @namespace is null, before);
        Directory.CreateDirectory(postern.State);
        // Where there is no main.cf, postconf sleeps for a second before it says so, at each start.
        Directory.CreateDirectory(postern.PostfixFolder);
        await File.WriteAllTextAsync(Path.Combine(postern.PostfixFolder, "main.cf"), "compatibility_level = 3.6\nmyhostname = mx.example.org\nmynetworks = 127.0.0.0/8 [::1]/128\n", cancellationToken);
        await postern.ConfigureAsync(log, resolver, more, cancellationToken);
        return postern;
    }

    /// <summary>Writes its configuration, for the next start or a reload.</summary>
    /// <param name="log">The log that it follows.</param>
    /// <param name="resolver">Whom it asks.</param>
    /// <param name="more">More of the configuration.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task ConfigureAsync(string log, string resolver, string more, CancellationToken cancellationToken) => File.WriteAllTextAsync(Config, $"""
        state = "{State}"
        socket = "{Folder}/socket"
        # The tests write to the postmaster, whom only forged senders do not reach by default.
        allow_recipients = []
        [[logs]]
        path = "{log}"
        [dns]
        resolver = "{resolver}"
        {more}
        """, cancellationToken);

    /// <summary>Starts it again after <see cref="Kill"/> or <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        var command = Run();
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        start.Environment["MAIL_CONFIG"] = PostfixFolder;
        _process = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_words)
            {
                _words.AppendLine(line.Data);
            }

            if (line.Data is null || line.Data.Contains("ready:", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_patience, cancellationToken);
        _process.HasExited.ShouldBeFalse(Words);
    }

    /// <summary>Runs it where it cannot begin, and gives what came of that.</summary>
    public Task<CommandResult> RefuseAsync(CancellationToken cancellationToken) => Command.RunAsync(Run(), s_patience, cancellationToken: cancellationToken);

    /// <summary>Returns when it has said this; else fails with what it said.</summary>
    public async Task SaysAsync(string words, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!Words.Contains(words, StringComparison.Ordinal))
        {
            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"'{words}' was not said, but:\n{Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    /// <summary>How many of the lines that it said hold this.</summary>
    public int Said(string words) => Words.Split('\n').Count(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>Kills it as nothing else does (SIGKILL).</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Halts it as a machine out of memory would (SIGSTOP), or lets it go on (SIGCONT).</summary>
    public Task Signal(string name) =>
        Command.RunAsync(["kill", $"-{name}", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)], s_patience);

    /// <summary>Asks it to stop (SIGTERM), and waits for its end.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
        {
            await Command.RunAsync(["kill", "-TERM", Pid], s_patience);
            await _process.WaitForExitAsync().WaitAsync(s_patience);
        }
    }

    /// <summary>Runs one of the commands that ask it.</summary>
    public Task<CommandResult> AskAsync(params string[] command) => PosternProgram.RunAsync([.. command, "--config", Config]);

    /// <summary>The networks that are banned.</summary>
    public async Task<IReadOnlyList<string>> BansAsync()
    {
        var reply = (await AskAsync("bans", "--format", "json")).OrThrow("postern bans");
        using var document = JsonDocument.Parse(reply.Output);
        document.RootElement.GetProperty("schema").GetString().ShouldBe("postern.bans/1");
        return [.. document.RootElement.GetProperty("bans").EnumerateArray().Select(ban => ban.GetProperty("network").GetString()!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns when its bans are as they should be; else fails with what they are.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<string>, bool> isSo, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var bans = await BansAsync();
            if (isSo(bans))
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"banned: {string.Join(", ", bans)}\n{Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>Returns when it has read so many lines of its first log.</summary>
    public async Task HasReadAsync(int lines, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while ((await StatusAsync()).GetProperty("logs")[0].GetProperty("lines").GetInt64() is var read && read < lines)
        {
            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"{read} of {lines} lines read\n{Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>What it tells of itself.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        var reply = (await AskAsync("status", "--format", "json")).OrThrow("postern status");
        using var document = JsonDocument.Parse(reply.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Stops it and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await Kill();
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string[] Run()
    {
        string[] run = [PosternProgram.Path, "run", "--config", Config, .. _isDryRun ? ["--dry-run"] : (string[])[]];
        return _namespace is null ? run : ["ip", "netns", "exec", _namespace, "sh", "-ec", $"{_before}\nexec \"$@\"", "sh", .. run];
    }
}
