using FsCheck;
using FsCheck.Xunit;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;
using Postern.Reports.Text;
using Postern.Tests.Support;

namespace Postern.Tests.Reports.Text;

public sealed class TextReportTests
{
    private const string Zalgo = "a\u0301\u0301\u0301\u0301";

    public static TheoryData<string> HostileTexts =>
    [
        "<script>alert(\"1\")</script>&'", "\e[2J\e]0;owned\a", "a\u202Ekcatta", new string('x', 5000), new string('漢', 700),
        string.Concat(Enumerable.Repeat(Zalgo, 300)), "\uD800", "line\r\nX-Injected: yes", "\u009b1m", "  ", "", "40 s 40 s",
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void The_question_is_answered_before_the_clients_are_told(string tag)
    {
        var text = Write(SampleExplanation.Rich(), tag);
        var language = ReportLanguages.For(tag);
        text.ShouldStartWith(language.Words.Title);
        var summary = language.Summarise(new Overview(SampleExplanation.Rich()));
        summary.Count.ShouldBe(6);
        var positions = summary.Select(answer => text.IndexOf(answer.Question, StringComparison.Ordinal))
            .Append(text.IndexOf("1. 192.0.2.66", StringComparison.Ordinal)).ToList();
        positions.ShouldAllBe(position => position > 0);
        positions.ShouldBeInOrder();
        text.ShouldContain("postern run --dry-run");
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void No_line_is_wider_than_the_page_and_no_control_gets_out(string hostile)
    {
        foreach (var tag in ReportLanguages.Tags)
        {
            foreach (var width in new[] { 1, 40, 57, 80, 400 })
            {
                Check(Write(SampleExplanation.Hostile(hostile), tag, new TextStyle { Width = width, All = true }), Math.Clamp(width, 40, 80));
            }
        }
    }

    [Property(MaxTest = 60)]
    public void Whatever_a_client_writes_stays_on_the_page(string? hostile, bool japanese) =>
        Check(Write(SampleExplanation.Hostile(hostile ?? ""), japanese ? "ja" : "en"), 80);

    [Fact]
    public void Colour_is_used_only_where_it_is_asked_for()
    {
        Write(SampleExplanation.Rich(), "en").ShouldNotContain('\e');
        var coloured = Write(SampleExplanation.Rich(), "en", new TextStyle { Colour = true });
        coloured.ShouldContain("\e[1;31mBAN\e[0m\n");
        Uncoloured(coloured).ShouldBe(Write(SampleExplanation.Rich(), "en"));
    }

    [Theory]
    [InlineData(true, null, "xterm-256color", true)]
    [InlineData(true, "", "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, null, "dumb", false)]
    [InlineData(true, null, null, false)]
    [InlineData(false, null, "xterm", false)]
    public void Colour_is_wanted_by_a_terminal_only(bool terminal, string? noColor, string? term, bool wanted) =>
        TextStyle.WantsColour(terminal, noColor, term).ShouldBe(wanted);

    [Fact]
    public void Many_clients_are_told_in_full_then_in_brief_then_counted()
    {
        var text = Write(SampleExplanation.Many(500), "en");
        text.ShouldContain("\n20. ");
        text.ShouldNotContain("\n21. ");
        text.ShouldContain("\n198.51.0.199  1  refused mail 1");
        text.ShouldNotContain("198.51.0.200");
        text.ShouldContain("Shown are 200 of 500 clients. (--all)");
        Write(SampleExplanation.Many(500), "en", new TextStyle { All = true }).ShouldContain("\n500. 198.51.1.243");
    }

    [Fact]
    public void Nothing_found_is_said_in_a_sentence() =>
        Write(SampleExplanation.Empty(), "en").ShouldContain("No SMTP session was found in this input.");

    [Fact]
    public void A_transcript_without_address_tells_where_to_find_it()
    {
        var text = Write(SampleExplanation.Transcript(), "en");
        text.ShouldContain("1. address not known");
        text.ShouldContain("the address is unknown");
        text.ShouldNotContain("0001-01-01");
    }

    [Theory]
    [InlineData("aaa bbb ccc", 7, "aaa bbb|ccc")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("日本語です。", 10, "日本語で|す。")]
    [InlineData("これは「引用」です", 8, "これは|「引用」|です")]
    [InlineData("", 5, "")]
    public void Lines_break_where_a_reader_expects_it(string text, int width, string expected) =>
        string.Join('|', LineBreaker.Lines(text, width, width)).ShouldBe(expected);

    [Property]
    public void Breaking_loses_nothing_but_spaces(string? text, PositiveInt room)
    {
        var safe = SafeText.Escape(text);
        var width = 2 + (room.Get % 40);
        var lines = LineBreaker.Lines(safe, width, width).ToList();
        string.Concat(lines).Replace(" ", "", StringComparison.Ordinal).ShouldBe(safe.Replace(" ", "", StringComparison.Ordinal));
        lines.ShouldAllBe(line => Cells.Of(line) <= width);
    }

    private static void Check(string text, int width)
    {
        foreach (var line in text.Split('\n'))
        {
            Cells.Of(line).ShouldBeLessThanOrEqualTo(width, line);
            line.EnumerateRunes().Any(SafeText.IsUnfit).ShouldBeFalse(line);
        }
    }

    private static string Uncoloured(string text)
    {
        foreach (var code in new[] { "0", "1", "2", "1;31", "32", "33" })
        {
            text = text.Replace($"\e[{code}m", "", StringComparison.Ordinal);
        }

        return text;
    }

    private static string Write(Explanation explanation, string tag, TextStyle? style = null)
    {
        using var writer = new StringWriter();
        TextReport.Write(explanation, writer, ReportLanguages.For(tag), style ?? new TextStyle());
        return writer.ToString();
    }
}
