using System.Globalization;
using System.Net;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>What a user of this machine says in Postfix's protocols bans and protects nobody; what Postfix says counts.</summary>
public sealed class LocalUserTests(ITestOutputHelper output) : IDisposable
{
    private const int Sessions = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateDirectory($"/var/tmp/postern-local-{Environment.ProcessId}").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_local_user_bans_and_protects_nobody_by_the_milter_protocol()
    {
        if (!File.Exists("/usr/bin/miltertest"))
        {
            Assert.Skip("needs the Debian package miltertest");
        }

        (await Command.RunAsync(["chmod", "755", _folder], s_patience, cancellationToken: Stop)).OrThrow("chmod");
        await using var laboratory = await AttackLaboratory.OpenAsync($"[nftables]\nenabled = false\n[milter]\nlisten = \"unix:{_folder}/milter\"\nsocket_mode = \"0666\"");
        // By the rights of the socket everybody may enter: the kernel tells who it is.
        await TalkAsync("nobody", "198.51.100.77", login: false);
        await TalkAsync("nobody", AttackLaboratory.Attacker.Address, login: true);
        // The honest twin: the same words of Postfix's own user.
        await TalkAsync("postfix", "203.0.113.78", login: false);
        await laboratory.Postern.UntilAsync(bans => bans.Contains("203.0.113.78/32", StringComparer.Ordinal), Stop);
        (await laboratory.Postern.BansAsync()).ShouldBe(["203.0.113.78/32"]);
        (await laboratory.Postern.AskAsync("explain", "198.51.100.77")).OrThrow("explain").Output.ShouldContain("No failures of it are recorded");
        // The login that was told of protects nobody.
        for (var i = 0; i < 12; i++)
        {
            await laboratory.AbuseAsync(AttackLaboratory.Attacker.Address);
        }

        await laboratory.Postern.UntilAsync(bans => bans.Contains("198.51.100.66/32", StringComparer.Ordinal), Stop);
        output.WriteLine($"{2 * Sessions} sessions told of by a local user, none counted");
        await laboratory.Postern.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_TCP_nobody_counts_unless_the_operator_says_so(bool trusts)
    {
        if (!File.Exists("/usr/bin/miltertest"))
        {
            Assert.Skip("needs the Debian package miltertest");
        }

        (await Command.RunAsync(["chmod", "755", _folder], s_patience, cancellationToken: Stop)).OrThrow("chmod");
        await using var laboratory = await AttackLaboratory.OpenAsync($"[nftables]\nenabled = false\n[policy]\nlisten = \"127.0.0.1:10040\"\n[milter]\nlisten = \"127.0.0.1:10041\"\n{(trusts ? "trust = \"tcp\"" : "")}");
        const string Victim = "198.51.100.77", Policed = "203.0.113.79";
        // Any user, and Postfix's own: over TCP the kernel vouches for neither.
        foreach (var user in (string[])["nobody", "postfix"])
        {
            await TalkAsync(user, Victim, login: false, laboratory.Server, "inet:10041@127.0.0.1");
            if (!trusts)
            {
                await TalkAsync(user, AttackLaboratory.Attacker.Address, login: true, laboratory.Server, "inet:10041@127.0.0.1");
            }
        }

        // The policy protocol tells of a recipient, never of a session: whatever it names, nothing counts.
        for (var i = 0; i < Sessions; i++)
        {
            using var socket = await NamespaceSocket.ConnectAsync(laboratory.Server, new IPEndPoint(IPAddress.Loopback, 10040), Policy(Policed, "", i));
            (await AttackedSockets.HearAsync(socket, answer => answer.AsSpan().EndsWith("\n\n"u8), Stop)).ShouldNotBeEmpty();
            using var login = await NamespaceSocket.ConnectAsync(laboratory.Server, new IPEndPoint(IPAddress.Loopback, 10040), Policy(AttackLaboratory.Attacker.Address, "alice", i));
            (await AttackedSockets.HearAsync(login, answer => answer.AsSpan().EndsWith("\n\n"u8), Stop)).ShouldNotBeEmpty();
        }

        for (var i = 0; i < 12; i++)
        {
            await laboratory.AbuseAsync(AttackLaboratory.Attacker.Address);
        }

        string[] expected = trusts ? [$"{AttackLaboratory.Attacker.Address}/32", $"{Victim}/32"] : [$"{AttackLaboratory.Attacker.Address}/32"];
        await laboratory.Postern.UntilAsync(bans => bans.Count >= expected.Length, Stop);
        (await laboratory.Postern.BansAsync()).ShouldBe(expected);
        foreach (var address in trusts ? (string[])[Policed] : [Policed, Victim])
        {
            (await laboratory.Postern.AskAsync("explain", address)).OrThrow("explain").Output.ShouldContain("No failures of it are recorded");
        }

        laboratory.Postern.Words.Contains("trust = \"tcp\"", StringComparison.Ordinal).ShouldBe(!trusts);
        output.WriteLine($"{(trusts ? 2 : 4) * Sessions} sessions told of by milter and {2 * Sessions} requests over TCP, {(trusts ? "where the operator trusts TCP" : "none counted")}");
        await laboratory.Postern.StopAsync();
    }

    private static byte[] Policy(string client, string user, int number) => Encoding.ASCII.GetBytes(
        $"request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address={client}\nclient_name=unknown\nreverse_client_name=unknown\nhelo_name=mx.example.org\n"
        + $"sender=ceo@example.org\nrecipient=gone{number}@example.org\nrecipient_count=0\ninstance=1.{number}.{client}\nsasl_username={user}\n\n");

    private async Task TalkAsync(string user, string victim, bool login, string? server = null, string? place = null)
    {
        place ??= $"unix:{_folder}/milter";
        var script = Path.Combine(_folder, $"{user}-{victim}.lua");
        await File.WriteAllTextAsync(script, string.Create(CultureInfo.InvariantCulture, $$"""
            for i = 1, {{Sessions}} do
              local c = mt.connect("{{place}}", 40, 0.25)
              if c == nil then error("no connection") end
              mt.conninfo(c, "host", "{{victim}}")
              mt.helo(c, "pc.nowhere.example")
              {{(login ? "mt.macro(c, SMFIC_MAIL, \"{auth_authen}\", \"alice\") mt.mailfrom(c, \"<alice@example.org>\")" : "mt.unknown(c, \"SSH-2.0-Go\")")}}
              mt.disconnect(c)
            end
            """), Stop);
        string[] inside = server is null ? [] : ["ip", "netns", "exec", server];
        (await Command.RunAsync([.. inside, "setpriv", $"--reuid={user}", "--clear-groups", "miltertest", "-s", script], s_patience, cancellationToken: Stop)).OrThrow("miltertest");
    }
}
