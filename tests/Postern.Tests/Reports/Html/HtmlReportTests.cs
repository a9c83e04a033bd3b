using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck.Xunit;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Html;
using Postern.Tests.Support;
using static Postern.Tests.Reports.Html.WrittenPage;

namespace Postern.Tests.Reports.Html;

public sealed partial class HtmlReportTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void The_page_needs_nothing_but_itself(string tag)
    {
        var page = Write(SampleExplanation.Rich(), tag);
        page.ShouldStartWith($"<!DOCTYPE html>\n<html lang=\"{tag}\">");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("@import");
        page.ShouldNotContain("<link");
        Urls().Matches(page).Select(match => match.Value).ShouldAllBe(url => url.StartsWith("url(#", StringComparison.Ordinal));
    }

    [Fact]
    public void Four_plots_are_drawn_and_described()
    {
        var page = Parse(Write(SampleExplanation.Rich(), "en"));
        var plots = page.Descendants("svg").Where(svg => svg.Attribute("role")?.Value is "img").ToList();
        plots.Count.ShouldBe(4);
        plots.ShouldAllBe(svg => svg.Element("title") != null && svg.Element("desc") != null);
        plots.ShouldAllBe(svg => svg.Descendants("rect").Any() && svg.Elements("text").Any());
        page.Descendants("ul").Count(list => list.Attribute("class")?.Value is "legend").ShouldBe(4);
        // One piece for each verdict, and for each behaviour, in each hour that has any.
        var timeline = SampleExplanation.Rich().Timeline!;
        plots[0].Descendants("rect").Count().ShouldBe(timeline.Verdicts.Values.Sum(row => row.Count(sessions => sessions > 0)));
        plots[1].Descendants("rect").Count().ShouldBe(timeline.Rows.Values.Sum(row => row.Count(sessions => sessions > 0)));
        plots[0].Ancestors("details").ShouldBeEmpty();
        plots.Skip(1).ShouldAllBe(svg => svg.Ancestors("details").Any());
    }

    [Fact]
    public void A_verdict_and_a_behaviour_look_the_same_everywhere_and_like_no_other()
    {
        var looks = Palette.Style().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        looks.Length.ShouldBe(BehaviourSet.Known + Enum.GetValues<Verdict>().Length);
        looks.Select(look => look[look.IndexOf('{', StringComparison.Ordinal)..]).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='x")]
    [InlineData("&lt;b&gt; &amp; <!-- ]]> </style></title>")]
    public void What_a_client_writes_never_becomes_markup(string hostile)
    {
        var hostilePage = Write(SampleExplanation.Hostile(hostile), "en");
        hostilePage.ShouldNotContain(hostile);
        var page = Parse(hostilePage);
        var plain = Parse(Write(SampleExplanation.Hostile("plain"), "en"));
        Shape(page).ShouldBe(Shape(plain));
        page.Descendants("td").Select(cell => cell.Value).ShouldContain(text => text.Contains(hostile, StringComparison.Ordinal));
    }

    [Property(MaxTest = 40)]
    public void Whatever_a_client_writes_the_page_keeps_its_shape(string? hostile, bool japanese)
    {
        // Blank texts leave out their own element; something to show is added.
        var page = Write(SampleExplanation.Hostile("x" + hostile), japanese ? "ja" : "en");
        Shape(Parse(page)).ShouldBe(Shape(Parse(Write(SampleExplanation.Hostile("x"), japanese ? "ja" : "en"))));
        page.EnumerateRunes().Where(rune => rune.Value != '\n').Any(SafeText.IsUnfit).ShouldBeFalse();
    }

    [Fact]
    public void Too_many_clients_are_left_out_and_the_page_says_so()
    {
        var page = Write(SampleExplanation.Many(500), "en");
        Parse(page).Descendants("tbody").Elements("tr").Count().ShouldBe(200);
        page.ShouldContain("300 more are counted but not listed here");
        page.ShouldContain("Shown are 40 of 500 clients.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(999_999_999)]
    [InlineData(int.MaxValue)]
    public void An_axis_of_counts_has_few_marks(long highest)
    {
        var step = CountAxis.Step(highest);
        step.ShouldBeGreaterThan(0);
        (highest / step).ShouldBeLessThanOrEqualTo(6);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(500)]
    [InlineData(86_400)]
    [InlineData(31_536_000.0 * 40)]
    public void An_axis_of_time_has_few_round_marks(double seconds)
    {
        var marks = new TimeAxis(SampleExplanation.At(0), SampleExplanation.At(seconds), 100, 800).Marks().ToList();
        marks.Count.ShouldBeInRange(1, 9);
        marks.ShouldAllBe(mark => mark.X >= 100 && mark.X <= 900);
    }

    [Fact]
    public void Nothing_found_is_a_page_too() => Parse(Write(SampleExplanation.Empty(), "ja")).Descendants("figure").ShouldBeEmpty();

    private static string Shape(XElement page) => string.Join(' ', page.Descendants()
        .Where(element => element.Name.LocalName is not ("text" or "rect" or "line"))
        .Select(element => element.Name.LocalName + string.Concat(element.Attributes().Select(attribute => '.' + attribute.Name.LocalName))));

    [GeneratedRegex(@"url\([^)]*\)?", RegexOptions.None, 10_000)]
    private static partial Regex Urls();
}
