using Postern.Cli.Configuration;
using Postern.Cli.Postfix.Doctor;

namespace Postern.Tests.Postfix.Doctor;

public sealed class MilterRulesTests
{
    private const string Ours = "{ inet:127.0.0.1:10041, default_action=accept }";

    [Theory]
    [InlineData("inet:localhost:8891", "", "Socket inet:8891@127.0.0.1", null)]
    [InlineData("inet:127.0.0.1:8891, OURS", "milter-order", "Socket inet:8891@localhost", null)]
    [InlineData("inet:127.0.0.1:8891, OURS", "milter-order", "# a comment|Socket\tinet:8891 # another|AuthservID mx.example.org", null)]
    // Another name, a signer alone, another milter, and the right order.
    [InlineData("inet:127.0.0.1:8891, OURS", "", "Socket inet:8891@localhost|AuthservID dkim.example.org", null)]
    [InlineData("inet:127.0.0.1:8891, OURS", "", "Socket inet:8891@localhost|Mode s", null)]
    [InlineData("inet:127.0.0.1:8892, OURS", "", "Socket inet:8891@localhost", null)]
    [InlineData("OURS, inet:127.0.0.1:8891", "", "Socket inet:8891@localhost|KeepAuthResults yes", null)]
    [InlineData("OURS, inet:127.0.0.1:8891", "", "Socket inet:8891@localhost|AuthservID dkim.example.org", null)]
    [InlineData("OURS, inet:127.0.0.1:8891", "milter-keep-results", "Socket inet:8891@localhost", null)]
    [InlineData("inet:127.0.0.1:8891, OURS", "milter-order", "Socket inet:8891@localhost|AuthservID HOSTNAME", "mx.example.org")]
    [InlineData("unix:opendkim/opendkim.sock OURS", "milter-order", "Socket local:/var/spool/postfix/opendkim/opendkim.sock", null)]
    [InlineData("unix:/run/opendkim/opendkim.sock, OURS", "milter-order", "Socket \"local:/run/opendkim/opendkim.sock\"", null)]
    public void The_last_of_one_name_deletes_the_results_of_the_others(string milters, string finding, string file, string? host)
    {
        var neighbour = OtherMilter.Read("OpenDKIM", "/etc/opendkim.conf", file.Split('|'), host ?? "box");
        var found = Examine(milters.Replace("OURS", Ours, StringComparison.Ordinal), neighbour is null ? [] : [neighbour]);
        found.Select(one => one.Id).ShouldBe(finding.Length == 0 ? [] : [finding]);
        if (finding is "milter-order")
        {
            found[0].Fix.ShouldStartWith($"postconf -e 'smtpd_milters = {Ours}, ");
        }
    }

    [Theory]
    [InlineData("10240000", false)]
    [InlineData("50000000", false)]
    [InlineData("50000001", true)]
    [InlineData("0", true)]
    public void A_message_larger_than_what_is_tested_is_told(string limit, bool isTold) => Examine(Ours, [], limit).Select(one => one.Id).ShouldBe(isTold ? ["message-size"] : []);

    private static DoctorFinding[] Examine(string milters, IReadOnlyList<OtherMilter> neighbours, string limit = "10240000") =>
    [
        .. MilterRules.Of(
            PostfixReader.Parse([$"smtpd_milters = {milters}", "myhostname = mx.example.org", $"message_size_limit = {limit}"], ["smtp inet n - n - - smtpd"], []),
            new PosternOptions { Milter = new ListenerSettings { Listen = ListenAddress.TryParse("127.0.0.1:10041") } },
            neighbours, Postern.Cli.Words.Catalogue.For("en").Doctor),
    ];
}
