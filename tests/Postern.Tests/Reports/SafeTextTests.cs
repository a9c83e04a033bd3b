using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Postern.Reports.Content;

namespace Postern.Tests.Reports;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain text, 日本語 and é", "plain text, 日本語 and é")]
    [InlineData("a\r\n\tb", @"a\r\n\tb")]
    [InlineData("\e[31mred\e]0;title\a", @"\x1B[31mred\x1B]0;title\x07")]
    [InlineData("\u009b31m\u007f\0", @"\x9B31m\x7F\x00")]
    [InlineData("a\u202Eb\u2066c\u200Bd\uFEFF", @"a\u202Eb\u2066c\u200Bd\uFEFF")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("\U000E0041x", @"\U000E0041x")]
    [InlineData(@"GET / \r\n", @"GET / \r\n")]
    public void Whatever_could_steer_a_terminal_is_spelt_out(string text, string expected) =>
        SafeText.Escape(text).ShouldBe(expected);

    [Fact]
    public void Lone_surrogates_are_spelt_out_and_pairs_are_kept()
    {
        SafeText.Escape("a\uD83Db").ShouldBe(@"a\uD83Db");
        SafeText.Escape("\uDE00").ShouldBe(@"\uDE00");
        SafeText.Escape("\U0001F600").ShouldBe("\U0001F600");
    }

    [Fact]
    public void No_text_is_the_empty_text() => SafeText.Escape(null).ShouldBe("");

    [Property]
    public void What_comes_out_is_fit_to_be_shown_and_stays_as_it_is(string? text)
    {
        var safe = SafeText.Escape(text);
        safe.EnumerateRunes().Any(SafeText.IsUnfit).ShouldBeFalse();
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(safe).ShouldBeGreaterThanOrEqualTo(0);
        SafeText.Escape(safe).ShouldBe(safe);
    }

    [Property]
    public void A_shortened_text_takes_no_more_cells_than_it_may(string? text, PositiveInt room)
    {
        var cells = 4 + (room.Get % 80);
        Cells.Of(SafeText.Short(text, cells)).ShouldBeLessThanOrEqualTo(cells);
    }

    [Fact]
    public void A_very_long_text_is_cut_and_says_so()
    {
        var cut = SafeText.Short(new string('\0', 5_000_000), 60);
        cut.ShouldEndWith("...");
        Cells.Of(cut).ShouldBe(60);
        SafeText.Short("日本語日本語", 7).ShouldBe("日本...");
        SafeText.Short("exact", 5).ShouldBe("exact");
    }
}
