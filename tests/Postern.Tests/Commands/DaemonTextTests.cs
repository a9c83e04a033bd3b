using System.Text.Json;
using Postern.Cli.Commands;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Tests.Daemon.Control;

namespace Postern.Tests.Commands;

/// <summary>What operators read of the daemon's replies.</summary>
public sealed class DaemonTextTests
{
    [Fact]
    public async Task Status_tells_jails_sources_walls_and_troubles()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = DaemonText.Status(await socket.AskAsync(new ControlRequest(ControlCommands.Status)));
        text.ShouldContain("postern 1.2.3, enforcing, since 20");
        text.ShouldContain("\n/var/log/mail.log   1234  1.5 ms\n");
        text.ShouldContain("\nnftables  standing\n");
        text.ShouldContain("\ntrouble: journal: no permission\n");
    }

    [Fact]
    public async Task A_clients_words_are_shown_escaped()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = DaemonText.Explain(await socket.AskAsync(new ControlRequest(ControlCommands.Explain) { Subject = "192.0.2.1" }));
        text.ShouldStartWith("192.0.2.1 is banned\n");
        text.ShouldContain(@"    HELO \x1B[2Jevil\r\n\u202E" + "\n");
        text.ShouldContain("proven-sender");
        text.Where(letter => letter != '\n').ShouldAllBe(letter => letter >= ' ' && letter < 127);
    }

    [Fact]
    public void A_reply_of_a_newer_daemon_is_shown_as_far_as_it_is_known()
    {
        var reply = JsonDocument.Parse("""{"schema":"postern.status/2","version":"9","jails":{},"logs":null,"firewalls":[{"name":7}]}""").RootElement;
        DaemonText.Status(reply).ShouldContain("postern 9");
        DaemonText.Bans(reply).ShouldBe("nobody is banned\n");
        DaemonText.Top(reply).ShouldNotBeEmpty();
        DaemonText.Explain(reply).ShouldContain("nothing is remembered");
    }

    [Fact]
    public async Task Top_is_cut_to_the_window()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = DaemonText.Top(await socket.AskAsync(new ControlRequest(ControlCommands.Top)));
        text.ShouldContain("192.0.2.9");
        var frame = TopView.Frame(text, width: 20, height: 4);
        frame.ShouldStartWith("\u001b[H");
        frame.ShouldEndWith("\u001b[J");
        var lines = frame["\u001b[H".Length..^"\u001b[J".Length].Split("\u001b[K\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeLessThanOrEqualTo(3);
        lines.ShouldAllBe(line => line.Length < 20);
    }

    [Fact]
    public void A_table_aligns_wide_letters_and_drops_empty_columns()
    {
        var table = new TextTable("name", "nothing", ">n");
        table.Add("日本", "", "7");
        table.Add("abcdefg", "", "1234");
        var text = new System.Text.StringBuilder();
        table.WriteTo(text);
        text.ToString().ShouldBe("name        n\n日本        7\nabcdefg  1234\n\n");
    }
}
