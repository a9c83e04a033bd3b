using Postern.Facts;
using Postern.Gate;

namespace Postern.Tests.Gate;

public sealed class DeferralBookTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DeferralBook _book = new(new DeferralOptions { Most = 1000 });

    [Theory]
    [InlineData(0, false)]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(47 * 3600, true)]
    [InlineData(49 * 3600, false)]
    public void Who_comes_back_within_the_window_is_let_through(int seconds, bool isThrough)
    {
        Ask("192.0.2.7", s_start).ShouldBe(Deferral.Wait);
        Ask("192.0.2.8", s_start.AddSeconds(seconds)).ShouldBe(isThrough ? Deferral.CameBack : Deferral.Wait);
    }

    [Fact]
    public void Who_was_let_through_is_remembered_from_the_last_time_on()
    {
        Ask("2001:db8::1", s_start);
        var at = s_start.AddHours(1);
        for (var i = 0; i < 5; i++, at = at.AddDays(35))
            Ask("2001:db8::2", at).ShouldBe(Deferral.CameBack);
        Ask("2001:db8::2", at.AddDays(40)).ShouldBe(Deferral.Wait);
    }

    [Theory]
    [InlineData("192.0.3.7", "ann@example.com", "bob@example.org")]
    [InlineData("192.0.2.7", "eve@example.com", "bob@example.org")]
    [InlineData("192.0.2.7", "ann@example.com", "carol@example.org")]
    public void Another_network_sender_or_recipient_waits_for_itself(string client, string sender, string recipient)
    {
        Ask("192.0.2.7", s_start);
        _book.Ask(Address(client), sender, recipient, s_start.AddHours(1)).ShouldBe(Deferral.Wait);
    }

    [Fact]
    public void The_book_does_not_grow_beyond_its_size_and_forgets_the_oldest()
    {
        for (var i = 0; i < 5000; i++)
            _book.Ask(Address("192.0.2.7"), $"{i}@example.com", "bob@example.org", s_start);
        _book.Count.ShouldBe(1000);
        _book.Ask(Address("192.0.2.7"), "4999@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(Deferral.CameBack);
        _book.Ask(Address("192.0.2.7"), "1@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(Deferral.Wait);
    }

    private Deferral Ask(string client, DateTimeOffset at) => _book.Ask(Address(client), "Ann@example.com", "bob@Example.org", at);

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
