using System.Text;
using MimeKit;
using Postern.Checks.Sender;

namespace Postern.Tests.Checks.Sender;

public sealed class HeaderSizeTests
{
    private const string Author = "From: ceo@bank.example\r\n";

    [Theory]
    [InlineData("Subject: x\r\n\r\n")]
    [InlineData("")]
    [InlineData("Subject: no end")]
    public void Honest_headers_are_bounded(string text) => Of(text).ShouldBe(HeaderExtent.Bounded);

    [Fact]
    public void A_giant_field_makes_a_header_oversized_whether_folded_or_not()
    {
        Of("Subject: " + new string('x', 10_000_000) + "\r\n\r\nHello\r\n").ShouldBe(HeaderExtent.Oversized);
        Of("Subject: x" + Lines("\r\n x", 300_000) + "\r\n\r\nHello\r\n").ShouldBe(HeaderExtent.Oversized);
        Of("From: (" + new string('x', 140_000) + ") ceo@bank.example\r\n\r\n").ShouldBe(HeaderExtent.Oversized);
    }

    [Fact]
    public void A_list_of_thousands_of_recipients_is_large_and_no_more()
    {
        var message = "To: " + string.Join(",\r\n ", Enumerable.Range(0, 7_000).Select(n => $"member{n}@list.example")) + "\r\n" + Author + "\r\nHello\r\n";
        Of(message).ShouldBe(HeaderExtent.LargeField);
        var trimmed = Trimmed(message);
        trimmed.Headers[HeaderId.From].ShouldBe("ceo@bank.example");
        trimmed.To.Count.ShouldBeGreaterThan(3_000);
    }

    [Fact]
    public void A_flood_of_fields_makes_a_header_oversized() => Of(Lines("Received: x\r\n", 100_000)).ShouldBe(HeaderExtent.Oversized);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Padding_hides_neither_the_author_nor_the_body(bool isBefore)
    {
        var padding = Lines("X-Pad: " + new string('x', 90_000) + "\r\n", 12);
        var message = (isBefore ? padding + Author : Author + padding) + "Subject: x\r\n\r\nHello\r\n";
        Of(message).ShouldBe(HeaderExtent.Oversized);
        var trimmed = Trimmed(message);
        trimmed.Headers[HeaderId.From].ShouldBe("ceo@bank.example");
        trimmed.TextBody!.Trim().ShouldBe("Hello");
        trimmed.Headers.Sum(header => header.RawValue.Length).ShouldBeLessThan(1_200_000);
    }

    [Fact]
    public void The_size_of_the_body_does_not_count()
    {
        Of("Subject: x\r\n\r\n" + new string('x', 10_000_000)).ShouldBe(HeaderExtent.Bounded);
        Of("Subject: x\n\n" + new string('x', 10_000_000)).ShouldBe(HeaderExtent.Bounded);
    }

    private static HeaderExtent Of(string text) => HeaderSize.Of(Encoding.Latin1.GetBytes(text));

    private static MimeMessage Trimmed(string text) => MimeMessage.Load(new MemoryStream(HeaderSize.Trim(Encoding.Latin1.GetBytes(text))), TestContext.Current.CancellationToken);

    private static string Lines(string line, int times) => string.Concat(Enumerable.Repeat(line, times));
}
