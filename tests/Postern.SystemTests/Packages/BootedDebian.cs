using System.Diagnostics;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>
/// A Debian that systemd-nspawn has booted over the release's folder, which stays as it is: what is written goes to memory and is
/// gone when the machine is switched off. It has a network of its own, without a way out.
/// </summary>
internal sealed class BootedDebian : IAsyncDisposable
{
    private static readonly TimeSpan s_boot = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_command = TimeSpan.FromSeconds(60);
    private readonly Process _machine;
    private readonly string _name;
    private readonly string _leader;

    private BootedDebian(Process machine, string name, string leader)
    {
        (_machine, _name, _leader) = (machine, name, leader);
    }

    /// <summary>Boots it, and waits until all services run.</summary>
    /// <param name="release">Which one.</param>
    /// <param name="shared">A folder of this machine, which it sees as <c>/packages</c>.</param>
    public static async Task<BootedDebian> StartAsync(DebianRelease release, string shared)
    {
        if (!Machine.Has("systemd-nspawn"))
        {
            Assert.Skip("To boot a Debian, systemd-nspawn is needed: see tests/Postern.SystemTests/packages-packages.txt.");
        }

        if (await release.PrepareAsync(TestContext.Current.CancellationToken) is { } reason)
        {
            Assert.Skip(reason);
        }

        var name = $"postern-test-{release.Suite}-{Environment.ProcessId}";
        // The console says what failed where it does not boot.
        var machine = Process.Start(new ProcessStartInfo("systemd-nspawn", [
            "--quiet", $"--directory={release.Root}", "--volatile=overlay", $"--machine={name}", "--register=no", "--keep-unit", "--private-network",
            "--link-journal=no", $"--bind-ro={shared}:/packages", "--console=pipe", "--boot"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var console = machine.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = machine.StandardError.ReadToEndAsync(CancellationToken.None);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < s_boot && !machine.HasExited)
        {
            var children = await File.ReadAllTextAsync($"/proc/{machine.Id}/task/{machine.Id}/children");
            if (children.Split(' ')[0] is { Length: > 0 } leader)
            {
                var booted = new BootedDebian(machine, name, leader);
                var state = await Command.RunAsync(["nsenter", "--all", "--target", leader, "systemctl", "is-system-running", "--wait"], s_boot);
                if (state.Output.Trim() is "running" or "degraded")
                {
                    return booted;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        machine.Kill(entireProcessTree: true);
        // Nothing of ours is in it yet: this is a machine that cannot boot another, as in many containers.
        Assert.Skip($"This machine boots no {release.Suite} by systemd-nspawn; PlainChrootTests installs the package without: {await console}");
        throw new UnreachableException();
    }

    /// <summary>Runs a command line of the shell as root.</summary>
    public Task<CommandResult> RunAsync(string shell) =>
        Command.RunAsync(["nsenter", "--all", "--target", _leader, "sh", "-c", shell], s_command, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" });

    /// <summary>What a command line that must succeed prints.</summary>
    public async Task<string> AskAsync(string shell) => (await RunAsync(shell)).OrThrow(shell).Output.TrimEnd();

    /// <summary>Switches it off.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("systemctl --no-block poweroff");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _machine.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _machine.Kill(entireProcessTree: true);
            await _machine.WaitForExitAsync(CancellationToken.None);
        }

        _machine.Dispose();
        foreach (var left in new[] { "propagate", "unix-export" }.Select(folder => Path.Combine("/run/systemd/nspawn", folder, _name)).Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
