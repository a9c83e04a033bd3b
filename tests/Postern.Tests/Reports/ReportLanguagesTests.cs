using Postern.Reports.Languages;

namespace Postern.Tests.Reports;

public sealed class ReportLanguagesTests
{
    [Theory]
    [InlineData(null, null, "ja_JP.UTF-8", "ja")]
    [InlineData(null, null, "ja", "ja")]
    [InlineData("", "", "ja_JP.eucJP", "ja")]
    [InlineData("C.UTF-8", "ja_JP.UTF-8", "ja_JP.UTF-8", "en")]
    [InlineData(null, "ja_JP@x", "de_DE.UTF-8", "ja")]
    [InlineData("ja_JP", null, "en_US", "ja")]
    [InlineData(null, null, null, "en")]
    [InlineData(null, null, "jav_ID", "en")]
    [InlineData(null, null, "de_AT.UTF-8", "en")]
    public void The_environment_chooses_in_the_order_of_POSIX(string? all, string? messages, string? lang, string expected) =>
        ReportLanguages.Choose(all, messages, lang).ShouldBe(expected);

    [Fact]
    public void Every_tag_leads_to_its_language_and_no_other_does()
    {
        foreach (var tag in ReportLanguages.Tags)
        {
            ReportLanguages.Find(tag).ShouldNotBeNull().Tag.ShouldBe(tag);
        }

        ReportLanguages.Find("fr").ShouldBeNull();
        ReportLanguages.For("fr").Tag.ShouldBe("en");
    }
}
