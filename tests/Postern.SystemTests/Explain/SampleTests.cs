using System.Text;
using System.Text.RegularExpressions;
using Postern.SystemTests.Support;

namespace Postern.SystemTests.Explain;

/// <summary>The samples that the first page of the documentation names. They need no laboratory.</summary>
public sealed partial class SampleTests
{
    private static string Samples => Path.Combine(Machine.RepositoryRoot(), "samples");

    [Fact]
    public async Task The_questions_transcript_is_explained()
    {
        var report = await PosternProgram.ExplainAsync(Path.Combine(Samples, "lone-dot.txt"));
        var client = report.Clients.ShouldHaveSingleItem();
        client.Address.ShouldBeNull();
        client.Showed("lone-dot").ShouldBe(1);
        client.Showed("blank-line").ShouldBe(1);
        client.Explanation.ShouldNotBeEmpty();
        client.Advice.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_sample_log_shows_lone_dots_and_its_notices_show_blank_lines()
    {
        var log = await PosternProgram.ExplainAsync(Path.Combine(Samples, "mail.log"));
        log.LinesUnparsed.ShouldBe(0);
        log.Clients.Count(client => client.Showed("lone-dot") >= 10).ShouldBeGreaterThan(0);
        log.Clients.ShouldAllBe(client => client.Showed("blank-line") == 0);

        var both = await PosternProgram.ExplainAsync(Path.Combine(Samples, "mail.log"), Path.Combine(Samples, "notices.mbox"));
        both.Sessions.ShouldBe(log.Sessions);
        both.Clients.Count(client => client.Showed("blank-line") >= 10).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("lone-dot.txt")]
    [InlineData("mail.log")]
    public async Task Japanese_is_japanese_throughout(string sample)
    {
        var json = Report.Parse((await PosternProgram.RunAsync(
            ["explain", "--format", "json", "--lang", "ja", "--offline", "--all", Path.Combine(Samples, sample)])).OrThrow("postern explain").Output);
        foreach (var client in json.Clients)
        {
            ShouldBeJapanese(client.Explanation);
            ShouldBeJapanese(client.Advice);
        }

        var text = (await PosternProgram.RunAsync(["explain", "--lang", "ja", "--offline", Path.Combine(Samples, sample)])).OrThrow("postern explain").Output;
        text.ShouldNotContain("\u001b");
        // A quotation may run on over the end of a line.
        foreach (var line in Unquoted(text).Split('\n'))
        {
            EnglishSentence().IsMatch(line).ShouldBeFalse(line);
        }

        text.EnumerateRunes().ShouldContain(rune => IsJapanese(rune));
    }

    private static void ShouldBeJapanese(string text)
    {
        text.EnumerateRunes().ShouldContain(rune => IsJapanese(rune), text);
        EnglishSentence().IsMatch(Unquoted(text)).ShouldBeFalse(text);
    }

    private static bool IsJapanese(Rune rune) => rune.Value is >= 0x3040 and <= 0x30FF or >= 0x4E00 and <= 0x9FFF;

    // What a client or a server said is shown in its own words, between quotation marks.
    private static string Unquoted(string text) => Quotation().Replace(text, "");

    [GeneratedRegex("「[^」]*」|\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`", RegexOptions.None, 1000)]
    private static partial Regex Quotation();

    [GeneratedRegex("[A-Za-z]+,?( [a-z]+,?){3,}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EnglishSentence();
}
