using System.Net;
using Microsoft.Extensions.Logging;
using Postern.Checks.Dnsbl;
using Postern.Cli.Configuration;
using Postern.Facts;

namespace Postern.Tests.Configuration;

/// <summary>What a configuration says is what the rooms get.</summary>
public sealed class ConfigLoaderTests
{
    [Fact]
    public void An_empty_file_is_the_defaults()
    {
        var loaded = ConfigLoader.Parse("", "test.toml");
        loaded.Mistakes.ShouldBeEmpty();
        loaded.Options.Socket.ShouldBe("/run/postern/postern.sock");
        loaded.Options.Jail.MaxRetry.ShouldBe(10);
        loaded.Options.Nftables.Enabled.ShouldBeTrue();
        loaded.Options.Command.ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_key_arrives()
    {
        var options = Read("""
            state = "/tmp/state"
            socket = "/tmp/postern.sock"
            allow = ["127.0.0.0/8", "::1", "2001:db8::/32", "MX.example.org."]
            retention = "30d"
            log_level = "debug"
            [[logs]]
            path = "/var/log/mail/*.log"
            [[logs]]
            journal = true
            matches = ["SYSLOG_FACILITY=2"]
            [[logs]]
            notices = "/var/mail/postmaster"
            [jail]
            findtime = 90
            maxretry = 2.5
            bantime = "1h30m"
            bantime_factor = 3
            bantime_max = "2w"
            forget_after = "1d"
            ports = []
            ipv6_prefix = 56
            subnet_threshold = 0
            weights = { tls-scan = 0.5 }
            [nftables]
            enabled = false
            table = "gate"
            verdict = "reject"
            [command]
            ban = ["/usr/bin/true", "{address}"]
            unban = ["/usr/bin/true"]
            timeout = "3s"
            [policy]
            listen = "127.0.0.1:10040"
            [milter]
            listen = "unix:/run/postern/milter.sock"
            [dns]
            resolver = ["127.0.0.1:5353", "::1"]
            timeout = 0.5
            retries = 0
            deadline = "3s"
            [checks]
            trusted_sealers = ["lists.example.org"]
            own_names = ["mx.example.org"]
            [checks.points]
            "spf-helo.pass" = 3
            "spf-helo.pass.open" = 0.25
            dkim.fail = -2
            [[checks.dnsbl]]
            zone = "zen.spamhaus.org"
            weight = 0.5
            [[checks.dnsbl]]
            zone = "bl.example.org"
            subject = "domain"
            codes = [{ code = "127.0.0.2-9", name = "bad", points = -4 }]
            [fail2ban]
            config = "/etc/fail2ban"
            """);
        options.State.ShouldBe("/tmp/state");
        options.Allow.Select(entry => entry.ToString()).ShouldBe(["127.0.0.0/8", "::1", "2001:db8::/32", "mx.example.org"]);
        options.Retention.ShouldBe(TimeSpan.FromDays(30));
        options.LogLevel.ShouldBe(LogLevel.Debug);
        options.Logs.Select(log => log.Kind).ShouldBe([LogSourceKind.File, LogSourceKind.Journal, LogSourceKind.Notices]);
        options.Logs[0].IsPattern.ShouldBeTrue();
        options.Logs[1].Matches.ShouldBe(["SYSLOG_FACILITY=2"]);
        options.Jail.FindTime.ShouldBe(TimeSpan.FromSeconds(90));
        options.Jail.MaxRetry.ShouldBe(2.5);
        options.Jail.BanTime.ShouldBe(TimeSpan.FromMinutes(90));
        options.Jail.BanTimeFactor.ShouldBe(3);
        options.Jail.MaxBanTime.ShouldBe(TimeSpan.FromDays(14));
        options.Jail.ForgetAfter.ShouldBe(TimeSpan.FromDays(1));
        options.Jail.Ports.ShouldBeEmpty();
        options.Jail.IPv6Prefix.ShouldBe(56);
        options.Jail.SubnetThreshold.ShouldBe(0);
        options.Jail.Weights[Behaviour.TlsScan].ShouldBe(0.5);
        (options.Nftables.Enabled, options.Nftables.Table, options.Nftables.Reject).ShouldBe((false, "gate", true));
        options.Command!.Ban.ShouldBe(["/usr/bin/true", "{address}"]);
        options.Command.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
        options.Policy.Listen!.EndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, 10040));
        options.Milter.Listen!.Path.ShouldBe("/run/postern/milter.sock");
        options.Checks.Dns.Servers.Select(server => server.ToString()).ShouldBe(["127.0.0.1:5353", "[::1]:53"]);
        options.Checks.Dns.QueryTimeout.ShouldBe(TimeSpan.FromSeconds(0.5));
        options.Checks.Dns.CheckDeadline.ShouldBe(TimeSpan.FromSeconds(3));
        options.Checks.Arc.TrustedSealers.ShouldBe(["lists.example.org"]);
        options.Points.Rows["spf-helo.pass"].ShouldBe(3);
        options.Points.Rows["spf-helo.pass.open"].ShouldBe(0.25);
        options.Points.Rows["dkim.fail"].ShouldBe(-2);
        options.Points.Rows["dkim.pass"].ShouldBe(2);
        options.Checks.Dnsbl.Zones[0].ShouldBe(DnsblZone.Zen with { Weight = 0.5 });
        options.Checks.Dnsbl.Zones[1].Subject.ShouldBe(DnsblSubject.Domain);
        options.Checks.Dnsbl.Zones[1].Codes.Single().Matches(0x7F000005).ShouldBeTrue();
        options.Fail2Ban.ShouldBe("/etc/fail2ban");
    }

    [Fact]
    public void A_jail_of_its_own_is_like_the_built_in_one_but_for_what_it_says_wherever_that_stands()
    {
        var options = Read("""
            [[jails]]
            name = "dots"
            behaviours = ["lone-dot", "blank-line"]
            maxretry = 3
            [jail]
            bantime = "2h"
            """);
        var dots = options.Jails.Single();
        dots.Behaviours.ShouldBe(BehaviourSet.Of(Behaviour.LoneDot, Behaviour.BlankLine));
        dots.MaxRetry.ShouldBe(3);
        dots.BanTime.ShouldBe(TimeSpan.FromHours(2));
        options.AllJails.Select(jail => jail.Name).ShouldBe(["postfix", "dots"]);
    }

    [Fact]
    public void The_default_file_need_not_exist_but_a_named_one_must()
    {
        var missing = ConfigLoader.Load("/nonexistent/postern.toml");
        missing.Mistakes.Single().ToString().ShouldBe("/nonexistent/postern.toml: does not exist");
    }

    [Fact]
    public void Without_a_source_the_usual_log_is_read_or_else_the_journal()
    {
        LogSource.Default(path => path is "/var/log/maillog").ShouldBe(new LogSource(LogSourceKind.File, "/var/log/maillog"));
        LogSource.Default(_ => false).Kind.ShouldBe(LogSourceKind.Journal);
    }

    private static PosternOptions Read(string text)
    {
        var loaded = ConfigLoader.Parse(text, "test.toml");
        loaded.Mistakes.ShouldBeEmpty();
        return loaded.Options;
    }

    [Theory]
    [InlineData("allow_senders = [\"ann@example.org\", \"@example.org\"]", true)]
    [InlineData("allow_senders = [\"postmaster@\"]", false)]
    [InlineData("allow_senders = [\"example.org\"]", false)]
    [InlineData("allow_senders = [\"a b@example.org\"]", false)]
    [InlineData("allow_recipients = [\"postmaster@\", \"ann@example.org\", \"@example.org\"]", true)]
    [InlineData("allow_recipients = [\"@\"]", false)]
    [InlineData("allow_recipients = [\"postmaster\"]", false)]
    public void Senders_and_recipients_are_addresses_domains_or_local_parts(string text, bool isSound) =>
        Postern.Cli.Configuration.ConfigLoader.Parse(text, "a.toml").IsSound.ShouldBe(isSound);
}
