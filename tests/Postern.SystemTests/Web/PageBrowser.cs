using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Web;

/// <summary>Debian's Chromium, driven by Playwright, and what its console complained of.</summary>
internal sealed class PageBrowser : IAsyncDisposable
{
    private static readonly string[] s_serious = ["serious", "critical"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private PageBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>What pages complained of: faults of scripts, what the policy forbids.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Skips the test where there is no browser.</summary>
    public static void Require()
    {
        if (!Machine.Has("chromium"))
        {
            Assert.Skip("The page is driven with Chromium (package chromium), which is not installed.");
        }
    }

    /// <summary>Starts it.</summary>
    public static async Task<PageBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        return new PageBrowser(playwright, browser);
    }

    /// <summary>Opens a page.</summary>
    /// <param name="address">Where.</param>
    /// <param name="language"><c>en</c> or <c>ja</c>.</param>
    /// <param name="isDark">True for dark colours.</param>
    /// <param name="width">The width of the window.</param>
    public async Task<IPage> OpenAsync(Uri address, string language = "en", bool isDark = false, int width = 1280)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            Locale = language,
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Note(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal))
            {
                Note(message.Text);
            }
        };
        await page.GotoAsync(address.AbsoluteUri);
        return page;
    }

    /// <summary>What keeps people with a screen reader or a keyboard out, as far as axe-core finds it and it is serious.</summary>
    public static async Task<IReadOnlyList<string>> BarriersAsync(IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return [.. result.Violations.Where(found => s_serious.Contains(found.Impact, StringComparer.Ordinal)).Select(found => $"{found.Id}: {found.Help}: {found.Nodes[0].Html}")];
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private void Note(string text)
    {
        lock (Complaints)
        {
            Complaints.Add(text);
        }
    }
}
