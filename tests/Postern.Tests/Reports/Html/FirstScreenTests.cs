using System.Globalization;
using System.Xml.Linq;
using Postern.Facts;
using Postern.Reports.Languages;
using Postern.Reports.Outlines;
using Postern.Tests.Support;
using static Postern.Tests.Reports.Html.WrittenPage;

namespace Postern.Tests.Reports.Html;

/// <summary>The page answers first: its title, tiles and tables.</summary>
public sealed class FirstScreenTests
{
    private static readonly (string Id, Verdict Verdict)[] s_sections =
        [("ban", Verdict.Ban), ("protect", Verdict.Protect), ("watch", Verdict.Watch), ("ignore", Verdict.Ignore)];

    public static TheoryData<string> Languages => [.. ReportLanguages.Tags];

    [Fact]
    public void The_title_is_the_verdict()
    {
        Title(SampleExplanation.Rich(), "en").ShouldBe("4 addresses to ban - mx - 2026-03-05 to 2026-03-06");
        Title(SampleExplanation.Rich() with { To = SampleExplanation.At(3600) }, "ja").ShouldBe("遮断対象 4 IP - mx - 2026-03-05");
        Title(SampleExplanation.Rich() with { Host = null, To = SampleExplanation.At(3600) }, "en").ShouldBe("4 addresses to ban - 2026-03-05");
        Title(WithTrouble(), "en").ShouldStartWith("Server problem, 4 addresses to ban - mx - ");
        Title(WithTrouble(), "ja").ShouldStartWith("サーバーに問題、遮断対象 4 IP - mx - ");
        Title(Transcript(), "en").ShouldStartWith("Harmless - ");
        Title(Transcript(), "ja").ShouldStartWith("実害なし - ");
        Title(SampleExplanation.Empty(), "en").ShouldBe("No SMTP session found");
        Title(SampleExplanation.Many(3), "en").ShouldStartWith("Nobody to ban");
        Title(Only(1, Verdict.Ban), "en").ShouldStartWith("1 address to ban");
        Title(Only(1000, Verdict.Ban), "ja").ShouldStartWith("遮断対象 1,000 IP");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_tiles_count_the_verdicts_and_lead_to_their_clients(string tag)
    {
        var explanation = SampleExplanation.Rich();
        var page = Parse(Write(explanation, tag));
        var tiles = page.Descendants("nav").Single().Elements().ToList();
        tiles.Select(tile => int.Parse(tile.Element("b")!.Value, CultureInfo.InvariantCulture))
            .ShouldBe(s_sections.Select(section => explanation.Clients.Count(client => client.Verdict == section.Verdict)));
        foreach (var (tile, (id, verdict)) in tiles.Zip(s_sections))
        {
            var clients = explanation.Clients.Where(client => client.Verdict == verdict).Select(client => client.Address.ToString()).ToList();
            tile.Attribute("href")?.Value.ShouldBe("#" + id);
            (tile.Name.LocalName is "a").ShouldBe(clients.Count > 0);
            // The rows stand in the order of the report.
            (page.ById(id)?.Addresses() ?? []).ShouldBe(clients);
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Each_row_has_its_reason_and_each_column_its_head(string tag)
    {
        var explanation = SampleExplanation.Rich();
        var page = Parse(Write(explanation, tag));
        var words = ReportLanguages.For(tag).Outline;
        var rows = page.ById("ban").ShouldNotBeNull().Descendants("tbody").Elements("tr").ToList();
        foreach (var (row, client) in rows.Zip(explanation.Clients))
        {
            var reason = row.Descendants("details").ShouldHaveSingleItem();
            reason.Element("summary").ShouldNotBeNull().Value.ShouldNotBeEmpty();
            Plain(reason.Value).ShouldContain(words.FormatReason(client));
            row.Element("th")!.Attribute("scope")?.Value.ShouldBe("row");
        }

        foreach (var table in page.Descendants("table"))
        {
            table.Element("caption").ShouldNotBeNull().Value.ShouldNotBeEmpty();
            table.Element("thead")!.Descendants("th").ShouldAllBe(head => string.Equals(head.Attribute("scope")!.Value, "col", StringComparison.Ordinal) && head.Value.Length > 0);
        }
    }

    [Fact]
    public void The_answer_stands_before_the_table_and_the_servers_trouble_before_the_answer()
    {
        var page = Write(WithTrouble(), "en", "./postern");
        int[] places = [.. new[] { "YOUR SERVER HAS A PROBLEM", "IN SHORT", "TO DO", "./postern run --dry-run</code>", "./postern run</code>", "<nav", "Sessions over time</h2>", "192.0.2.66</th>", "<h2>Questions", "More charts" }
            .Select(text => page.IndexOf(text, StringComparison.Ordinal))];
        places.ShouldAllBe(place => place > 0);
        places.ShouldBe(places.Order());
    }

    [Fact]
    public void The_policy_forbids_scripts_and_loading() =>
        Parse(Write(SampleExplanation.Rich(), "en")).Descendants("meta").Single(meta => meta.Attribute("http-equiv") is not null)
            .Attribute("content")!.Value.ShouldBe("default-src 'none'; style-src 'unsafe-inline'");

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_section_is_empty_and_headings_are_in_order(string tag)
    {
        Explanation[] explanations =
        [
            SampleExplanation.Rich(), Transcript(), SampleExplanation.Empty(), SampleExplanation.Many(30), WithTrouble(), Only(2, Verdict.Protect), Only(2, Verdict.Ignore),
            SampleExplanation.Rich() with { Clients = [], Campaigns = [], Warnings = [], UnknownForms = [], OrdinaryClients = 0, OrdinarySessions = 0, Timeline = null },
        ];
        foreach (var page in explanations.Select(explanation => Parse(Write(explanation, tag))))
        {
            page.Descendants("section").Concat(page.Descendants("details")).ShouldAllBe(section => section.Elements().Skip(1).Any(rest => rest.Value.Trim().Length > 0));
            page.Descendants("table").ShouldAllBe(table => table.Element("tbody")!.Elements("tr").Any());
            page.Descendants("dl").Where(list => !list.Is("facts")).ShouldAllBe(list => list.Elements().Any());
            var levels = page.Descendants().Select(element => element.Name.LocalName).Where(name => name is "h1" or "h2" or "h3").Select(name => name[1] - '0').ToList();
            levels[0].ShouldBe(1);
            levels.Count(level => level == 1).ShouldBe(1);
            levels.Zip(levels.Skip(1)).ShouldAllBe(pair => pair.Second <= pair.First + 1);
        }
    }

    [Fact]
    public void Where_many_are_left_out_each_verdict_keeps_its_share()
    {
        var page = Parse(Write(With([.. Only(300, Verdict.Ban).Clients, .. Only(300, Verdict.Watch).Clients, .. Only(300, Verdict.Protect).Clients, .. Only(5, Verdict.Ignore).Clients]), "en"));
        s_sections.Select(section => page.ById(section.Id).ShouldNotBeNull().Addresses().Count()).ShouldBe([115, 40, 40, 5]);
        page.ById("ban")!.Value.ShouldContain("185 more are counted but not listed here");
        // Ten at once, the rest when it is asked for.
        page.ById("ban")!.Elements("table").Single().Element("tbody")!.Elements("tr").Count().ShouldBe(10);
        page.ById("ignore")!.Value.ShouldNotContain("more");
    }

    [Fact]
    public void A_warning_that_the_conclusion_tells_is_told_once()
    {
        var page = Write(SampleExplanation.Empty() with { Warnings = [new(WarningKind.NoPostfix, null, 4711)] }, "en");
        page.Split("4,711").Length.ShouldBe(2);
    }

    [Fact]
    public void Very_many_clients_make_no_longer_page() =>
        Write(SampleExplanation.Many(20_000), "en").Length.ShouldBeLessThan(Write(SampleExplanation.Many(500), "en").Length + 1000);

    [Fact]
    public void A_number_in_Japanese_is_not_parted_from_its_unit()
    {
        var page = Parse(Write(SampleExplanation.Rich(), "ja")).Descendants("section").Single(section => section.Is("short")).Value;
        page.ShouldContain("4\u00A0個");
        Write(SampleExplanation.Rich(), "en").ShouldNotContain("&#160;");
    }

    [Fact]
    public void A_transcripts_page_needs_no_click()
    {
        var page = Parse(Write(Transcript(), "en"));
        page.Descendants("nav").ShouldBeEmpty();
        page.Descendants("table").ShouldBeEmpty();
        var questions = page.Descendants("section").Last(section => section.Is("questions")).Elements("details").ToList();
        questions.Count.ShouldBeGreaterThanOrEqualTo(5);
        questions.ShouldAllBe(question => question.Attribute("open") != null);
        Parse(Write(SampleExplanation.Rich(), "en")).Descendants("section").Single(section => section.Is("questions")).Elements("details").ShouldAllBe(question => question.Attribute("open") == null);
    }

    private static string Title(Explanation explanation, string tag) => Parse(Write(explanation, tag)).Descendants("title").First().Value;

    // Joined units count as spaces.
    private static string Plain(string text) => text.Replace('\u00A0', ' ');

    private static Explanation Transcript() => SampleExplanation.Transcript() with { Transcript = new() };

    private static Explanation WithTrouble() => SampleExplanation.Rich() with { Troubles = [new(TroubleKind.LookupFailure, 12, 3, SampleExplanation.At(0), SampleExplanation.At(60))] };

    private static Explanation Only(int clients, Verdict verdict) => With([.. SampleExplanation.Many(clients).Clients.Select(client => client with { Verdict = verdict })]);

    private static Explanation With(IReadOnlyList<ClientFinding> clients) => SampleExplanation.Many(1) with { Clients = clients, Sessions = clients.Count };
}
