using System.Globalization;
using System.Text;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>The HTML report in a browser: the answer, the commands and the first addresses to ban are seen without scrolling.</summary>
public sealed class FirstScreenTests : IDisposable
{
    private static readonly (int Width, int Height)[] s_sizes = [(1280, 900), (390, 844)];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("postern-page");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_screen_shows_what_to_do_and_whom_to_ban(bool isDark)
    {
        Browser.Require();
        var samples = Path.Combine(Machine.RepositoryRoot(), "samples");
        var botnet = await WriteAsync("botnet.log", Botnet());
        var worst = await WriteAsync("worst.log", Botnet().Concat(Guessers()).Concat(BrokenTable()));
        var pages = new List<string>();
        foreach (var language in new[] { "en", "ja" })
        {
            pages.Add(await ExplainAsync("sample", language, Path.Combine(samples, "mail.log"), Path.Combine(samples, "notices.mbox")));
            pages.Add(await ExplainAsync("transcript", language, Path.Combine(samples, "lone-dot.txt")));
            pages.Add(await ExplainAsync("botnet", language, botnet));
            pages.Add(await ExplainAsync("worst", language, worst));
        }

        var views = await Browser.LookAsync(pages, s_sizes, isDark);
        views.Count.ShouldBe(pages.Count * s_sizes.Length);
        foreach (var view in views)
        {
            view.Todo.ShouldNotBeNull(view.ToString()).ShouldBeLessThanOrEqualTo(view.Height, view.ToString());
            view.Overflow.ShouldBe(0, view.ToString());
            view.Contrast.ShouldBeGreaterThanOrEqualTo(4.5, view.ToString());
            if (view.Page.StartsWith("sample", StringComparison.Ordinal) || view.Page.StartsWith("worst", StringComparison.Ordinal))
            {
                view.FirstBan.ShouldNotBeNull(view.ToString()).ShouldBeLessThanOrEqualTo(view.Height, view.ToString());
            }
        }
    }

    [Fact]
    public async Task A_tile_shows_the_clients_of_its_verdict_alone()
    {
        Browser.Require();
        var page = await ExplainAsync("sample", "en", Path.Combine(Machine.RepositoryRoot(), "samples", "mail.log"));
        var views = await Browser.LookAsync([page, page + "#watch", page + "#protect", page + "#top"], s_sizes, isDark: false);
        views.Select(view => string.Join(' ', view.Sections)).Chunk(s_sizes.Length).Select(sections => sections.Distinct(StringComparer.Ordinal).Single())
            .ShouldBe(["ban protect watch ignore", "watch", "protect", "ban protect watch ignore"]);
    }

    private async Task<string> ExplainAsync(string name, string language, params string[] inputs)
    {
        var page = Path.Combine(_folder.FullName, $"{name}.{language}.html");
        (await PosternProgram.RunAsync(["explain", "--format", "html", "--offline", "--lang", language, "--output", page, .. inputs])).OrThrow("postern explain");
        return page;
    }

    private async Task<string> WriteAsync(string name, IEnumerable<(DateTimeOffset At, string Text)> events)
    {
        var log = new StringBuilder();
        foreach (var (at, text) in events.OrderBy(one => one.At))
        {
            log.Append(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd'T'HH:mm:ss.ffffffzzz} mx postfix/smtpd{text}\n");
        }

        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, log.ToString());
        return path;
    }

    // Many addresses with one HELO name, each every 14 hours.
    private static IEnumerable<(DateTimeOffset At, string Text)> Botnet() =>
        from bot in Enumerable.Range(0, 40)
        from visit in Enumerable.Range(0, 6)
        from line in Session((bot * 10) + visit, s_start.AddHours((visit * 14) + (bot * 0.3)), $"unknown[{20 + bot}.{bot}.{bot}.7]",
            $"NOQUEUE: reject: RCPT from unknown[{20 + bot}.{bot}.{bot}.7]: 554 5.7.1 Service unavailable; Client host [{20 + bot}.{bot}.{bot}.7] blocked using zen.spamhaus.org; from=<x@y.example> to=<info@example.org> proto=ESMTP helo=<ylmf-pc>",
            "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")
        select line;

    private static IEnumerable<(DateTimeOffset At, string Text)> Guessers() =>
        from guesser in Enumerable.Range(1, 14)
        from attempt in Enumerable.Range(0, 25)
        from line in Session(5000 + (guesser * 50) + attempt, s_start.AddHours(guesser).AddSeconds(attempt * 3), $"unknown[2001:db8:{guesser}::77]",
            $"warning: unknown[2001:db8:{guesser}::77]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=user{attempt}@example.org", "ehlo=1 auth=0/1 quit=1 commands=2/3")
        select line;

    private static IEnumerable<(DateTimeOffset At, string Text)> BrokenTable() =>
        from sender in Enumerable.Range(0, 30)
        from line in Session(9000 + sender, s_start.AddHours(5).AddSeconds(sender * 20), $"mail{sender}.good.example[198.51.100.{sender}]",
            $"NOQUEUE: reject: RCPT from mail{sender}.good.example[198.51.100.{sender}]: 451 4.3.0 <info@example.org>: Temporary lookup failure; from=<a@good.example> to=<info@example.org> proto=ESMTP helo=<mail{sender}.good.example>",
            "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4")
        select line;

    private static readonly DateTimeOffset s_start = new(2026, 11, 19, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<(DateTimeOffset At, string Text)> Session(int process, DateTimeOffset at, string client, string line, string commands) =>
    [
        (at, $"[{process}]: connect from {client}"),
        (at.AddMilliseconds(300), $"[{process}]: {line}"),
        (at.AddMilliseconds(600), $"[{process}]: disconnect from {client} {commands}"),
    ];
}
