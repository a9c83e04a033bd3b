using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>The doctor reads a real Postfix's configuration, finds what was planted, and its own advice silences it.</summary>
public sealed class DoctorTests(DoctorTables tables) : IClassFixture<DoctorTables>, IDisposable
{
    private const string Wired = "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, check_policy_service { inet:127.0.0.1:10040, timeout=8s, try_limit=1, default_action=DUNNO }";
    private const string Milter = "{ inet:127.0.0.1:10041, connect_timeout=3s, command_timeout=10s, content_timeout=20s, default_action=accept }";

    private readonly string _folder = Directory.CreateTempSubdirectory("postern-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_sound_server_gives_no_cause_for_a_word()
    {
        await SetUpAsync();
        (await ExamineAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("policy-not-wired", "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination")]
    [InlineData("policy-default-action", "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, check_policy_service { inet:127.0.0.1:10040, timeout=8s }")]
    [InlineData("policy-timeout", "smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, check_policy_service { inet:127.0.0.1:10040, default_action=DUNNO }")]
    [InlineData("milter-not-wired", "smtpd_milters = inet:127.0.0.1:8891")]
    [InlineData("milter-default-action", "smtpd_milters = inet:127.0.0.1:8891, { inet:127.0.0.1:10041, content_timeout=20s }")]
    [InlineData("milter-timeout", "smtpd_milters = { inet:127.0.0.1:10041, default_action=accept }")]
    [InlineData("message-size", "message_size_limit = 0")]
    [InlineData("message-size", "message_size_limit = 60000000")]
    [InlineData("notices", "notify_classes = resource, software")]
    [InlineData("unlisted-local", "local_recipient_maps =")]
    [InlineData("unlisted-recipient", "smtpd_reject_unlisted_recipient = no")]
    [InlineData("backup-mx", "relay_domains = example.net")]
    [InlineData("unlisted-virtual", "virtual_mailbox_domains = example.com")]
    [InlineData("luser-relay", "luser_relay = bob")]
    [InlineData("soft-bounce", "soft_bounce = yes")]
    [InlineData("content-filter", "content_filter = smtp:[127.0.0.1]:10024")]
    [InlineData("sender-verification", "smtpd_sender_restrictions = permit_mynetworks, reject_unverified_sender, permit")]
    [InlineData("mynetworks", "mynetworks = 0.0.0.0/0")]
    [InlineData("catch-all", "virtual_alias_maps = texthash:FOLDER/virtual")]
    [InlineData("catch-all", "virtual_alias_maps = hash:FOLDER/sound, proxy:hash:FOLDER/virtual")]
    [InlineData("catch-all", "virtual_alias_maps = btree:FOLDER/textless")]
    [InlineData("catch-all", "virtual_alias_maps = inline:{ { @example.com = bob }, ann@example.com=ann }")]
    [InlineData("catch-all", "virtual_alias_maps = static:bob")]
    [InlineData("catch-all", "virtual_alias_maps = regexp:FOLDER/patterns")]
    [InlineData("catch-all", "virtual_alias_maps = unionmap:{ hash:FOLDER/sound, inline:{ @example.com=bob } }")]
    [InlineData("catch-all", "canonical_maps = hash:FOLDER/canonical")]
    [InlineData("catch-all", "alias_maps = hash:FOLDER/aliases, static:bob")]
    [InlineData("unlisted-local", "local_recipient_maps = proxy:unix:passwd.byname static:all")]
    [InlineData("backup-mx", "relay_domains = example.net;relay_recipient_maps = hash:FOLDER/relayed")]
    [InlineData("forwarding", "alias_maps = hash:FOLDER/forwarding")]
    [InlineData("forwarding", "alias_maps = inline:{ postmaster=root, bob=bob@elsewhere.example }")]
    [InlineData("forwarding", "virtual_alias_maps = hash:FOLDER/handed-on")]
    [InlineData("forwarding", "forward_path = FOLDER/forward-$user")]
    [InlineData("vacation", "alias_maps = hash:FOLDER/vacation")]
    [InlineData("vacation", "forward_path = FOLDER/none, FOLDER/away-${user}${extension}")]
    [InlineData("tls-off", "smtpd_tls_security_level = none")]
    [InlineData("auth-in-clear", "smtpd_tls_auth_only = no")]
    [InlineData("helo-not-required", "smtpd_helo_required = no")]
    [InlineData("vrfy", "disable_vrfy_command = no")]
    [InlineData("connection-rate", "smtpd_client_connection_rate_limit = 0")]
    [InlineData("auth-rate", "smtpd_client_auth_rate_limit = 0")]
    [InlineData("error-limit", "smtpd_hard_error_limit = 1000")]
    [InlineData("no-delay-reject", "smtpd_delay_reject = no")]
    public async Task What_is_planted_is_found_and_its_cure_silences_the_doctor(string id, string planted)
    {
        await SetUpAsync();
        await InsideAsync($"postconf -e {string.Join(' ', planted.Replace("FOLDER", _folder, StringComparison.Ordinal).Split(';').Select(setting => $"'{setting}'"))}");

        var findings = await ExamineAsync();
        findings.Select(finding => finding.Id).ShouldBe([id]);

        await InsideAsync(findings[0].Fix);
        (await ExamineAsync()).ShouldBeEmpty(findings[0].Fix);
    }

    [Fact]
    public async Task Tables_of_all_kinds_that_are_sound_give_no_cause_for_a_word()
    {
        await SetUpAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "members"), "bob@example.org\ncarol@elsewhere.example\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "lists"), $"postmaster: root\nclub: :include:{_folder}/members\nowner-club: root\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "forward-root"), "# carol@elsewhere.example\n\\root, bob@example.org\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "some"), "/^sales-[0-9]+@example\\.com$/ bob@example.org\n/^(.*)\\+old@example\\.com$/ $1@example.com\n", TestContext.Current.CancellationToken);
        // Domains that cannot be listed are ours all the same.
        await File.WriteAllTextAsync(Path.Combine(_folder, "hosted"), "/^hosted[0-9]*\\.example$/ yes\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "also-hosted"), "# more of them\nother.example\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(_folder, "lists"), "ann: ann@hosted7.example, ann@other.example\n", TestContext.Current.CancellationToken);
        await InsideAsync($"postalias hash:{_folder}/lists && postconf -e 'alias_maps = hash:{_folder}/lists' 'virtual_alias_maps = unionmap:{{hash:{_folder}/sound, regexp:{_folder}/some}}'"
            + $" 'forward_path = {_folder}/forward-$user' 'always_bcc = archive@elsewhere.example' 'recipient_bcc_maps = static:archive@elsewhere.example'"
            + " 'canonical_maps = inline:{{@inside.example=@example.org}}'"
            + $" 'virtual_mailbox_domains = regexp:{_folder}/hosted {_folder}/also-hosted' 'virtual_mailbox_maps = static:ours'");
        (await ExamineAsync()).ShouldBeEmpty();
    }

    private async Task SetUpAsync()
    {
        if (!File.Exists("/usr/sbin/postconf"))
        {
            Assert.Skip("needs the Debian package postfix");
        }

        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_folder, "main.cf"), $"""
            compatibility_level = 3.6
            myhostname = mx.example.org
            mydestination = mx.example.org, example.org
            mynetworks = 127.0.0.0/8
            alias_maps = hash:{_folder}/aliases
            virtual_alias_domains = example.com
            notify_classes = resource, software, protocol
            smtpd_recipient_restrictions = {Wired}
            smtpd_milters = {Milter}
            smtpd_helo_required = yes
            disable_vrfy_command = yes
            smtpd_client_connection_rate_limit = 60
            smtpd_client_auth_rate_limit = 10
            smtpd_sasl_auth_enable = yes
            smtpd_tls_auth_only = yes
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem
            smtpd_forbid_bare_newline = yes

            """, ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "master.cf"), "smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n -o smtpd_helo_required=no\n -o smtpd_milters=\ncleanup unix n - n - 0 cleanup\n", ct);
        await tables.CopyAsync(_folder, ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mail.log"), "", ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "postern.toml"), $"""
            state = "{_folder}/state"
            [[logs]]
            path = "{_folder}/mail.log"
            [policy]
            listen = "127.0.0.1:10040"
            [milter]
            trust = "tcp"
            listen = "127.0.0.1:10041"
            """, ct);
    }

    private async Task<IReadOnlyList<(string Id, string Fix)>> ExamineAsync()
    {
        var result = await RunAsync(PosternProgram.Path, "doctor", "--offline", "--format", "json", "--config", Path.Combine(_folder, "postern.toml"));
        result.ExitCode.ShouldBeInRange(0, 1, result.Error);
        var report = JsonDocument.Parse(result.Output).RootElement;
        report.GetProperty("schema").GetString().ShouldBe("postern.doctor/1");
        var findings = report.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("id").GetString()!, finding.GetProperty("fix").GetString()!)).ToArray();
        result.ExitCode.ShouldBe(findings.Length > 0 ? 1 : 0);
        return findings;
    }

    private async Task InsideAsync(string shell) => (await RunAsync("sh", "-c", shell)).OrThrow(shell);

    private Task<CommandResult> RunAsync(params string[] command) => Command.RunAsync(
        command, TimeSpan.FromSeconds(60), environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["MAIL_CONFIG"] = _folder }, cancellationToken: TestContext.Current.CancellationToken);
}
