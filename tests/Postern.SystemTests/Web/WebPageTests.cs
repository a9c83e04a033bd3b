using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;
using Postern.SystemTests.Run;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Web;

/// <summary>The page in a browser, beside the daemon and a real Postfix.</summary>
public sealed class WebPageTests
{
    private const string Markup = "<img/src=x/onerror=window.pwned=1>";
    private static readonly Host s_abuser = new("198.51.100.66");
    private static readonly Host s_artist = new("203.0.113.77");
    private static readonly string[] s_views = ["now", "clients", "clients/203.0.113.77", "mail", "checks", "replay"];

    [Fact]
    public async Task What_happens_appears_by_itself_and_bans_are_made_and_lifted()
    {
        Machine.RequireLaboratory();
        PageBrowser.Require();
        var ct = TestContext.Current.CancellationToken;
        var port = RunningWeb.FreePort();
        await using var laboratory = await Laboratory.OpenAsync(PostfixSettings.Current, [s_abuser, s_artist], [], ct);
        await using var postern = await RunningPostern.PrepareAsync(laboratory.Postfix.Log, laboratory.Server, "", "", ct);
        var policy = Path.Combine(postern.Folder, "policy");
        await postern.ConfigureAsync(laboratory.Postfix.Log, "127.0.0.1:9", $"{await RunningWeb.SettingsAsync(postern.Folder, port)}[policy]\nlisten = \"unix:{policy}\"\n", ct);
        await postern.StartAgainAsync(ct);
        await using var web = await RunningWeb.StartAsync(postern, port, ct);
        await using var browser = await PageBrowser.StartAsync();
        var page = await browser.OpenAsync(web.Page);

        // A suspicious connection appears without a reload, and its text stays text.
        await Assertions.Expect(page.Locator("#live")).ToContainTextAsync("Nothing yet");
        using (var dialogue = await laboratory.Client(s_abuser.Address).ConnectAsync(ct))
        {
            await dialogue.Out("220");
            await dialogue.Ask(".");
        }

        await Assertions.Expect(page.Locator("#live a").First).ToHaveTextAsync(s_abuser.Address);
        await DrawAsync(laboratory.Client(s_artist.Address), ct);
        await Assertions.Expect(page.Locator("#live a", new() { HasText = s_artist.Address })).Not.ToHaveCountAsync(0);

        // Found by what it wrote; shown as it wrote it.
        await page.Locator("nav a", new() { HasText = "Clients" }).ClickAsync();
        await page.Locator("[name=search]").FillAsync("onerror");
        await page.Locator("form[role=search] button").ClickAsync();
        await page.Locator("#found a", new() { HasText = s_artist.Address }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(s_artist.Address);
        await Assertions.Expect(page.Locator("pre").First).ToContainTextAsync("onerror");
        (await page.EvaluateAsync<int>("document.querySelectorAll('main img, main script, main iframe').length")).ShouldBe(0);
        (await page.EvaluateAsync<bool>("'pwned' in window")).ShouldBeFalse();

        // The token is asked for, a wrong one is told, and with the right one the ban is made in its holder's name.
        await page.GotoAsync(new Uri(web.Page, "#clients/" + s_abuser.Address).AbsoluteUri);
        await page.Locator("[name=reason]").FillAsync("scans");
        await page.Locator("[name=ban]").ClickAsync();
        await page.Locator("dialog [name=token]").FillAsync("not-the-token-0123456789");
        await page.Locator("dialog button.main").ClickAsync();
        await Assertions.Expect(page.Locator("dialog [role=alert]")).ToContainTextAsync("not known");
        (await postern.BansAsync()).ShouldBeEmpty();
        await page.Locator("dialog [name=token]").FillAsync(RunningWeb.Token);
        await page.Locator("dialog button.main").ClickAsync();
        await Assertions.Expect(page.Locator("#notice")).ToContainTextAsync(s_abuser.Address);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It is banned.");
        (await postern.BansAsync()).ShouldBe([s_abuser.Address + "/32"]);
        (await postern.AskAsync("bans", "--format", "json")).Output.ShouldContain("scans (by alice on the web page)");
        postern.Words.ShouldContain($"alice on the web page asked for ban {s_abuser.Address}");

        (await AskPolicyAsync(policy, ct)).ShouldStartWith("action=");

        await page.Locator("[name=unban]").ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It is not banned.");
        (await postern.BansAsync()).ShouldBeEmpty();

        // What enforcing would have refused is told, and allowed by one click.
        await page.Locator("nav a", new() { HasText = "Mail" }).ClickAsync();
        await Assertions.Expect(page.Locator("#decisions")).ToContainTextAsync("would delay");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow address: " + s_abuser.Address }).ClickAsync();
        await Assertions.Expect(page.Locator("#notice")).ToContainTextAsync(s_abuser.Address);
        (await postern.AskAsync("allow", "list")).Output.ShouldContain(s_abuser.Address);

        await LookAsync(browser, web);

        // Without the daemon the page says so, and goes on when it is back.
        await page.GotoAsync(new Uri(web.Page, "#now").AbsoluteUri);
        await postern.StopAsync();
        await Assertions.Expect(page.Locator("#notice")).ToContainTextAsync("does not answer");
        await postern.StartAgainAsync(ct);
        await Assertions.Expect(page.Locator("#notice")).ToContainTextAsync("answers again");
        browser.Complaints.ShouldBeEmpty();
        await postern.StopAsync();
    }

    // Each view in both languages and schemes, wide and narrow: kept under artifacts/, without barriers, and not wider than the window.
    private static async Task LookAsync(PageBrowser browser, RunningWeb web)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Machine.RepositoryRoot(), "artifacts", "web")).FullName;
        await Task.WhenAll(new[] { ("en", false, 800), ("ja", true, 390), ("en", true, 1280), ("ja", false, 1280) }.Select(async look =>
        {
            var (language, isDark, width) = look;
            var page = await browser.OpenAsync(web.Page, language, isDark, width);
            foreach (var view in s_views)
            {
                await page.GotoAsync(new Uri(web.Page, "#" + view).AbsoluteUri);
                await Assertions.Expect(page.Locator("h1")).ToHaveCountAsync(1);
                await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
                if (width is 390 or 800)
                {
                    (await PageBrowser.BarriersAsync(page)).ShouldBeEmpty($"{view} {language} {isDark}");
                }

                (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, $"{view} {language} {width}");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{view.Split('/')[0]}{(view.Contains('/', StringComparison.Ordinal) ? "-one" : "")}-{language}-{(isDark ? "dark" : "light")}-{width}.png"), FullPage = true });
            }

            await page.Context.CloseAsync();
        }));
    }

    private static async Task<string> AskPolicyAsync(string path, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address={s_abuser.Address}\nhelo_name={Markup}\nsender=ann@example.com\nrecipient=bob@example.org\ninstance=a.1\n\n"), ct);
        var answer = new byte[4096];
        return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, ct));
    }

    // Markup wherever a client may write: HELO, sender and recipient.
    private static async Task DrawAsync(ClientHost client, CancellationToken ct)
    {
        using var dialogue = await client.ConnectAsync(ct);
        await dialogue.Out("220");
        await dialogue.Ask("EHLO " + Markup);
        await dialogue.Ask($"MAIL FROM:<\"{Markup}\"@evil.example>");
        await dialogue.Ask($"RCPT TO:<\"{Markup}\"@elsewhere.example>");
        await dialogue.Ask("<script>window.pwned=1</script>");
    }
}
