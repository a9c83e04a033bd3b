using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>Where no systemd runs, as in the build of an image: the package installs, and the unit's program runs under its user.</summary>
[Collection("Debian with systemd")]
public sealed class PlainChrootTests(PackageBuild packages)
{
    [Theory]
    [MemberData(nameof(InstallTests.Releases), MemberType = typeof(InstallTests))]
    public async Task It_installs_and_runs_without_a_running_systemd(string suite)
    {
        var first = await packages.MakeAsync("first");
        var release = DebianRelease.Booting.First(release => string.Equals(release.Suite, suite, StringComparison.Ordinal));
        if (!Machine.Has("systemd-nspawn"))
        {
            Assert.Skip("systemd-nspawn is needed: see tests/Postern.SystemTests/packages-packages.txt.");
        }

        if (await release.PrepareAsync(TestContext.Current.CancellationToken) is { } reason)
        {
            Assert.Skip(reason);
        }

        var shell = $"""
            set -e
            export DEBIAN_FRONTEND=noninteractive
            dpkg -i /packages/first/{Path.GetFileName(first)} >/dev/null
            touch /var/log/mail.log && chown root:adm /var/log/mail.log && chmod 640 /var/log/mail.log
            # What systemd makes before it starts the program.
            install -d -o postern -g postern /run/postern /var/lib/postern
            start=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/postern.service)
            setpriv --reuid postern --regid postern --groups adm $start --dry-run 2>/tmp/said &
            i=0
            until grep -q ready /tmp/said || [ $i -ge 100 ]; do i=$((i + 1)); sleep 0.1; done
            cat /tmp/said
            postern status | head -1
            kill $! && wait $! || true
            dpkg --purge postern >/dev/null
            test ! -e /etc/postern -a ! -e /var/lib/postern && echo nothing left
            """;
        var run = (await Command.RunAsync(
            [
                "systemd-nspawn", "--quiet", $"--directory={release.Root}", "--volatile=overlay", $"--machine=postern-plain-{suite}-{Environment.ProcessId}", "--register=no", "--keep-unit",
                "--private-network", "--link-journal=no", $"--bind-ro={packages.Folder.FullName}:/packages", "--console=pipe", "sh", "-c", shell,
            ], TimeSpan.FromSeconds(60), cancellationToken: TestContext.Current.CancellationToken)).OrThrow($"the package in {suite}");
        run.Output.ShouldContain("ready: dry run");
        run.Output.ShouldContain("DRY RUN - nobody is banned");
        run.Output.ShouldEndWith("nothing left\n");
        foreach (var left in Directory.EnumerateDirectories("/run/systemd/nspawn", $"postern-plain-{suite}-{Environment.ProcessId}", SearchOption.AllDirectories).ToList())
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
