using System.Text;
using Postern.Checks.Sender;

namespace Postern.Tests.Checks.Sender;

public sealed class HeaderSizeTests
{
    [Theory]
    [InlineData("Subject: x\r\n\r\n", true)]
    [InlineData("", true)]
    [InlineData("Subject: no end", true)]
    public void Honest_headers_are_bounded(string text, bool isBounded) => HeaderSize.IsBounded(Encoding.Latin1.GetBytes(text)).ShouldBe(isBounded);

    [Fact]
    public void A_giant_field_is_not_bounded_whether_folded_or_not()
    {
        IsBounded("Subject: " + new string('x', 10_000_000) + "\r\n\r\nHello\r\n").ShouldBeFalse();
        IsBounded("Subject: x" + Lines("\r\n x", 100_000) + "\r\n\r\nHello\r\n").ShouldBeFalse();
    }

    [Fact]
    public void A_flood_of_fields_is_not_bounded() => IsBounded(Lines("Received: x\r\n", 100_000)).ShouldBeFalse();

    [Fact]
    public void The_size_of_the_body_does_not_count()
    {
        IsBounded("Subject: x\r\n\r\n" + new string('x', 10_000_000)).ShouldBeTrue();
        IsBounded("Subject: x\n\n" + new string('x', 10_000_000)).ShouldBeTrue();
    }

    private static bool IsBounded(string text) => HeaderSize.IsBounded(Encoding.Latin1.GetBytes(text));

    private static string Lines(string line, int times) => string.Concat(Enumerable.Repeat(line, times));
}
