using Postern.Cli.Configuration;

namespace Postern.Tests.Configuration;

/// <summary>Every mistake is told at once, with its line, its key and its fix.</summary>
public sealed class ConfigMistakeTests
{
    [Theory]
    [InlineData("findtime = 1\n[jail]\nban-time = 1", "test.toml:1: findtime: unknown key", "test.toml:3: jail.ban-time: unknown key; did you mean 'bantime'?")]
    [InlineData("[jial]\nbantime = 1", "test.toml:1: jial: unknown key; did you mean 'jail'?")]
    [InlineData("[jail]\nmaxretry = \"ten\"", "test.toml:2: jail.maxretry: cannot be a text; it takes a number from 0.1 to 100000")]
    [InlineData("[jail]\nmaxretry = 0", "test.toml:2: jail.maxretry: 0 is out of range; it takes")]
    [InlineData("[jail]\nmaxretry = nan", "test.toml:2: jail.maxretry: NaN is out of range")]
    [InlineData("[jail]\nbantime = \"1 fortnight\"", "test.toml:2: jail.bantime: '1 fortnight' is no span of time")]
    [InlineData("[jail]\nbantime = -1", "test.toml:2: jail.bantime: is out of range")]
    [InlineData("[jail]\nbantime = 2026-01-01", "test.toml:2: jail.bantime: cannot be a date or time")]
    [InlineData("[jail]\nbantime = \"8d\"", "test.toml:1: jail: bantime_max (1w) is shorter than bantime (1w1d); raise bantime_max")]
    [InlineData("jail = 3", "test.toml:1: jail: cannot be a whole number; it takes a table")]
    [InlineData("[jail.weights]\nlone-dots = 1", "test.toml:2: jail.weights.lone-dots: there is no such behaviour; did you mean 'lone-dot'?")]
    [InlineData("[[jails]]\nbehaviours = [\"lone-dot\"]", "test.toml:1: jails: a jail has no name")]
    [InlineData("[[jails]]\nname = \"postfix\"\nbehaviours = [\"lone-dot\"]", "test.toml:2: jails.name: 'postfix' is a jail of Postern's own")]
    [InlineData("[[jails]]\nname = \"a\"", "test.toml:1: jails: a jail of its own needs behaviours")]
    [InlineData("[[jails]]\nname = \"a\"\nbehaviours = [\"hangup\"]\n[[jails]]\nname = \"a\"\nbehaviours = [\"hangup\"]", "test.toml:4: jails: two jails are called 'a'")]
    [InlineData("allow = [\"192.0.2.300\"]", "test.toml:1: allow: '192.0.2.300' is no address, network or DNS name")]
    [InlineData("allow = [\"0.0.0.0/0\"]", "test.toml:1: allow: '0.0.0.0/0' allows everybody")]
    [InlineData("allow = [\n  \"::1\",\n  7,\n]", "test.toml:3: allow: cannot be a whole number")]
    [InlineData("state = \"here\"", "test.toml:1: state: 'here' is no absolute path")]
    [InlineData("[[logs]]\npath = \"/a\"\njournal = true", "test.toml:1: logs: names more than one source")]
    [InlineData("[[logs]]\nmatches = [\"A=b\"]", "test.toml:1: logs: names no source")]
    [InlineData("[[logs]]\njournal = true\nmatches = [\"--directory=/etc\"]", "test.toml:3: logs.matches: '--directory=/etc' is no match of the journal")]
    [InlineData("[[logs]]\npath = \"/a\"\n[[logs]]\npath = \"/a\"", "test.toml:3: logs: /a is read twice")]
    [InlineData("[command]\nban = [\"/bin/true\"]", "test.toml:1: command: needs both ban and unban")]
    [InlineData("[command]\nban = [\"true\"]\nunban = [\"/bin/true\"]", "test.toml:2: command.ban: 'true' is no absolute path")]
    [InlineData("[policy]\nlisten = \"127.0.0.1\"", "test.toml:2: policy.listen: '127.0.0.1' is nowhere to listen")]
    [InlineData("[dns]\nresolver = \"dns.example.org\"", "test.toml:2: dns.resolver: 'dns.example.org' is no address of a resolver")]
    [InlineData("[checks.points]\n\"spf-mailform.fail\" = -1", "did you mean '\"spf-mailfrom.fail\"'?")]
    [InlineData("[checks.points]\n\"ptr.temperror\" = -1", "trouble with the DNS is never worth anything")]
    [InlineData("[[checks.dnsbl]]\nzone = \"bl.example.org\"", "test.toml:1: checks.dnsbl: what the answers of bl.example.org mean is not known here")]
    [InlineData("[nftables]\nverdict = \"dorp\"", "test.toml:2: nftables.verdict: 'dorp' is not known; did you mean 'drop'?")]
    [InlineData("state = \"/a\"\nstate = \"/b\"", "test.toml:2: ")]
    [InlineData("state = \"/a", "test.toml:1: ")]
    [InlineData("[jail\n", "test.toml:1: ")]
    public void A_mistake_is_told_with_its_line_and_its_cure(string text, params string[] expected)
    {
        var told = ConfigLoader.Parse(text, "test.toml").Mistakes.Select(mistake => mistake.ToString()).ToArray();
        foreach (var words in expected)
        {
            told.ShouldContain(line => line.Contains(words, StringComparison.Ordinal), string.Join('\n', told));
        }
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once_in_the_order_of_its_lines() =>
        ConfigLoader.Parse("soket = 1\nallow = 3\n[jail]\nmaxretry = true\nfoo = 1\n[dns]\ntimeout = \"1h\"", "test.toml").Mistakes
            .Select(mistake => mistake.Line).ShouldBe([1, 2, 4, 5, 7]);

    [Fact]
    public void A_missing_quote_is_not_told_for_every_line_behind_it() =>
        ConfigLoader.Parse("state = \"/a\n" + string.Concat(Enumerable.Repeat("maxretry = 'x\n", 50)), "test.toml").Mistakes.Count.ShouldBeLessThanOrEqualTo(4);

    [Fact]
    public void A_file_that_is_wrong_elsewhere_still_names_its_socket() =>
        ConfigLoader.Parse("socket = \"/tmp/a.sock\"\nfoo = 1", "test.toml").Options.Socket.ShouldBe("/tmp/a.sock");

    [Fact]
    public void Files_that_are_named_but_are_not_there_are_told_to_who_would_use_them()
    {
        var plain = Path.GetTempFileName();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plain, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var loaded = ConfigLoader.Parse($"[command]\nban = [\"/nonexistent/a\"]\nunban = [\"{plain}\"]\n[fail2ban]\nconfig = \"/nonexistent/f\"", "test.toml");
        loaded.Mistakes.ShouldBeEmpty();
        ConfigFiles.Check(loaded).Select(mistake => (mistake.Line, mistake.Key)).ShouldBe([(2, "command.ban"), (3, "command.unban"), (5, "fail2ban.config")]);
        File.Delete(plain);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{ a = ")]
    public void Nesting_without_end_is_one_mistake(string open) =>
        ConfigLoader.Parse("state = \"/a [[[\" # [[[\nallow = " + string.Concat(Enumerable.Repeat(open, 100_000)), "test.toml").Mistakes
            .ShouldHaveSingleItem().ToString().ShouldStartWith("test.toml:2: tables or arrays stand in each other deeper");

    [Fact]
    public void A_fault_of_the_parsers_does_not_quote_half_the_file() =>
        ConfigLoader.Parse("state = \"" + new string('x', 100_000) + "\nallow = [", "test.toml").Mistakes.ShouldAllBe(mistake => mistake.ToString().Length < 400);
}
