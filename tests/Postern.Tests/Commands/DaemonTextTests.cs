using System.Text.Json;
using Postern.Cli.Commands;
using Postern.Cli.Daemon.Control;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Tests.Daemon.Control;

namespace Postern.Tests.Commands;

/// <summary>What operators read of the daemon's replies.</summary>
public sealed class DaemonTextTests
{
    private static readonly DaemonText s_english = new(Catalogue.For("en").Daemon);

    [Fact]
    public async Task Status_tells_jails_sources_walls_and_troubles()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = s_english.Status(await socket.AskAsync(new ControlRequest(ControlCommands.Status)));
        text.ShouldContain("postern 1.2.3, enforcing, since 20");
        text.ShouldContain("\n/var/log/mail.log   1234  1.5 ms\n");
        text.ShouldContain("\nnftables  active\n");
        text.ShouldContain("\nproblem: journal: no permission\n");
    }

    [Fact]
    public void In_a_dry_run_every_line_says_would()
    {
        const string Ban = """{"network":"192.0.2.1/32","address":"192.0.2.1","jail":"postfix","from":"2026-11-25T01:00:00Z","until":"2999-11-25T02:00:00Z","reason":"10 lone-dot within 10m"}""";
        string[] replies =
        [
            s_english.Status(Json("""{"version":"1","mode":"dry-run","jails":[{"name":"postfix","failures":3,"banned":5}],"firewalls":[{"name":"nftables","state":"dry-run"}]}""")),
            s_english.Bans(Json($$"""{"dry_run":true,"bans":[{{Ban}}]}""")),
            s_english.Top(Json("""{"mode":"dry-run","banned":5,"rows":[{"address":"192.0.2.1","state":"would be banned"}]}""")),
            Explained(Json($$"""{"dry_run":true,"banned":true,"address":"192.0.2.1","bans":[{{Ban}}]}""")),
        ];
        foreach (var reply in replies)
        {
            reply.ShouldStartWith("DRY RUN - nobody is banned\n");
            reply.ShouldContain("would be banned");
            reply["DRY RUN - nobody is banned".Length..].Replace("would be banned", "", StringComparison.Ordinal).ShouldNotContain("banned");
        }

        var japanese = new DaemonText(Catalogue.For("ja").Daemon).Bans(Json($$"""{"dry_run":true,"bans":[{{Ban}}]}"""));
        japanese.ShouldStartWith("ドライラン: 実際には誰も遮断していません\n");
        japanese.ShouldContain("遮断対象 1 件");
    }

    [Fact]
    public void A_table_fits_the_terminal()
    {
        var reason = new string('x', 300);
        var reply = Json($$"""{"bans":[{"network":"2001:db8:1234:5678::/64","address":"2001:db8:1234:5678:9abc:def0:1234:5678","until":"2999-11-25T02:00:00Z","repetition":12,"reason":"{{reason}}"}]}""");
        foreach (var tag in (string[])["en", "ja"])
        {
            new DaemonText(Catalogue.For(tag).Daemon).Bans(reply).Split('\n').ShouldAllBe(line => Postern.Reports.Content.Cells.Of(line) <= 80);
        }

        new DaemonText(Catalogue.For("en").Daemon, isWide: true).Bans(reply).ShouldContain(reason);
    }

    [Fact]
    public async Task A_clients_words_are_shown_escaped()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = Explained(await socket.AskAsync(new ControlRequest(ControlCommands.Explain) { Subject = "192.0.2.1" }));
        text.ShouldStartWith("192.0.2.1 is banned\n");
        text.ShouldContain(@"    HELO \x1B[2Jevil\r\n\u202E" + "\n");
        text.ShouldContain("proven-sender");
        text.Where(letter => letter != '\n').ShouldAllBe(letter => letter >= ' ' && letter < 127);
    }

    [Fact]
    public void A_reply_of_a_newer_daemon_is_shown_as_far_as_it_is_known()
    {
        var reply = JsonDocument.Parse("""{"schema":"postern.status/2","version":"9","jails":{},"logs":null,"firewalls":[{"name":7}]}""").RootElement;
        s_english.Status(reply).ShouldContain("postern 9");
        s_english.Bans(reply).ShouldBe("nobody is banned\n");
        s_english.Top(reply).ShouldNotBeEmpty();
        Explained(reply).ShouldContain("No failures of it are recorded.");
    }

    [Theory]
    [InlineData("en", "protection", "delivered mail", "would defer", "yes")]
    [InlineData("ja", "保護", "メール受信", "一時拒否", "はい")]
    public async Task A_client_is_told_whole_in_each_language_within_80_columns(string tag, params string[] expected)
    {
        await using var socket = await ControlSocket.OpenAsync();
        var reply = await socket.AskAsync(new ControlRequest(ControlCommands.Explain) { Subject = "192.0.2.1", Lang = tag });
        var text = Explained(reply, tag);
        expected.ShouldAllBe(word => text.Contains(word, StringComparison.Ordinal), text);
        text.ShouldContain($"days, {tag}");
        text.ShouldContain("2026-11-24");
        text.ShouldContain("generic-ptr");
        text.Split('\n').ShouldAllBe(line => Postern.Reports.Content.Cells.Of(line) <= 80 || line.StartsWith("    ", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task The_page_of_a_client_holds_its_words_as_text()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var reply = await socket.AskAsync(new ControlRequest(ControlCommands.Explain) { Subject = "192.0.2.1", Lang = "en" });
        var page = LiveExplanationPage.Write(new LiveExplanationParts(Catalogue.For("en"), isWhole: true).Of(reply), "192.0.2.1", "en");
        page.ShouldContain("<h1>192.0.2.1 is banned</h1>");
        page.ShouldContain("mx&lt;script&gt;");
        page.ShouldContain("&lt;b&gt;5&lt;/b&gt; days");
        page.ShouldContain(@"HELO \x1B[2Jevil\r\n\u202E");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("\u001b");
        page.Split("<table>").Length.ShouldBe(page.Split("</table>").Length);
    }

    [Fact]
    public async Task Top_is_cut_to_the_window()
    {
        await using var socket = await ControlSocket.OpenAsync();
        var text = s_english.Top(await socket.AskAsync(new ControlRequest(ControlCommands.Top)));
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

    private static string Explained(JsonElement reply, string tag = "en") =>
        LiveExplanationText.Write(new LiveExplanationParts(Catalogue.For(tag), isWhole: false).Of(reply), 80);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
