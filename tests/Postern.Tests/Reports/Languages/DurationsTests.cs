using Postern.Reports.Languages;

namespace Postern.Tests.Reports.Languages;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.7, "1 min")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(3600, "1 h")]
    [InlineData(90061, "1 d 1 h")]
    [InlineData(-5, "0 s")]
    public void Two_units_are_enough(double seconds, string expected) =>
        new English().Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("40 s", 40)]
    [InlineData("2 min 5 s", 125)]
    [InlineData("1.5 h", 5400)]
    public void Lengths_in_clues_are_read(string text, double seconds) => Durations.Read(text)!.Value.TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("9999999999 d")]
    [InlineData("5 s s")]
    [InlineData("1 parsec")]
    public void Anything_else_is_no_length(string? text) => Durations.Read(text).ShouldBeNull();
}
