using System.Text;
using Postern.SystemTests.Check;
using Postern.SystemTests.Run;
using Postern.SystemTests.Run.Attacks;

namespace Postern.SystemTests.Gate;

/// <summary>The daemon with a DNS server that lies, stalls or floods: each sender gets an answer, and nobody genuine is refused.</summary>
public sealed class HostileDnsGateTests(ITestOutputHelper output)
{
    // More than a small daemon and less than a flood would take.
    private const int MostMegabytes = 300;
    private const int AtOnce = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hostile_DNS_makes_the_policy_server_refuse_nobody_and_fail_at_nothing()
    {
        var (requests, answers) = (0, 0);
        var cases = HostileDnsCases.OfZones.Concat(HostileDnsCases.OfServers).ToList();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Stop }, async (one, _) =>
        {
            var folder = Directory.CreateTempSubdirectory("postern-dns-").FullName;
            try
            {
                await using var dns = one.Value();
                await using var postern = await RunningPostern.StartAsync(
                    Path.Combine(folder, "mail.log"), null, $"[policy]\nlisten = \"unix:{folder}/policy\"", Stop, dns?.Address.ToString() ?? "127.0.0.1:9");
                // Whom a policy names, that one alone it lets send.
                string[] senders = one.Key is HostileDnsCases.OddSender ? ["o'brien@example.org", "", "O'Brien@example.org"] : ["ann@example.org", "", "bob@example.org"];
                foreach (var reply in await Task.WhenAll(senders.Select(sender => AskAsync($"{folder}/policy", sender))))
                {
                    reply.ShouldStartWith("action=", Case.Sensitive, one.Key);
                    reply.ShouldNotContain("advice=reject", Case.Sensitive, one.Key);
                    reply.ShouldNotContain("forged", Case.Sensitive, one.Key);
                    Interlocked.Increment(ref requests);
                }

                postern.Words.ShouldNotContain("   at ", Case.Sensitive, one.Key);
                Daemon.PeakMegabytes(postern.Pid).ShouldBeLessThan(MostMegabytes, one.Key);
                await postern.StopAsync();
                Interlocked.Add(ref answers, dns?.Answers ?? 0);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        output.WriteLine($"{requests} requests while {cases.Count} hostile servers gave {answers} answers; nobody was refused");
    }

    private static async Task<string> AskAsync(string path, string sender)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(s_patience);
        using var socket = await AttackedSockets.ConnectAsync(path, limit.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\nclient_name=mail.example.org\nreverse_client_name=mail.example.org\n"
            + $"helo_name=mail.example.org\nsender={sender}\nrecipient=bob@example.net\ninstance={sender}.1\n\n"), limit.Token);
        return Encoding.ASCII.GetString(await AttackedSockets.HearAsync(socket, answer => answer.AsSpan().EndsWith("\n\n"u8), limit.Token));
    }
}
