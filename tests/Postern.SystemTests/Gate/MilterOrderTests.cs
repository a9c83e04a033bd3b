using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Gate;

/// <summary>Beside Debian's OpenDKIM and OpenDMARC under one name: the documented order keeps all results, and the doctor tells of one that loses them.</summary>
public sealed class MilterOrderTests : IDisposable
{
    private const string Ours = "{ inet:127.0.0.1:10041, connect_timeout=3s, command_timeout=10s, content_timeout=20s, default_action=accept }";
    private const string Others = "{ inet:127.0.0.1:8891, default_action=accept }, { inet:127.0.0.1:8893, default_action=accept }";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly List<Process> _milters = [];
    private int _messages;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var milter in _milters)
        {
            if (!milter.HasExited)
            {
                milter.Kill(entireProcessTree: true);
            }

            milter.Dispose();
        }
    }

    [Fact]
    public async Task The_documented_order_keeps_all_results_and_the_doctor_tells_of_others()
    {
        Machine.RequireLaboratory();
        if (!File.Exists("/usr/sbin/opendkim") || !File.Exists("/usr/sbin/opendmarc"))
        {
            Assert.Skip("needs the Debian packages opendkim and opendmarc");
        }

        await using var house = await GateServer.OpenAsync(policy: false, milter: true, "observe", Stop);
        // What lies there is laid over /etc for all that runs in the namespace.
        var etc = $"/etc/netns/{house.Server}";
        const string Dkim = "Mode v\nAuthservID mx.example.org\nAlwaysAddARHeader yes\nSocket inet:8891@127.0.0.1\nNameservers 127.0.0.1\nBackground no\nSyslog no\n";
        await File.WriteAllTextAsync($"{etc}/opendkim.conf", Dkim + "KeepAuthResults yes\n", Stop);
        await File.WriteAllTextAsync($"{etc}/opendmarc.conf", "AuthservID mx.example.org\nSocket inet:8893@127.0.0.1\nBackground no\nSyslog false\nFailureReports false\n", Stop);
        await StartAsync(house, 8891, "/usr/sbin/opendkim", "-f", "-x", "/etc/opendkim.conf");
        await StartAsync(house, 8893, "/usr/sbin/opendmarc", "-f", "-c", "/etc/opendmarc.conf");

        await OrderAsync(house, $"{Ours}, {Others}");
        // OpenDKIM as it comes deletes what bears its name, and says something of DKIM: its file decides, and the doctor reads it.
        await File.WriteAllTextAsync($"{etc}/opendkim.conf", Dkim, Stop);
        (await DoctorAsync(house)).Select(finding => finding.Id).ShouldBe(["milter-keep-results"]);
        await File.WriteAllTextAsync($"{etc}/opendkim.conf", Dkim + "KeepAuthResults yes\n", Stop);
        var results = await ResultsAsync(house);
        results.Count(line => line.Contains("spf=pass", StringComparison.Ordinal) && line.Contains("arc=", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', results));
        results.Count(line => line.Contains("dkim=none", StringComparison.Ordinal) && !line.Contains("spf=", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', results));
        results.Count(line => line.Contains("dmarc=", StringComparison.Ordinal) && !line.Contains("spf=", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', results));
        (await DoctorAsync(house)).ShouldBeEmpty();

        // Behind them ours is the last, and theirs are gone.
        await OrderAsync(house, $"{Others}, {Ours}");
        (await ResultsAsync(house)).ShouldHaveSingleItem().ShouldContain("spf=pass");
        var findings = await DoctorAsync(house);
        findings.Select(finding => finding.Id).ShouldBe(["milter-order", "milter-order"]);
        await InsideAsync(house, findings[0].Fix);
        (await DoctorAsync(house)).ShouldBeEmpty();
    }

    private async Task StartAsync(GateServer house, int port, params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", house.Server, .. command]) { UseShellExecute = false };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        _milters.Add(Process.Start(start)!);
        await Port.WaitUntilOpenAsync(house.Server, IPAddress.Loopback, port, Stop);
    }

    private static Task OrderAsync(GateServer house, string milters) => InsideAsync(house, $"postconf -e 'smtpd_milters = {milters}'");

    private static async Task InsideAsync(GateServer house, string shell) =>
        (await Command.RunAsync(["ip", "netns", "exec", house.Server, "sh", "-ec", shell + "; postfix reload"], s_patience, cancellationToken: Stop)).OrThrow(shell);

    private async Task<IReadOnlyList<string>> ResultsAsync(GateServer house)
    {
        var id = $"message-{++_messages}";
        (await house.SendAsync(GateServer.Genuine, "mail.good.example", "ann@good.example", Stop, $"X-Number: {id}\r\n")).End.ShouldStartWith("250 ");
        var message = (await house.MailAsync(Stop)).Split("\nFrom ").Last(text => text.Contains($"X-Number: {id}\n", StringComparison.Ordinal));
        var headers = message.Split("\n\n")[0].Replace("\n\t", " ", StringComparison.Ordinal).Replace("\n ", " ", StringComparison.Ordinal).Split('\n');
        return [.. headers.Where(line => line.StartsWith("Authentication-Results: mx.example.org;", StringComparison.OrdinalIgnoreCase))];
    }

    private static async Task<IReadOnlyList<(string Id, string Fix)>> DoctorAsync(GateServer house)
    {
        var result = await Command.RunAsync(["ip", "netns", "exec", house.Server, PosternProgram.Path, "doctor", "--offline", "--format", "json", "--config", house.Postern.Config], s_patience, cancellationToken: Stop);
        return [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("findings").EnumerateArray()
            .Select(finding => (finding.GetProperty("id").GetString()!, finding.GetProperty("fix").GetString()!)).Where(finding => finding.Item1 is "milter-order" or "milter-keep-results")];
    }
}
