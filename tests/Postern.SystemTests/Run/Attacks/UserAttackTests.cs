using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run.Attacks;

/// <summary>Whoever has a login, or ends each session like a clumsy program, buys no free ride by it; who really is one is not banned.</summary>
public sealed class UserAttackTests(ITestOutputHelper output)
{
    private const int Guesses = 375;
    private const int Probes = 300;

    [Fact]
    public async Task A_user_who_guesses_others_passwords_is_banned()
    {
        await using var laboratory = await AttackLaboratory.OpenAsync();
        await LoginAsync(laboratory, AttackLaboratory.Attacker, "alice@mx.example.org", "secret");
        // An honest user's old password in one program, and the right one in the other.
        await LoginAsync(laboratory, AttackLaboratory.Honest, "alice@mx.example.org", "secret");
        for (var i = 0; i < 3; i++)
        {
            await LoginAsync(laboratory, AttackLaboratory.Honest, "alice@mx.example.org", "old secret");
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Guesses), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
            await LoginAsync(laboratory, AttackLaboratory.Attacker, $"user{i}@mx.example.org", "123456"));
        await laboratory.Postern.UntilAsync(bans => bans.Contains("198.51.100.66/32", StringComparer.Ordinal), TestContext.Current.CancellationToken);
        (await laboratory.Postern.BansAsync()).ShouldBe(["198.51.100.66/32"]);
        output.WriteLine($"{Guesses} guesses of a client that had logged in, and it is banned");
        await laboratory.Postern.StopAsync();
    }

    [Fact]
    public async Task Two_unknown_recipients_and_a_line_of_a_header_in_each_session_are_a_probe_all_the_same()
    {
        await using var laboratory = await AttackLaboratory.OpenAsync();
        // An honest sender with a mistyped recipient, now and then.
        for (var i = 0; i < 4; i++)
        {
            using var s = await laboratory.ConnectAsync(AttackLaboratory.Honest);
            await s.Hear();
            await s.Ask("EHLO mail.partner.example");
            await s.Ask("MAIL FROM:<ann@partner.example>");
            await s.Ask("RCPT TO:<typo@example.org>");
            await s.Ask("RCPT TO:<alice@example.org>");
            await s.Ask("DATA");
            await s.Ask("Subject: hello\r\n\r\nhello\r\n.");
            await s.Ask("QUIT");
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Probes), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
        {
            using var s = await laboratory.ConnectAsync(AttackLaboratory.Attacker);
            await s.Hear();
            await s.Ask("EHLO pc.nowhere.example");
            await s.Ask("MAIL FROM:<eve@nowhere.example>");
            await s.Ask($"RCPT TO:<a{i}@example.org>");
            await s.Ask($"RCPT TO:<b{i}@example.org>");
            await s.Ask("Subject: hello");
        });
        await laboratory.Postern.UntilAsync(bans => bans.Contains("198.51.100.66/32", StringComparer.Ordinal), TestContext.Current.CancellationToken);
        (await laboratory.Postern.BansAsync()).ShouldBe(["198.51.100.66/32"]);
        output.WriteLine($"{2 * Probes} unknown recipients in {Probes} sessions, and the client is banned");
        await laboratory.Postern.StopAsync();
    }

    private static async Task LoginAsync(AttackLaboratory laboratory, Host host, string user, string password)
    {
        using var s = await laboratory.ConnectAsync(host);
        await s.Hear();
        await s.Ask("EHLO pc.example.org");
        await s.Ask("AUTH PLAIN " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{user}\0{password}")));
        await s.Ask("QUIT");
    }
}
