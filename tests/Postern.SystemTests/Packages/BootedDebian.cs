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
    private readonly string _name;
    private readonly string[] _options;
    private readonly WritableRoot? _root;
    private Process _machine;

    private BootedDebian(string name, string[] options, WritableRoot? root, Process machine, string leader)
    {
        (_name, _options, _root, _machine, Leader) = (name, options, root, machine, leader);
    }

    /// <summary>Its first process, as this machine counts.</summary>
    public string Leader { get; private set; }

    /// <summary>Boots it, and waits until all services run.</summary>
    /// <param name="release">Which one.</param>
    /// <param name="shared">A folder of this machine, which it sees as <c>/packages</c>.</param>
    /// <param name="keeps">True where what is written is to outlive <see cref="RebootAsync"/>.</param>
    public static async Task<BootedDebian> StartAsync(DebianRelease release, string shared, bool keeps = false)
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
        var root = keeps ? await WritableRoot.MountAsync(release.Root) : null;
        string[] options =
        [
            "--quiet", .. root is null ? [$"--directory={release.Root}", "--volatile=overlay"] : (string[])[$"--directory={root.Path}"], $"--machine={name}", "--register=no", "--keep-unit",
            "--private-network", "--link-journal=no", $"--bind-ro={shared}:/packages", "--console=pipe", "--boot",
        ];
        var (machine, leader) = await BootAsync(options);
        if (leader is not null)
        {
            return new BootedDebian(name, options, root, machine, leader);
        }

        if (root is not null)
        {
            await root.DisposeAsync();
        }

        // Nothing of ours is in it yet: this is a machine that cannot boot another, as in many containers.
        Assert.Skip($"This machine boots no {release.Suite} by systemd-nspawn; PlainChrootTests installs the package without: {await machine.StandardOutput.ReadToEndAsync()}");
        throw new UnreachableException();
    }

    /// <summary>Switches it off and on again.</summary>
    public async Task RebootAsync()
    {
        await PowerOffAsync();
        var (machine, leader) = await BootAsync(_options);
        (_machine, Leader) = (machine, leader.ShouldNotBeNull("it booted once"));
    }

    // Without a leader where it does not boot; its console says what failed.
    private static async Task<(Process Machine, string? Leader)> BootAsync(string[] options)
    {
        var machine = Process.Start(new ProcessStartInfo("systemd-nspawn", options)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        _ = machine.StandardError.ReadToEndAsync(CancellationToken.None);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < s_boot && !machine.HasExited)
        {
            var children = await File.ReadAllTextAsync($"/proc/{machine.Id}/task/{machine.Id}/children");
            if (children.Split(' ')[0] is { Length: > 0 } leader)
            {
                var state = await Command.RunAsync(["nsenter", "--all", "--target", leader, "systemctl", "is-system-running", "--wait"], s_boot);
                if (state.Output.Trim() is "running" or "degraded")
                {
                    return (machine, leader);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        machine.Kill(entireProcessTree: true);
        return (machine, null);
    }

    /// <summary>Runs a command line of the shell as root.</summary>
    public Task<CommandResult> RunAsync(string shell) =>
        Command.RunAsync(["nsenter", "--all", "--target", Leader, "sh", "-c", shell], s_command, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" });

    /// <summary>What a command line that must succeed prints.</summary>
    public async Task<string> AskAsync(string shell) => (await RunAsync(shell)).OrThrow(shell).Output.TrimEnd();

    /// <summary>Switches it off.</summary>
    public async ValueTask DisposeAsync()
    {
        await PowerOffAsync();
        if (_root is not null)
        {
            await _root.DisposeAsync();
        }
    }

    private async Task PowerOffAsync()
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
