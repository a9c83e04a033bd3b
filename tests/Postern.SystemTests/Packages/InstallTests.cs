using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>The life of the package on Debian 12 and 13, with their systemd: install, set, upgrade, remove, purge.</summary>
[Collection("Debian with systemd")]
public sealed class InstallTests(PackageBuild packages)
{
    private const string Settings = "/etc/postern/postern.toml";
    private const string Database = "/var/lib/postern/postern.sqlite";

    public static TheoryData<string> Releases => [.. DebianRelease.Booting.Select(release => release.Suite)];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task It_installs_upgrades_and_goes_as_debians_policy_says(string suite)
    {
        var (first, second) = (await packages.MakeAsync("first"), await packages.MakeAsync("second"));
        await using var debian = await BootedDebian.StartAsync(DebianRelease.Booting.First(release => string.Equals(release.Suite, suite, StringComparison.Ordinal)), packages.Folder.FullName);
        var before = await FilesAsync(debian);

        var told = await debian.AskAsync($"apt-get install -y --no-install-recommends /packages/first/{Path.GetFileName(first)} 2>&1");
        told.Split('\n').SkipWhile(line => !line.StartsWith("Postern watches", StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith("Processing", StringComparison.Ordinal)).Count().ShouldBe(3);
        await ItRunsAndBansNobodyAsync(debian);
        await ItIsWhatThePackageSaysAsync(debian);

        // The operator sets it, and bans somebody; the package of the next version touches neither.
        await debian.AskAsync($"sed -i 's/^mode = .*/mode = \"enforce\"/' {Settings} && systemctl restart postern && postern ban 203.0.113.77 --for 1d --reason 'seen by hand'");
        (await debian.AskAsync("nft list table inet postern")).ShouldContain("203.0.113.77");
        await debian.AskAsync($"apt-get install -y /packages/second/{Path.GetFileName(second)} 2>&1");
        (await debian.AskAsync("dpkg-query -W -f '${Version} ${Status}' postern")).ShouldBe($"{PackageBuild.Second}-1 install ok installed");
        (await debian.AskAsync($"grep ^mode {Settings}")).ShouldBe("mode = \"enforce\"");
        (await debian.AskAsync("systemctl is-active postern")).ShouldBe("active");
        (await debian.AskAsync("postern bans")).ShouldContain("203.0.113.77");
        (await debian.AskAsync("nft list table inet postern")).ShouldContain("203.0.113.77");

        await debian.AskAsync("apt-get remove -y postern 2>&1");
        (await debian.RunAsync("systemctl is-active postern")).Output.ShouldBe("inactive\n");
        (await debian.RunAsync("nft list table inet postern")).ExitCode.ShouldNotBe(0);
        (await debian.RunAsync("test -e /usr/bin/postern -o -e /usr/lib/postern")).ExitCode.ShouldNotBe(0);
        await debian.AskAsync($"test -s {Settings} -a -s {Database}");

        await debian.AskAsync("apt-get purge -y postern 2>&1");
        (await FilesAsync(debian)).Except(before, StringComparer.Ordinal).ShouldBeEmpty();
        (await debian.RunAsync("dpkg-query -W postern")).ExitCode.ShouldNotBe(0);
        // The user stays, and nobody can be it.
        (await debian.AskAsync("getent passwd postern")).ShouldEndWith("nologin");
        (await debian.AskAsync("passwd --status postern")).ShouldStartWith("postern L");
    }

    private static async Task ItRunsAndBansNobodyAsync(BootedDebian debian)
    {
        (await debian.AskAsync("systemctl is-active postern")).ShouldBe("active");
        (await debian.AskAsync("systemctl is-enabled postern")).ShouldBe("enabled");
        (await debian.AskAsync("postern status --format json")).ShouldContain("\"mode\": \"dry-run\"");
        (await debian.RunAsync("nft list table inet postern")).ExitCode.ShouldNotBe(0);
        (await debian.AskAsync("stat -c %U /proc/$(systemctl show --property MainPID --value postern)")).ShouldBe("postern");
    }

    private static async Task ItIsWhatThePackageSaysAsync(BootedDebian debian)
    {
        (await debian.AskAsync("postern --version")).ShouldStartWith("0.1.0");
        (await debian.AskAsync("readlink -f /usr/bin/postern")).ShouldBe("/usr/lib/postern/postern");
        (await debian.AskAsync($"stat -c '%A %U:%G' {Settings} /run/postern /run/postern/postern.sock /var/lib/postern /var/spool/postfix/postern")).Split('\n').ShouldBe([
            "-rw-r--r-- root:root", "drwxr-xr-x postern:postern", "srw-rw---- postern:postern", "drwxr-xr-x postern:postern", "drwxr-s--- postern:postfix"]);
        (await debian.AskAsync("dpkg --verify postern")).ShouldBeEmpty();
        // Who is in the group may use the socket, and nobody else.
        await debian.AskAsync("useradd --system operator-of-mail -G postern && useradd --system stranger");
        (await debian.AskAsync("setpriv --reuid operator-of-mail --init-groups --regid operator-of-mail postern status")).ShouldContain("dry-run");
        (await debian.RunAsync("setpriv --reuid stranger --clear-groups --regid stranger postern status")).ExitCode.ShouldBe(2);
        await debian.AskAsync("userdel operator-of-mail && userdel stranger");
        // The page is off; once started it answers, with the rights of nobody but the group.
        (await debian.RunAsync("systemctl is-enabled postern-web")).Output.Trim().ShouldBe("disabled");
        await debian.AskAsync("systemctl start postern-web && sleep 1");
        const string Ask = "exec 3<>/dev/tcp/127.0.0.1/10080; printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3; cat <&3";
        (await debian.AskAsync($"bash -c \"{Ask}\"")).ShouldContain("\"status\":\"ok\"");
        (await debian.AskAsync("readlink /proc/$(systemctl show --property MainPID --value postern-web)/exe")).ShouldBe("/usr/lib/postern/postern-web");
        (await debian.RunAsync("test $(stat -c %u /proc/$(systemctl show --property MainPID --value postern-web)) -ge 1000")).ExitCode.ShouldBe(0);
        (await debian.AskAsync("systemctl stop postern-web && systemctl is-failed postern-web || true")).ShouldNotContain("failed");
        // A chrooted Postfix reaches a socket that the service makes there.
        await debian.AskAsync($"printf '[milter]\\nlisten = \"unix:/var/spool/postfix/postern/milter\"\\n' >>{Settings} && systemctl restart postern && test -S /var/spool/postfix/postern/milter");
        (await debian.AskAsync("stat -c %G /var/spool/postfix/postern/milter")).ShouldBe("postfix");
        await debian.AskAsync("setpriv --reuid postfix --regid postfix --clear-groups test -w /var/spool/postfix/postern/milter");
    }

    // Logs and what dpkg and the kernel keep for themselves change anyway.
    private static async Task<string[]> FilesAsync(BootedDebian debian) =>
        (await debian.AskAsync("find /etc /usr /var /opt /home /root -path /var/log -prune -o -path /var/cache -prune -o -path '/var/lib/dpkg/*' -prune -o -path '/var/lib/apt/*' -prune -o -path '/var/lib/systemd/*' -prune -o -path '/var/spool/postfix/*' -prune -o -print; find / -xdev -iname '*postern*' -not -path '/proc/*' -not -path '/packages/*' -not -path '/var/log/*'")).Split('\n');
}
