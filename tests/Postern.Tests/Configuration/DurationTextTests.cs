using Postern.Cli.Configuration;

namespace Postern.Tests.Configuration;

/// <summary>Spans of time as operators write them.</summary>
public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604_800)]
    [InlineData("2w", 1_209_600)]
    [InlineData("1d 2h", 93_600)]
    public void A_span_is_read(string text, double seconds)
    {
        DurationText.TryParse(text, out var span).ShouldBeTrue();
        span.TotalSeconds.ShouldBe(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-1h")]
    [InlineData("1y")]
    [InlineData("1h30")]
    [InlineData("1..5h")]
    [InlineData("99999999999999999999d")]
    public void What_is_none_is_refused(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(5400, "1h30m")]
    [InlineData(0.5, "0.5s")]
    [InlineData(0, "0s")]
    [InlineData(694_861, "1w1d1h1m1s")]
    public void A_span_is_written_in_whole_units(double seconds, string text) => DurationText.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(694_861, "1w1d1h")]
    [InlineData(5401, "1h30m")]
    [InlineData(61, "1m1s")]
    public void A_glance_sees_no_more_than_matters(double seconds, string text) => DurationText.Coarse(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
