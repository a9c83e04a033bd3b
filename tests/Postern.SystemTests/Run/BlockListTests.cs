using Postern.SystemTests.Support;

namespace Postern.SystemTests.Run;

/// <summary>Lists of networks in the kernel, beside a real Postfix.</summary>
public sealed class BlockListTests
{
    private static readonly Host s_listed = new("198.51.100.66");
    private static readonly Host s_allowed = new("198.51.100.67");
    private static readonly Host s_sender = new("198.51.100.68", "mail.partner.example");
    private static readonly Host s_other = new("203.0.113.66");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whom_a_list_names_is_kept_out_but_not_the_allowed_nor_who_delivers()
    {
        Machine.RequireLaboratory();
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [s_listed, s_allowed, s_sender, s_other], [], Stop);
        var list = Path.Combine(Path.GetTempPath(), $"postern-list-{Environment.ProcessId}.txt");
        try
        {
            await File.WriteAllTextAsync(list, "; a list\n203.0.113.0/24 ; SBL1\n10.0.0.0/8\n", Stop);
            await using var postern = await RunningPostern.StartAsync(laboratory.Postfix.Log, laboratory.Server, $"[[blocklist]]\nname = \"drop\"\npath = \"{list}\"\n", Stop);
            (await postern.AskAsync("allow", s_allowed.Address)).ExitCode.ShouldBe(0);
            await UntilAsync(async () => !await IsLetInAsync(laboratory, s_other), postern);
            (await IsLetInAsync(laboratory, s_listed)).ShouldBeTrue();
            await DeliverAsync(laboratory.Client(s_sender.Address));
            await UntilAsync(async () => (await postern.AskAsync("explain", s_sender.Address, "--format", "json")).Output.Contains("\"delivered\": true", StringComparison.Ordinal), postern);

            // The file is replaced, as a download does it.
            await File.WriteAllTextAsync(list + ".new", "198.51.100.0/24\n", Stop);
            File.Move(list + ".new", list, overwrite: true);
            await UntilAsync(async () => !await IsLetInAsync(laboratory, s_listed), postern);
            (await IsLetInAsync(laboratory, s_allowed)).ShouldBeTrue();
            (await IsLetInAsync(laboratory, s_sender)).ShouldBeTrue();
            (await IsLetInAsync(laboratory, s_other)).ShouldBeTrue();
            postern.Words.ShouldContain("block list drop: 1 lines were left out, the first in line 3: 10.0.0.0/8 is of a private network");

            var told = (await postern.StatusAsync()).GetProperty("block_lists")[0];
            (told.GetProperty("name").GetString(), told.GetProperty("state").GetString(), told.GetProperty("networks").GetInt32()).ShouldBe(("drop", "active", 1));
            // The server itself lives there, too.
            told.GetProperty("spared").GetInt32().ShouldBe(3);
            told.GetProperty("packets").GetInt64().ShouldBePositive();
            (await postern.BansAsync()).ShouldBeEmpty();

            // Somebody removes it; it comes back. A kill leaves it, and a start without lists removes it.
            (await Command.RunAsync(["ip", "netns", "exec", laboratory.Server, "nft", "flush", "ruleset"], TimeSpan.FromSeconds(10), cancellationToken: Stop)).OrThrow("nft");
            await UntilAsync(async () => !await IsLetInAsync(laboratory, s_listed), postern);
            await postern.Kill();
            (await IsLetInAsync(laboratory, s_listed)).ShouldBeFalse();
            await postern.ConfigureAsync(laboratory.Postfix.Log, "127.0.0.1:9", "", Stop);
            await postern.StartAgainAsync(Stop);
            await UntilAsync(() => IsLetInAsync(laboratory, s_listed), postern);
            await postern.StopAsync();
        }
        finally
        {
            File.Delete(list);
        }
    }

    private static async Task<bool> IsLetInAsync(Laboratory laboratory, Host host)
    {
        var tried = await Command.RunAsync(
            ["ip", "netns", "exec", laboratory.Client(host.Address).Namespace, "curl", "--silent", "--connect-timeout", "2", "--max-time", "10", $"smtp://{Network.ServerAddress}/", "-X", "NOOP"],
            TimeSpan.FromSeconds(20), cancellationToken: Stop);
        return tried.ExitCode == 0;
    }

    private static async Task DeliverAsync(ClientHost client)
    {
        using var session = await client.ConnectAsync(Stop);
        await session.Deliver("mail.partner.example", "alice@example.org");
    }

    private static Task UntilAsync(Func<Task<bool>> isSo, RunningPostern postern) => Waiting.UntilAsync(isSo, TimeSpan.FromSeconds(90), Stop, () => postern.Words);
}
