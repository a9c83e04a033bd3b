using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>Jails of a fail2ban folder run here as the installed fail2ban runs them.</summary>
public sealed partial class JailTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Debian's jails with its own filters; only where the logs are is our own.
    private const string Jails = """
        [DEFAULT]
        backend = polling
        bantime = 1h
        ignoreip = 127.0.0.1/8 203.0.113.200 203.0.113.224/28
        [postfix]
        enabled = true
        mode = more
        logpath = {0}/mail.log
        [postfix-sasl]
        enabled = true
        backend = polling
        logpath = {0}/mail.log
        bantime = 20m
        [postfix-rbl]
        enabled = true
        logpath = {0}/mail.log
        [dovecot]
        enabled = true
        logpath = {0}/mail.log
        [sshd]
        enabled = true
        backend = polling
        logpath = {0}/auth.log
        maxretry = 3
        [recidive]
        enabled = true
        logpath = {1}/fail2ban.log
        maxretry = 2
        """;

    [Fact]
    public async Task Debians_jails_ban_whom_the_installed_fail2ban_bans_and_for_as_long()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        await using var network = await Network.CreateAsync([new Host("198.51.100.10")], latePort: 0, ct);
        foreach (var log in new[] { "mail.log", "auth.log" })
        {
            await File.WriteAllTextAsync(folder.File(log), "", ct);
        }

        var theirs = await ConfigAsync(folder, "theirs");
        var ours = await ConfigAsync(folder, "ours");
        await using var fail2Ban = await RunningFail2Ban.StartAsync(theirs, ct);
        await using var postern = await RunningPostern.StartAsync(folder.File("other.log"), network.Server, $"[fail2ban]\nconfig = \"{ours}\"\n", ct);

        // Both must be at the end of their logs, so that all lines are new to them.
        await AppendAsync(folder.File("auth.log"), 1, i => $"sshd[{i}]: Server listening on 0.0.0.0 port 22.", ct);
        await WriteAttacksAsync(folder, ct);
        var expected = new[]
        {
            "dovecot 203.0.113.4", "postfix 203.0.113.7", "postfix-rbl 203.0.113.3", "postfix-sasl 203.0.113.2", "recidive 203.0.113.6",
            "sshd 203.0.113.5", "sshd 203.0.113.6", "dovecot 203.0.113.6",
        }.Select(who => "fail2ban/" + who).Order(StringComparer.Ordinal).ToArray();
        var banned = await UntilAsync(fail2Ban.BansAsync, expected, () => fail2Ban.Words, ct);
        var here = await UntilAsync(() => BansAsync(postern), expected, () => postern.Words, ct);
        foreach (var (who, (from, until)) in banned)
        {
            here[who].From.ShouldBe(from, TimeSpan.FromSeconds(2), who);
            here[who].Until.ShouldBe(until, TimeSpan.FromSeconds(2), who);
        }

        // Who attacks ssh is kept from ssh, and not from the mail; recidive closes everything.
        var rules = (await Command.RunAsync(["ip", "netns", "exec", network.Server, "nft", "list", "ruleset"], s_patience, cancellationToken: ct)).OrThrow("nft").Output;
        rules.ShouldContain("table inet postern_22 {");
        Table(rules, "postern_22").ShouldContain("203.0.113.5 ");
        Table(rules, "postern_22").ShouldNotContain("203.0.113.7 ");
        Table(rules, "postern_all").ShouldContain("203.0.113.6 ");
        await postern.StopAsync();
        (await Command.RunAsync(["ip", "netns", "exec", network.Server, "nft", "list", "ruleset"], s_patience, cancellationToken: ct)).OrThrow("nft").Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restart_keeps_what_was_counted_and_counts_no_line_twice()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.File("auth.log"), "", ct);
        var config = await ConfigAsync(folder, "ours");
        await using var postern = await RunningPostern.StartAsync(folder.File("other.log"), null, $"[fail2ban]\nconfig = \"{config}\"\n", ct);
        for (var i = 1; i <= 3; i++)
        {
            (await postern.BansAsync()).ShouldBeEmpty();
            await AppendAsync(folder.File("auth.log"), 1, _ => Ssh("203.0.113.5"), ct);
            await UntilFailuresAsync(postern, "fail2ban/sshd", i == 3 ? 0 : i, ct);
            await postern.Kill();
            await postern.StartAgainAsync(ct);
        }

        await postern.UntilAsync(bans => bans is ["203.0.113.5/32"], ct);
        var told = (await postern.AskAsync("explain", "203.0.113.5")).OrThrow("explain").Output;
        told.ShouldContain("Failed password for invalid user admin");
        Regex.Count(told, "Failed password", RegexOptions.None, s_patience).ShouldBe(3, told);
        (await postern.AskAsync("unban", "203.0.113.5")).ExitCode.ShouldBe(0);
        (await postern.BansAsync()).ShouldBeEmpty();
        await postern.StopAsync();
    }

    [Fact]
    public async Task A_reload_runs_a_jail_that_was_enabled_meanwhile_and_says_what_needs_a_restart()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        await using var network = await Network.CreateAsync([new Host("198.51.100.10")], latePort: 0, ct);
        await File.WriteAllTextAsync(folder.File("auth.log"), "", ct);
        await File.WriteAllTextAsync(folder.File("mail.log"), "", ct);
        var config = await ConfigAsync(folder, "ours");
        var all = await File.ReadAllTextAsync(Path.Combine(config, "jail.local"), ct);
        await File.WriteAllTextAsync(Path.Combine(config, "jail.local"), $"[dovecot]\nenabled = true\nlogpath = {folder.File("mail.log")}\nport = smtp,465,submission\n", ct);
        await using var postern = await RunningPostern.StartAsync(folder.File("other.log"), network.Server, $"[fail2ban]\nconfig = \"{config}\"\n", ct);
        await File.WriteAllTextAsync(Path.Combine(config, "jail.local"), all, ct);
        (await postern.AskAsync("reload")).ExitCode.ShouldBe(0);
        await postern.SaysAsync("restart postern", ct);
        await AppendAsync(folder.File("auth.log"), 3, _ => Ssh("203.0.113.5"), ct);
        await postern.UntilAsync(bans => bans is ["203.0.113.5/32"], ct);
        await postern.StopAsync();
    }

    // As it is passed around. What Postfix logs of a lone dot it does not know.
    [Fact]
    public async Task The_jail_that_people_are_told_to_use_runs_and_lets_the_lone_dot_through()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.File("mail.log"), "", ct);
        var config = await ConfigAsync(folder, "ours");
        await File.WriteAllTextAsync(Path.Combine(config, "filter.d", "postfix-syntax.conf"), """
            [INCLUDES]
            before = common.conf
            [Definition]
            failregex = reject: RCPT from (.*)\[<HOST>\]: 502 5.5.2
                        reject: RCPT from (.*)\[<HOST>\]: 500 5.5.2
            ignoreregex =
            """, ct);
        await File.WriteAllTextAsync(Path.Combine(config, "jail.local"), $"""
            [postfix-syntax]
            enabled = true
            port = smtp,ssmtp,submission
            filter = postfix-syntax
            logpath = {folder.File("mail.log")}
            maxretry = 10
            """, ct);
        await using var postern = await RunningPostern.StartAsync(folder.File("mail.log"), null, $"[fail2ban]\nconfig = \"{config}\"\n", ct);
        await AppendAsync(folder.File("mail.log"), 12, i => $"postfix/smtpd[{i}]: reject: RCPT from unknown[203.0.113.5]: 502 5.5.2 such a line is never logged", ct);
        await AppendAsync(folder.File("mail.log"), 12, i => $"postfix/smtpd[{i}]: warning: non-SMTP command from unknown[203.0.113.8]: .", ct);
        await AppendAsync(folder.File("mail.log"), 12, i => $"postfix/smtpd[{i}]: disconnect from unknown[203.0.113.8] unknown=0/1 commands=0/1", ct);
        await postern.UntilAsync(bans => bans is ["203.0.113.5/32", "203.0.113.8/32"], ct);
        var bans = await BansAsync(postern);
        bans.Keys.Order(StringComparer.Ordinal).ShouldBe(["fail2ban/postfix-syntax 203.0.113.5", "postfix 203.0.113.8"]);
        await postern.StopAsync();
    }

    [Fact]
    public async Task A_jail_that_cannot_run_is_named_with_its_file_and_line_and_the_others_run()
    {
        Machine.RequireLaboratory();
        var ct = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder.File("auth.log"), "", ct);
        var config = await ConfigAsync(folder, "ours");
        await File.WriteAllTextAsync(Path.Combine(config, "jail.d", "broken.local"), "[broken]\nenabled = true\nfilter =\nfailregex = ^(<HOST>\nlogpath = /nowhere\n", ct);
        await using var postern = await RunningPostern.StartAsync(folder.File("other.log"), null, $"[fail2ban]\nconfig = \"{config}\"\n", ct);
        await postern.SaysAsync("broken.local:", ct);
        postern.Words.ShouldContain("(jail broken)");
        await AppendAsync(folder.File("auth.log"), 3, _ => Ssh("203.0.113.5"), ct);
        await postern.UntilAsync(bans => bans is ["203.0.113.5/32"], ct);
        await postern.StopAsync();
    }

    private static async Task WriteAttacksAsync(Folder folder, CancellationToken ct)
    {
        var (mail, auth) = (folder.File("mail.log"), folder.File("auth.log"));
        await AppendAsync(mail, 5, i => $"postfix/smtpd[{i}]: NOQUEUE: reject: RCPT from unknown[203.0.113.7]: 554 5.7.1 <a@elsewhere.example>: Relay access denied; from=<b@c.example> to=<a@elsewhere.example> proto=ESMTP helo=<c.example>", ct);
        await AppendAsync(mail, 5, i => $"postfix/smtpd[{i}]: warning: unknown[203.0.113.2]: SASL LOGIN authentication failed: UGFzc3dvcmQ6", ct);
        await AppendAsync(mail, 1, i => $"postfix/smtpd[{i}]: NOQUEUE: reject: RCPT from unknown[203.0.113.3]: 554 5.7.1 Service unavailable; Client host [203.0.113.3] blocked using zen.example; from=<b@c.example> to=<a@example.org> proto=ESMTP helo=<c.example>", ct);
        await AppendAsync(mail, 5, _ => "dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<root>, method=PLAIN, rip=203.0.113.4, lip=192.0.2.1, session=<abc>", ct);
        await AppendAsync(auth, 3, _ => Ssh("203.0.113.5"), ct);
        // One whom two jails ban is one too many for recidive.
        await AppendAsync(auth, 3, _ => Ssh("203.0.113.6"), ct);
        await AppendAsync(mail, 5, _ => "dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<root>, method=PLAIN, rip=203.0.113.6, lip=192.0.2.1, session=<abc>", ct);
        // The ignored, one that fails once too seldom, and one whom somebody else's user name names.
        await AppendAsync(auth, 9, _ => Ssh("203.0.113.200"), ct);
        await AppendAsync(auth, 9, _ => Ssh("203.0.113.230"), ct);
        await AppendAsync(auth, 2, _ => Ssh("203.0.113.8"), ct);
        await AppendAsync(mail, 9, i => $"postfix/smtpd[{i}]: connect from unknown[203.0.113.9]", ct);
    }

    private static string Ssh(string address) => $"sshd[4242]: Failed password for invalid user admin from {address} port 40222 ssh2";

    private static Task AppendAsync(string path, int times, Func<int, string> line, CancellationToken ct)
    {
        var now = TimeProvider.System.GetLocalNow();
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day,2} {now:HH:mm:ss}");
        return File.AppendAllTextAsync(path, string.Concat(Enumerable.Range(0, times).Select(i => $"{stamp} mx {line(1000 + i)}\n")), ct);
    }

    private static async Task<string> ConfigAsync(Folder folder, string name)
    {
        var config = folder.File(name);
        (await Command.RunAsync(["cp", "-rL", "/etc/fail2ban", config], s_patience)).OrThrow("cp");
        await File.WriteAllTextAsync(Path.Combine(config, "jail.local"), Jails.Replace("{0}", folder.Path, StringComparison.Ordinal).Replace("{1}", config, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(config, "fail2ban.local"), $"""
            [Definition]
            logtarget = {config}/fail2ban.log
            socket = {config}/socket
            pidfile = {config}/pid
            dbfile = :memory:
            """);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(config, "jail.d")))
        {
            File.Delete(file);
        }

        return config;
    }

    private static async Task<IReadOnlyDictionary<string, (DateTimeOffset From, DateTimeOffset Until)>> BansAsync(RunningPostern postern)
    {
        using var document = JsonDocument.Parse((await postern.AskAsync("bans", "--format", "json")).OrThrow("bans").Output);
        return document.RootElement.GetProperty("bans").EnumerateArray().ToDictionary(
            ban => $"{ban.GetProperty("jail").GetString()} {ban.GetProperty("address").GetString()}",
            ban => (ban.GetProperty("from").GetDateTimeOffset(), ban.GetProperty("until").GetDateTimeOffset()),
            StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, (DateTimeOffset From, DateTimeOffset Until)>> UntilAsync(
        Func<Task<IReadOnlyDictionary<string, (DateTimeOffset From, DateTimeOffset Until)>>> ask, string[] expected, Func<string> words, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var bans = await ask();
            var who = bans.Keys.Order(StringComparer.Ordinal).ToArray();
            if (who.SequenceEqual(expected, StringComparer.Ordinal))
            {
                return bans;
            }

            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"banned: {string.Join(", ", who)}\n{words()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    private static async Task UntilFailuresAsync(RunningPostern postern, string jail, long failures, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = await postern.StatusAsync();
            var row = status.GetProperty("jails").EnumerateArray().Single(one => string.Equals(one.GetProperty("name").GetString(), jail, StringComparison.Ordinal));
            var lines = status.GetProperty("logs").EnumerateArray().Where(log => log.GetProperty("path").GetString()!.EndsWith("auth.log", StringComparison.Ordinal)).Sum(log => log.GetProperty("lines").GetInt64());
            if (row.GetProperty("failures").GetInt64() == failures && lines > 0)
            {
                return;
            }

            (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue($"{row}\n{postern.Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }

    private static string Table(string rules, string name)
    {
        var start = rules.IndexOf($"table inet {name} {{", StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, rules);
        var end = rules.IndexOf("\n}", start, StringComparison.Ordinal);
        return rules[start..end];
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-jails-");

        public string Path => _folder.FullName;

        public string File(string name) => System.IO.Path.Combine(_folder.FullName, name);

        public void Dispose() => _folder.Delete(recursive: true);
    }

    /// <summary>The installed fail2ban with its actions left out, so that what it decides is all that it does.</summary>
    private sealed partial class RunningFail2Ban : IAsyncDisposable
    {
        private readonly string _config;

        private RunningFail2Ban(string config) => _config = config;

        public string Words => File.ReadAllText(Path.Combine(_config, "fail2ban.log"));

        public static async Task<RunningFail2Ban> StartAsync(string config, CancellationToken ct)
        {
            await File.AppendAllTextAsync(Path.Combine(config, "jail.local"), "\n[DEFAULT]\naction =\n", ct);
            await File.WriteAllTextAsync(Path.Combine(config, "fail2ban.log"), "", ct);
            (await Command.RunAsync(["fail2ban-server", "-c", config, "-s", $"{config}/socket", "-p", $"{config}/pid", "-b", "start"], s_patience, cancellationToken: ct)).OrThrow("fail2ban-server");
            var running = new RunningFail2Ban(config);
            var started = TimeProvider.System.GetTimestamp();
            while (Regex.Count(running.Words, "Jail '[^']*' started", RegexOptions.None, s_patience) < 6)
            {
                (TimeProvider.System.GetElapsedTime(started) < s_patience).ShouldBeTrue(running.Words);
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
            }

            return running;
        }

        public async Task<IReadOnlyDictionary<string, (DateTimeOffset From, DateTimeOffset Until)>> BansAsync()
        {
            var bans = new Dictionary<string, (DateTimeOffset, DateTimeOffset)>(StringComparer.Ordinal);
            foreach (var jail in new[] { "postfix", "postfix-sasl", "postfix-rbl", "dovecot", "sshd", "recidive" })
            {
                var output = (await AskAsync("get", jail, "banip", "--with-time")).OrThrow("fail2ban-client").Output;
                foreach (Match ban in Row().Matches(output))
                {
                    bans[$"fail2ban/{jail} {ban.Groups["who"].Value}"] = (Time(ban.Groups["from"].Value), Time(ban.Groups["until"].Value));
                }
            }

            return bans;
        }

        public async ValueTask DisposeAsync() => await AskAsync("stop");

        private Task<CommandResult> AskAsync(params string[] words) =>
            Command.RunAsync(["fail2ban-client", "-c", _config, "-s", $"{_config}/socket", "-p", $"{_config}/pid", .. words], s_patience);

        private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal);

        [GeneratedRegex(@"(?<who>\S+)\s+(?<from>\d[\d-]+ [\d:]+) \+ \d+ = (?<until>\d[\d-]+ [\d:]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
        private static partial Regex Row();
    }
}
