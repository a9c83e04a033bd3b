using Postern.Cli.Configuration;
using Postern.Cli.Doctor;

namespace Postern.Tests.Doctor;

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
    public void Rows_of_tables_go_on_behind_a_blank()
    {
        PostfixReader.Rows(["# comment", "postmaster: root", "list: a@example.org,", "  b@example.net", "", "\"odd name\": :include:/x"], isAlias: true)
            .ShouldBe([("postmaster", "root"), ("list", "a@example.org, b@example.net"), ("odd name", ":include:/x")]);
        PostfixReader.Rows(["@example.org bob", "ann@example.org\tann"], isAlias: false).ShouldBe([("@example.org", "bob"), ("ann@example.org", "ann")]);
    }
}
