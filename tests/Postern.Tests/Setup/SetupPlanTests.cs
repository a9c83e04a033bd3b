using System.Net;
using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;
using Postern.Cli.Setup;
using Postern.Cli.Words;

namespace Postern.Tests.Setup;

/// <summary>What setup would write for a host, and that the doctor has nothing to say to it afterwards.</summary>
public sealed class SetupPlanTests
{
    private const string File = "/etc/postern/postern.toml";
    private static readonly Catalogue s_words = Catalogue.For("en");

    // A Postfix as Debian installs it, with a few settings that the doctor does not like.
    private static readonly string[] s_main =
    [
        "notify_classes = resource, software, bounce", "smtpd_recipient_restrictions =", "smtpd_helo_required = no", "disable_vrfy_command = no",
        "smtpd_client_connection_rate_limit = 0", "smtpd_tls_security_level = may", "smtpd_hard_error_limit = 20", "smtpd_milters =",
    ];

    private static readonly string[] s_services = ["smtp inet n - y - - smtpd"];

    [Fact]
    public void A_new_host_gets_a_whole_configuration()
    {
        var plan = Make(null, Host());
        plan.Text.ShouldBe(
            "# Written by 'postern setup'. docs/configuration.md explains every key. After a change: postern reload\n\nmode = \"dry-run\"\n\n[[logs]]\npath = \"/var/log/mail.log\"\n\n[[logs]]\nnotices = \"/var/mail/root\"\n\n[dns]\nresolver = \"127.0.0.1:53\"\n");
        plan.After.Mistakes.ShouldBeEmpty();
        plan.Postfix.Select(setting => setting.Command).ShouldBe(["postconf -e 'notify_classes = resource, software, bounce, protocol'"]);
        plan.Postfix[0].Undo.ShouldBe("postconf -X notify_classes");
    }

    [Theory]
    [InlineData("mode = \"enforce\"\n")]
    [InlineData("[[logs]]\njournal = true\n")]
    [InlineData("[dns]\nresolver = \"192.0.2.53\" # ours\n")]
    [InlineData("dns = { resolver = \"192.0.2.53\" }\nlogs = [{ path = \"/var/log/postfix.log\" }]\nmode = \"enforce\"\n")]
    [InlineData("policy.listen = \"127.0.0.1:1\"\n")]
    public void What_the_operator_wrote_stays(string before)
    {
        var plan = Make(before, Host(), new SetupAnswers { Policy = ListenAddress.TryParse("127.0.0.1:10040") });
        foreach (var line in before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("logs =", StringComparison.Ordinal) && !line.StartsWith("dns =", StringComparison.Ordinal)))
        {
            plan.Text.Split('\n').Contains(line, StringComparer.Ordinal).ShouldBeTrue(line);
        }

        plan.After.Mistakes.ShouldBeEmpty();
        var old = ConfigLoader.Parse(before, File).Options;
        if (old.Checks.Dns.Servers.Count > 0)
        {
            plan.After.Options.Checks.Dns.Servers.ShouldBe(old.Checks.Dns.Servers);
        }

