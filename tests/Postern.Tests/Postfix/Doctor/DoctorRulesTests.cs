using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;

namespace Postern.Tests.Postfix.Doctor;

public sealed class DoctorRulesTests
{
    private static readonly ListenAddress s_policy = ListenAddress.TryParse("127.0.0.1:10040")!;

    private static readonly string[] s_services =
    [
        "smtp       inet  n       -       n       -       -       smtpd",
        "submission inet  n       -       n       -       -       smtpd -o syslog_name=postfix/submission",
        "127.0.0.1:10025 inet n   -       n       -       -       smtpd",
        "cleanup    unix  n       -       n       -       0       cleanup",
    ];

    [Theory]
    [InlineData("2026-11-28", 0)]
    [InlineData("2025-11-28", 0)]
    [InlineData("2025-11-27", 1)]
    public void A_list_of_public_suffixes_older_than_a_year_is_told(string day, int findings) =>
        SuffixListRules.Of(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero), Postern.Cli.Words.Catalogue.For("en").Doctor).Count().ShouldBe(findings);

    [Fact]
    public void Only_the_servers_of_strangers_are_looked_at()
    {
        var setup = PostfixReader.Parse(
            ["disable_vrfy_command = yes", "smtpd_helo_required = yes", "empty ="], s_services,
            ["smtp/inet/smtpd_helo_required = no", "submission/inet/disable_vrfy_command = no", "127.0.0.1:10025/inet/local_recipient_maps = "]);
        setup.Public.Select(service => service.Name).ShouldBe(["smtp/inet"]);
        setup.Seen("disable_vrfy_command").ShouldBe(["yes"]);
        setup.Seen("smtpd_helo_required").ShouldBe(["no"]);
        setup.Seen("empty").ShouldBe([""]);
    }

    [Fact]
    public void An_override_may_name_a_parameter_of_its_own() =>
        PostfixReader.Parse(["mine = permit_mynetworks, reject"], s_services, ["smtp/inet/smtpd_client_restrictions = $mine"])
            .Seen("smtpd_client_restrictions").ShouldBe(["permit_mynetworks, reject"]);

    [Theory]
    [InlineData("reject_unauth_destination, check_policy_service inet:127.0.0.1:10040", "check_policy_service inet:127.0.0.1:10040")]
    [InlineData("check_policy_service { inet:localhost:10040, timeout=8s }, permit", "check_policy_service { inet:localhost:10040, timeout=8s }")]
    [InlineData("check_policy_service { inet:127.0.0.1:9 }, check_policy_service inet:127.0.0.1:10040, permit", "check_policy_service inet:127.0.0.1:10040")]
    [InlineData("check_policy_service inet:127.0.0.1:9", null)]
    public void Our_entry_of_a_list_is_found(string value, string? entry) => WiringRules.Entry(value, s_policy, "check_policy_service").ShouldBe(entry);

    [Fact]
    public void Rules_of_patterns_go_on_behind_a_blank_and_know_their_lines()
    {
        TableReader.Rules(["# comment", "/^a b@x$/i bob", "", "if /x/", "!/y|z/", "  ann,", "  carol", "endif"]).ShouldBe(
            [new("/^a b@x$/i", "bob", 2, 2), new("if /x/", "", 4, 4), new("/y|z/", "ann, carol", 5, 7), new("endif", "", 8, 8)]);
    }

    [Theory]
    [InlineData("hash:/etc/aliases, proxy:btree:/a nis:mail.aliases", "hash:/etc/aliases", "btree:/a", "nis:mail.aliases")]
    [InlineData("inline:{ {a b = c, d}, e=f }", "inline:{ {a b = c, d}, e=f }")]
    [InlineData("unionmap:{ proxy:hash:/a, inline:{ x=y } }, static:z", "hash:/a", "inline:{ x=y }", "static:z")]
    [InlineData("$broken { odd", new string[0])]
    public void A_list_of_tables_is_split_outside_braces(string value, params string[] maps) => PostfixMap.Of(value).Select(map => map.Text).ShouldBe(maps);

    [Fact]
    public void Forwards_are_separated_by_commas_and_lines_but_not_in_quotes() =>
        ForwardReader.Targets(["# away, far@elsewhere.example", "\\ann, \"|/usr/bin/vacation -a x,y ann\",", "  ann@elsewhere.example"]).ShouldBe(
            [("\\ann", 2), ("|/usr/bin/vacation -a x,y ann", 2), ("ann@elsewhere.example", 3)]);

    [Fact]
    public void Files_of_forwards_are_sought_as_local_does()
    {
        var folder = Directory.CreateTempSubdirectory("postern-forward-").FullName;
        File.WriteAllText(Path.Combine(folder, "ann"), "ann@elsewhere.example\n");
        File.WriteAllText(Path.Combine(folder, "x-ann"), "later\n");
        var account = $"ann:x:1000:1000::{folder}:/bin/sh";

        ForwardReader.Read("$home/${user}${recipient_delimiter}${extension}, $home/x-$user", [account, "short:line"]).Select(file => (file.File, file.Targets[0].Target))
            .ShouldBe([(Path.Combine(folder, "ann"), "ann@elsewhere.example")]);
        ForwardReader.Read("$home/none, $home/${extension?no}${extension:x-}$(user)", [account]).Select(file => file.Targets[0].Target).ShouldBe(["later"]);
        ForwardReader.Read("$home/$unheard, ${broken", [account]).ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("", "printf '\\n[dns]\\nresolver = \"127.0.0.1:53\"\\n' >> ")]
    [InlineData("mode = \"dry-run\"\n  [ dns ] # ours\ntimeout = \"3s\"\n", "set resolver = ")]
    [InlineData("dns.timeout = \"3s\"\n", "set resolver = ")]
    [InlineData("[dnsbl]\n", "printf ")]
    public void A_setting_never_makes_a_table_twice(string before, string begin)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, before);
        var fix = new SettingFix(file, Postern.Cli.Words.Catalogue.For("en").Doctor).Of("[dns]", "resolver = \"127.0.0.1:53\"");
        fix.ShouldStartWith(begin);
        fix.ShouldContain(file);
        File.Delete(file);
    }
}
