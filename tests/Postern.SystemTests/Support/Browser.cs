using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Postern.SystemTests.Support;

/// <summary>What a browser makes of a page in a window of one size.</summary>
/// <param name="Page">Its name, with what follows the hash.</param>
/// <param name="Width">Of the window.</param>
/// <param name="Height">Of the window.</param>
/// <param name="Todo">Where the box of what to do ends; null where there is none.</param>
/// <param name="FirstBan">Where the first address to ban ends; null where there is none.</param>
/// <param name="Overflow">By how much the page is wider than the window.</param>
/// <param name="Sections">The sections of clients that are shown.</param>
/// <param name="Contrast">The lowest contrast of any text to its ground.</param>
/// <param name="Faintest">The text that has it.</param>
internal sealed record PageView(string Page, int Width, int Height, double? Todo, double? FirstBan, double Overflow, string[] Sections, double Contrast, string Faintest);

/// <summary>Debian's Chromium without a window. It looks at pages in frames of the wanted sizes, and leaves nothing behind.</summary>
internal static partial class Browser
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    // The frames belong to the page around them, whose script measures them; theirs is forbidden by their own policy.
    private const string Script = """
        addEventListener('load', () => {
          const views = [];
          const channels = color => color.match(/[\d.]+/g).map(Number);
          const light = color => { const [r, g, b] = channels(color).map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
          for (const frame of document.querySelectorAll('iframe')) {
            const page = frame.contentDocument, view = frame.contentWindow;
            const end = query => { const found = page.querySelector(query); return found ? found.getBoundingClientRect().bottom : null; };
            const isShown = element => element.checkVisibility() && element.getBoundingClientRect().height > 1;
            const ground = element => { for (; element; element = element.parentElement) { const color = view.getComputedStyle(element).backgroundColor; if ((channels(color)[3] ?? 1) > 0) return color; } return 'rgb(255,255,255)'; };
            let contrast = 21, faintest = '';
            for (const element of page.body.querySelectorAll(':not(svg, svg *)')) {
              const text = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('');
              if (!text || !isShown(element)) continue;
              const [a, b] = [light(view.getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
              if ((a + .05) / (b + .05) < contrast) { contrast = (a + .05) / (b + .05); faintest = text.slice(0, 60); }
            }
            views.push({ Page: frame.dataset.page, Width: frame.clientWidth, Height: frame.clientHeight, Todo: end('.todo'), FirstBan: end('#ban tbody th'),
              Overflow: page.documentElement.scrollWidth - frame.clientWidth, Sections: [...page.querySelectorAll('.clients')].filter(isShown).map(section => section.id),
              Contrast: contrast, Faintest: faintest });
          }
          document.body.textContent = JSON.stringify(views);
        });
        """;

    /// <summary>Skips the test where there is no browser.</summary>
    public static void Require()
    {
        if (!Machine.Has("chromium"))
        {
            Assert.Skip("The first screen of the HTML report is looked at with Chromium (package chromium), which is not installed.");
        }
    }

    /// <summary>Opens each page in each size.</summary>
    /// <param name="pages">Files, a hash may follow.</param>
    /// <param name="sizes">Sizes of windows.</param>
    /// <param name="isDark">True where the operator prefers dark colours.</param>
    public static async Task<IReadOnlyList<PageView>> LookAsync(IReadOnlyList<string> pages, IReadOnlyList<(int Width, int Height)> sizes, bool isDark)
    {
        var folder = Directory.CreateTempSubdirectory("postern-browser");
        try
        {
            var frames = string.Concat(pages.SelectMany(page => sizes.Select(size =>
                $"<iframe width=\"{size.Width}\" height=\"{size.Height}\" style=\"border:0\" data-page=\"{WebUtility.HtmlEncode(Path.GetFileName(page))}\" src=\"file://{WebUtility.HtmlEncode(page)}\"></iframe>")));
            var decider = Path.Combine(folder.FullName, "decider.html");
            await File.WriteAllTextAsync(decider, $"<!DOCTYPE html>\n<meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><body>{frames}<script>{Script}</script></body>");
            var result = (await Command.RunAsync(
                [
                    "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-breakpad", "--no-first-run", "--disable-background-networking",
                    "--hide-scrollbars", "--allow-file-access-from-files", $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}",
                    $"--user-data-dir={folder.FullName}/profile", "--dump-dom", $"file://{decider}",
                ],
                s_deadline, environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder.FullName, ["TMPDIR"] = folder.FullName },
                cancellationToken: TestContext.Current.CancellationToken)).OrThrow("chromium");
            var json = WebUtility.HtmlDecode(Views().Match(result.Output).Value);
            return JsonSerializer.Deserialize<PageView[]>(json) ?? throw new InvalidOperationException($"The browser showed nothing: {result.Output}");
        }
        finally
        {
            await DeleteAsync(folder);
        }
    }

    // The browser's helpers end a moment after it, and write into their folder until then.
    private static async Task DeleteAsync(DirectoryInfo folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    [GeneratedRegex(@"(?<=<body>)\[.*\](?=</body>)", RegexOptions.Singleline, 10_000)]
    private static partial Regex Views();
}
