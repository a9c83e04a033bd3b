using Postern.SystemTests.Support;

namespace Postern.SystemTests.Packages;

/// <summary>The first day of an operator on Debian 12 and 13: install, set up, watch real mail, enforce, and boot again.</summary>
[Collection("Debian with systemd")]
public sealed class FirstDayTests(PackageBuild packages)
{
    private const string Settings = "/etc/postern/postern.toml";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(InstallTests.Releases), MemberType = typeof(InstallTests))]
    public async Task Who_is_banned_on_the_first_day_is_still_banned_after_a_reboot(string suite)
    {
        var package = await packages.MakeAsync("first");
        await using var debian = await BootedDebian.StartAsync(
            DebianRelease.Booting.First(release => string.Equals(release.Suite, suite, StringComparison.Ordinal)), packages.Folder.FullName, keeps: true);
        await using var clients = await MailClients.CreateAsync(debian);
        using var names = await ListServer.StartAsync(debian);
        await debian.AskAsync($"apt-get install -y --no-install-recommends /packages/first/{Path.GetFileName(package)} 2>&1");
        await EncryptAsync(debian);

        await debian.AskAsync("postern setup --yes && postfix reload && systemctl restart postern");
        (await debian.AskAsync("postern doctor")).ShouldBe("No problems found.");

        // The dry run bans nobody, and says whom it would.
        await AbuseAsync(clients);
        await DeliverAsync(clients);
        await UntilAsync(debian, $"postern bans --format json | grep -q {MailClients.Abusive}");
        (await clients.IsLetInAsync(MailClients.Abusive)).ShouldBeTrue();

        await debian.AskAsync($"sed -i 's/^mode = .*/mode = \"enforce\"/' {Settings} && systemctl restart postern");
        await AbuseAsync(clients);
        await DeliverAsync(clients);
        await UntilAsync(debian, $"nft list table inet postern | grep -q {MailClients.Abusive}");
        (await clients.IsLetInAsync(MailClients.Abusive)).ShouldBeFalse();
        (await clients.IsLetInAsync(MailClients.Sender)).ShouldBeTrue();

        names.Dispose();
        await debian.RebootAsync();
        await clients.ConnectAsync(debian);
        await UntilAsync(debian, "systemctl is-active --quiet postern postfix && postern status >/dev/null");
        (await clients.IsLetInAsync(MailClients.Sender)).ShouldBeTrue();
        (await clients.IsLetInAsync(MailClients.Abusive)).ShouldBeFalse();
        (await debian.AskAsync("postern bans")).ShouldContain(MailClients.Abusive);
    }

    // As the certificate of the laboratory, nobody's.
    private static async Task EncryptAsync(BootedDebian debian)
    {
        var made = await Command.RunAsync(
            ["sh", "-c", $"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.example.org -keyout - -out - 2>/dev/null > /proc/{debian.Leader}/root/etc/postfix/chain.pem"], s_patience, cancellationToken: Stop);
        made.OrThrow("openssl");
        await debian.AskAsync("chmod 600 /etc/postfix/chain.pem && postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/etc/postfix/chain.pem && postfix reload");
    }

    private static async Task AbuseAsync(MailClients clients)
    {
        for (var i = 0; i < 12; i++)
        {
            using var session = await clients.OpenAsync(MailClients.Abusive);
            await session.Hear();
            await session.Send(".\r\n");
            await session.Hear(TimeSpan.FromSeconds(2));
        }
    }

    private static async Task DeliverAsync(MailClients clients)
    {
        using var session = await clients.OpenAsync(MailClients.Sender);
        await session.Deliver("mail.partner.example", "root@localhost");
    }

    private static async Task UntilAsync(BootedDebian debian, string shell)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var tried = await debian.RunAsync(shell);
            if (tried.ExitCode == 0)
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"{shell}: {tried.Output}{tried.Error}{(await debian.RunAsync("postern status; journalctl -u postern -n 30 --no-pager")).Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Stop);
        }
    }
}