        plan.After.Options.IsDryRun.ShouldBe(!before.Contains("enforce", StringComparison.Ordinal));
        plan.After.Options.Logs.Count(source => source.Kind != LogSourceKind.Notices).ShouldBe(1);
        plan.After.Options.Policy.Listen!.EndPoint!.Port.ShouldBe(before.StartsWith("policy", StringComparison.Ordinal) ? 1 : 10040);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("# Nothing yet.\n\n#[dns]\n#resolver = \"127.0.0.1:53\"\n")]
    [InlineData("[jail]\nmaxretry = 5\n")]
    public void A_second_run_finds_nothing_to_do_and_the_doctor_is_silent(string? before)
    {
        var answers = new SetupAnswers { Hardens = true, Policy = ListenAddress.TryParse("127.0.0.1:10040"), Milter = ListenAddress.TryParse("unix:/run/postern/milter") };
        var plan = Make(before, Host(), answers);
        plan.IsDone.ShouldBeFalse();
        plan.Left.ShouldBeEmpty();

        var after = Host(plan.Postfix);
        WiringRules.Of(after.Postfix, plan.After.Options, s_words.Doctor).Concat(AbuseRules.Of(after.Postfix, s_words.Doctor)).Select(finding => finding.Id).ShouldBeEmpty();
        var second = Make(plan.Text, after, answers);
        second.IsDone.ShouldBeTrue();
        second.Text.ShouldBe(plan.Text);
    }

    [Fact]
    public void Without_being_asked_Postfix_itself_is_left_alone() =>
        Make(null, Host()).Postfix.Select(setting => setting.Name).ShouldBe(["notify_classes"]);

    [Fact]
    public void What_master_cf_overrides_is_left_to_the_operator()
    {
        var found = Host() with { Postfix = PostfixReader.Parse(s_main, s_services, ["smtp/inet/disable_vrfy_command = no"]) };
        var plan = Make(null, found, new SetupAnswers { Hardens = true });
        plan.Left.Select(finding => finding.Id).ShouldBe(["vrfy"]);
    }

    [Fact]
    public void What_DNS_did_not_answer_is_not_guessed()
    {
        var found = Host() with { Resolver = new ResolverSurvey(ResolverKind.Public, [IPAddress.Parse("192.0.2.53")], "zen.spamhaus.org", DnsListProblem.Refused, null) };
        var plan = Make(null, found);
        plan.Text.ShouldNotContain("[dns]");
        new SetupText(found, plan).ShouldContain("it refuses this resolver");
    }

    [Fact]
    public void A_journal_and_a_mailbox_that_cannot_be_read_are_told()
    {
        var found = Host() with { Log = new LogSource(LogSourceKind.Journal, null), CanReadNotices = false };
        var plan = Make(null, found);
        plan.After.Options.Logs.ShouldHaveSingleItem().Kind.ShouldBe(LogSourceKind.Journal);
        new SetupText(found, plan).ShouldContain("postmaster: root");
    }

    [Theory]
    [InlineData("postconf -e 'a = b c' 'd ='", "a=b c;d=")]
    [InlineData("postconf -X luser_relay", "")]
    [InlineData("postfix tls enable-server", "")]
    [InlineData("postconf -e 'a = it'\\''s'", "")]
    public void A_fix_of_the_doctors_is_read_only_where_it_is_plain(string command, string expected) =>
        string.Join(';', PostfixSetting.Read(command).Select(pair => $"{pair.Name}={pair.Value}")).ShouldBe(expected);

    private static SetupPlan Make(string? before, HostSurvey found, SetupAnswers? answers = null) =>
        SetupPlan.Make(File, before, found, answers ?? new SetupAnswers(), s_words.Setup, s_words.Doctor);

    private static HostSurvey Host(IReadOnlyList<PostfixSetting>? set = null)
    {
        var changed = (set ?? []).ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
        var postfix = PostfixReader.Parse(s_main, s_services, []);
        return new HostSurvey
        {
            Postfix = postfix with { Parameters = postfix.Parameters.Concat(changed).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal) },
            MainCf = changed,
            Log = new LogSource(LogSourceKind.File, "/var/log/mail.log"),
            Notices = new NoticeMailbox(NoticeEnd.Mailbox, "/var/mail/root"),
            CanReadNotices = true,
            Resolver = new ResolverSurvey(ResolverKind.Public, [IPAddress.Parse("192.0.2.53")], "zen.spamhaus.org", DnsListProblem.Refused, null) { Better = "127.0.0.1:53" },
        };
    }

    private sealed class SetupText(HostSurvey found, SetupPlan plan)
    {
        public void ShouldContain(string part)
        {
            var text = new Postern.Cli.Commands.SetupText(s_words.Setup, s_words.Doctor);
            text.Notes(found, plan, new SetupAnswers()).ShouldContain(note => note.Contains(part, StringComparison.Ordinal));
        }
    }
}
