using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Configuration;
using Postern.Cli.Fail2BanImport;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Storage;
using Postern.Cli.Words;
using Postern.Facts;
using Postern.Fail2Ban.Jails;

namespace Postern.Tests.Fail2BanImport;

/// <summary>fail2ban's bans and settings, from small databases and folders, as ours.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 1, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-import-").FullName;
    private readonly FakeTimeProvider _clock = new(s_now);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_last_ban_of_each_jail_and_client_is_read()
    {
        Database("CREATE TABLE bips (ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON)",
            $"INSERT INTO bips VALUES ('192.0.2.1', 'postfix', {At(-60)}, 3600, 4, NULL), ('someone', 'postfix', {At(-60)}, -1, 1, NULL)");
        var (records, failure) = Fail2BanDatabase.Read(Path.Combine(_folder, "db"));
        failure.ShouldBeNull();
        records!.Rows.ShouldBe([new("postfix", "192.0.2.1", s_now.AddSeconds(-60), 3600, 4), new("postfix", "someone", s_now.AddSeconds(-60), -1, 1)]);
    }

    [Fact]
    public void An_older_database_counts_the_bans_and_tells_no_length()
    {
        Database("CREATE TABLE bans (jail TEXT, ip TEXT, timeofban INTEGER, data JSON)",
            $"INSERT INTO bans VALUES ('postfix', '192.0.2.1', {At(-900)}, NULL), ('postfix', '192.0.2.1', {At(-60)}, NULL)");
        Fail2BanDatabase.Read(Path.Combine(_folder, "db")).Records!.Rows.ShouldHaveSingleItem().ShouldBe(new("postfix", "192.0.2.1", s_now.AddSeconds(-60), null, 2));
    }

    [Fact]
    public void A_locked_database_is_read_and_that_is_told()
    {
        Database("CREATE TABLE bips (ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER)", $"INSERT INTO bips VALUES ('192.0.2.1', 'postfix', {At(0)}, 600, 1)");
        using var other = new SqliteConnection($"Data Source={Path.Combine(_folder, "db")};Pooling=False");
        other.Open();
        other.Run("PRAGMA locking_mode = EXCLUSIVE");
        other.Run("BEGIN EXCLUSIVE");
        var (records, failure) = Fail2BanDatabase.Read(Path.Combine(_folder, "db"));
        failure.ShouldBeNull();
        (records!.WasLocked, records.Rows.Count).ShouldBe((true, 1));
    }

    [Fact]
    public void What_is_no_database_of_fail2bans_is_refused()
    {
        Database("CREATE TABLE other (a)");
        Fail2BanDatabase.Read(Path.Combine(_folder, "db")).Failure.ShouldNotBeNull();
        File.WriteAllText(Path.Combine(_folder, "text"), "no database at all, but text that is long enough for a header of SQLite's and then some more of it to be read");
        Fail2BanDatabase.Read(Path.Combine(_folder, "text")).Failure.ShouldNotBeNull();
    }

    [Fact]
    public void Bans_go_to_the_jail_that_runs_here_and_others_are_left_with_a_reason()
    {
        var jails = Jails("[postfix]\nenabled = true\nfilter = postfix\nlogpath = /var/log/mail.log\n[sshd]\nenabled = true\nfilter = sshd\nlogpath = /var/log/auth.log\n");
        Fail2BanRow[] rows =
        [
            new("postfix", "192.0.2.1", s_now, 3600, 3), new("sshd", "192.0.2.2", s_now, 600, 1), new("sshd", "192.0.2.3", s_now, 600, 1), new("postfix", "bob", s_now, 600, 1),
            new("postfix", "10.0.0.0/4", s_now, 600, 1), new("postfix", "2001:db8::1", s_now, 600, 2), new("postfix", "2001:db8::2", s_now, 900, 1), new("postfix", "192.0.2.9", s_now, -1, 1),
            new("postfix", "192.0.2.10", s_now, null, 1), new("gone", "192.0.2.11", s_now, 600, 1),
        ];
        var alone = ImportedBans.Read(rows, jails.Jails, new HashSet<string>(StringComparer.Ordinal), new PosternOptions());
        alone.Bans.Select(ban => $"{ban.Network} {ban.Jail} {(ban.Until - s_now).TotalSeconds} {ban.Repetition}").ShouldBe(
            ["192.0.2.1/32 postfix 3600 3", "2001:db8::/64 postfix 900 2", "192.0.2.9/32 postfix 3153600000 1", "192.0.2.10/32 postfix 600 1"]);
        alone.Bans[0].Reason.ShouldBe("imported from fail2ban jail postfix");
        alone.Left.Select(left => $"{left.Reason} {left.Jail} {left.Count}").ShouldBe(["JailNotHere sshd 2", "NotAnAddress postfix 1", "TooLarge postfix 1", "JailNotHere gone 1"], ignoreOrder: true);

        ImportedBans.Read(rows, jails.Jails, new HashSet<string>(["sshd", "postfix"], StringComparer.Ordinal), new PosternOptions()).Bans.Select(ban => ban.Jail).Distinct(StringComparer.Ordinal).ShouldBe(["fail2ban/postfix", "fail2ban/sshd"]);
    }

    [Fact]
    public void Settings_that_have_a_counterpart_become_ours()
    {
        var jails = Jails("""
            [DEFAULT]
            ignoreip = 127.0.0.1/8 ::1 192.0.2.0/24 mx.example.org, localhost 0.0.0.0/0
            [postfix]
            enabled = true
            filter = postfix
            logpath = /var/log/mail.log
            findtime = 1h
            maxretry = 4
            bantime = 2h
            bantime.increment = true
            bantime.maxtime = 4w
            bantime.rndtime = 30
            port = smtp,465
            [postfix-sasl]
            enabled = true
            filter = postfix
            logpath = /var/log/mail.log
            ignorecommand = /bin/true <ip>
            [sshd]
            enabled = true
            filter = sshd
            logpath = /var/log/auth.log
            """);
        var settings = ImportedSettings.Read("/etc/fail2ban", jails, new PosternOptions());
        var toml = string.Join('\n', settings.Toml) + "\n";
        toml.ShouldBe("""
            allow = ["192.0.2.0/24", "mx.example.org"]

            [jail]
            findtime = "1h"
            maxretry = 4
            bantime = "2h"
            bantime_factor = 2
            bantime_max = "4w"
            ports = [25, 465]

            [fail2ban]
            config = "/etc/fail2ban"

            """);
        ConfigLoader.Parse(toml, "f").Mistakes.ShouldBeEmpty();
        settings.Left.Select(left => left.Reason).ShouldBe(
            [LeftSettingReason.NotAnEntry, LeftSettingReason.IgnoresEverybody, LeftSettingReason.RandomTime, LeftSettingReason.SecondPostfixJail, LeftSettingReason.IgnoreCommand, LeftSettingReason.Actions], ignoreOrder: true);
        // What the configuration has already is not told again.
        ImportedSettings.Read("/etc/fail2ban", jails, ConfigLoader.Parse(toml, "f").Options).Toml.ShouldNotContain(line => line.StartsWith("allow", StringComparison.Ordinal) || line.StartsWith("config", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bantime.increment = false", "bantime_factor = 1")]
    [InlineData("bantime.increment = true\nbantime.multipliers = 1 3 9 27 81", "bantime_factor = 3")]
    [InlineData("bantime.increment = true\nbantime.multipliers = 1 5 30 60", null)]
    public void A_rule_for_longer_bans_is_taken_where_it_is_one_factor(string rule, string? expected)
    {
        var settings = ImportedSettings.Read("/etc/fail2ban", Jails($"[postfix]\nenabled = true\nfilter = postfix\nlogpath = /var/log/mail.log\n{rule}\n"), new PosternOptions());
        settings.Toml.FirstOrDefault(line => line.StartsWith("bantime_factor", StringComparison.Ordinal)).ShouldBe(expected);
        settings.Left.Any(left => left.Reason == LeftSettingReason.Formula).ShouldBe(expected is null);
    }

    [Fact]
    public async Task Without_a_daemon_the_next_start_reads_the_bans_and_a_second_run_knows_them()
    {
        var options = new PosternOptions { State = Path.Combine(_folder, "state"), Socket = Path.Combine(_folder, "no.sock"), Allow = [AllowEntry.TryParse("198.51.100.0/24")!] };
        Ban[] bans = [Imported("203.0.113.1", 3600, 3), Imported("203.0.113.2", -60, 5), Imported("198.51.100.7", 3600, 1)];
        var (taken, failure) = await new BanTakeover(options, Catalogue.For("en").Errors, _clock).TakeAsync(bans, Stop);
        failure.ShouldBeNull();
        taken!.Target.ShouldBe("database");
        (taken.Result.Active, taken.Result.Past, taken.Result.Known).ShouldBe((1, 1, 0));
        taken.Result.Protected.ShouldHaveSingleItem().ToString().ShouldBe("198.51.100.7/32");
        using (var ledger = new SqliteLedger(Path.Combine(options.State, "postern.sqlite"), new LedgerOptions(), _clock))
        {
            var state = ledger.Load(s_now, s_now);
            state.Bans.ShouldHaveSingleItem().ShouldBe(bans[0]);
            var past = state.Past.ShouldHaveSingleItem();
            (past.Network, past.Repetition, past.Until).ShouldBe((bans[1].Network, 5, bans[1].Until));
        }

        var second = (await new BanTakeover(options, Catalogue.For("en").Errors, _clock).TakeAsync(bans, Stop)).Taken!;
        (second.Result.Active, second.Result.Past, second.Result.Known).ShouldBe((0, 0, 2));
    }

    [Fact]
    public async Task A_running_daemon_gets_the_bans_over_its_socket()
    {
        await using var socket = await Daemon.Control.ControlSocket.OpenAsync();
        var options = ConfigLoader.Load(socket.WriteConfig()).Options with { State = Path.Combine(_folder, "state") };
        using var held = Postern.Cli.Daemon.Systemd.InstanceLock.Take(options.State).Lock!;
        Ban[] bans = [.. Enumerable.Range(0, 4500).Select(i => Imported($"10.{i / 250}.0.{i % 250}", 3600, 1))];
        var (taken, failure) = await new BanTakeover(options, Catalogue.For("en").Errors, _clock).TakeAsync(bans, Stop);
        failure.ShouldBeNull();
        (taken!.Target, taken.Result.Active).ShouldBe(("daemon", 4500));
        socket.Engine.Imported.ShouldBe(bans);
    }

    [Theory]
    [InlineData(true, false, "/var/log/mail.log", true)]
    [InlineData(false, true, "/var/log/mail.log", true)]
    [InlineData(false, false, "/var/log/mail.log", false)]
    [InlineData(true, true, "/var/log/other.log", false)]
    public void The_doctor_tells_of_jails_that_both_run(bool runs, bool starts, string log, bool isFound)
    {
        OtherJail[] ours = [new("postfix", "postfix", ["/var/log/mail.log"])];
        var theirs = new OtherFail2Ban("/etc/fail2ban", runs, starts, [new("mail", "postfix", [log])]);
        var words = Catalogue.For("en").Doctor;
        Fail2BanRules.Of(new PosternOptions { Fail2Ban = "/etc/fail2ban" }, ours, theirs, words).Any().ShouldBe(isFound);
        Fail2BanRules.Of(new PosternOptions(), ours, theirs, words).ShouldBeEmpty();
    }

    private static Ban Imported(string address, int seconds, int repetition)
    {
        ClientNetwork.TryParse(address, out var network).ShouldBeTrue();
        return new Ban { Network = network, Client = network.First, Jail = "fail2ban/postfix", From = s_now.AddHours(-2), Until = s_now.AddSeconds(seconds), Reason = "imported from fail2ban jail postfix", Repetition = repetition };
    }

    private static long At(int seconds) => s_now.AddSeconds(seconds).ToUnixTimeSeconds();

    private void Database(params string[] statements)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "db")};Pooling=False");
        connection.Open();
        foreach (var statement in statements)
        {
            connection.Run(statement);
        }
    }

    private Fail2BanJailFolder Jails(string jails)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "filter.d"));
        foreach (var filter in (string[])["postfix", "sshd"])
        {
            File.WriteAllText(Path.Combine(_folder, "filter.d", filter + ".conf"), "[Definition]\nfailregex = ^refused <HOST>$\n");
        }

        File.WriteAllText(Path.Combine(_folder, "jail.conf"), jails);
        var read = Fail2BanJailReader.Read(_folder, 2026);
        read.Errors.ShouldBeEmpty();
        return read;
    }
}
