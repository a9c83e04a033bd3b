using System.Globalization;
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
            Assert.Skip("needs the Debian package miltertest");
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
            await laboratory.AbuseAsync(AttackLaboratory.Attacker.Address);
        await laboratory.Postern.UntilAsync(bans => bans.Contains("198.51.100.66/32", StringComparer.Ordinal), Stop);
        output.WriteLine($"{2 * Sessions} sessions told of by a local user, none counted");
        await laboratory.Postern.StopAsync();
    }

    private async Task TalkAsync(string user, string victim, bool login)
    {
        var script = Path.Combine(_folder, $"{user}-{victim}.lua");
        await File.WriteAllTextAsync(script, string.Create(CultureInfo.InvariantCulture, $$"""
            for i = 1, {{Sessions}} do
              local c = mt.connect("unix:{{_folder}}/milter", 40, 0.25)
              if c == nil then error("no connection") end
              mt.conninfo(c, "host", "{{victim}}")
              mt.helo(c, "pc.nowhere.example")
              {{(login ? "mt.macro(c, SMFIC_MAIL, \"{auth_authen}\", \"alice\") mt.mailfrom(c, \"<alice@example.org>\")" : "mt.unknown(c, \"SSH-2.0-Go\")")}}
              mt.disconnect(c)
            end
            """), Stop);
        (await Command.RunAsync(["setpriv", $"--reuid={user}", "--clear-groups", "miltertest", "-s", script], s_patience, cancellationToken: Stop)).OrThrow("miltertest");
    }
}
