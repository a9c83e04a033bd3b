using Postern.Facts;
using Postern.Gate;

namespace Postern.Tests.Gate;

public sealed class GreylistTableTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly GreylistTable _book = new(new GreylistingOptions { Most = 1000 });

    [Theory]
    [InlineData(0, false)]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(47 * 3600, true)]
    [InlineData(49 * 3600, false)]
    public void Who_comes_back_within_the_window_is_let_through(int seconds, bool isThrough)
    {
        Ask("192.0.2.7", s_start).ShouldBe(GreylistAnswer.Wait);
        Ask("192.0.2.8", s_start.AddSeconds(seconds)).ShouldBe(isThrough ? GreylistAnswer.CameBack : GreylistAnswer.Wait);
    }

    [Fact]
    public void Who_was_let_through_is_remembered_from_the_last_time_on()
    {
        Ask("2001:db8::1", s_start);
        var at = s_start.AddHours(1);
        for (var i = 0; i < 5; i++, at = at.AddDays(35))
        {
            Ask("2001:db8::2", at).ShouldBe(GreylistAnswer.CameBack);
        }

        Ask("2001:db8::2", at.AddDays(40)).ShouldBe(GreylistAnswer.Wait);
    }

    [Theory]
    [InlineData("192.0.3.7", "ann@example.com", "bob@example.org")]
    [InlineData("192.0.2.7", "eve@example.com", "bob@example.org")]
    [InlineData("192.0.2.7", "ann@example.com", "carol@example.org")]
    public void Another_network_sender_or_recipient_waits_for_itself(string client, string sender, string recipient)
    {
        Ask("192.0.2.7", s_start);
        _book.Ask(Address(client), sender, recipient, s_start.AddHours(1)).ShouldBe(GreylistAnswer.Wait);
    }

    [Fact]
    public void The_book_does_not_grow_beyond_its_size_and_forgets_the_oldest()
    {
        for (var i = 0; i < 5000; i++)
        {
            _book.Ask(Address("192.0.2.7"), $"{i}@example.com", "bob@example.org", s_start);
        }

        _book.Count.ShouldBe(1000);
        _book.Ask(Address("192.0.2.7"), "4999@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        _book.Ask(Address("192.0.2.7"), "1@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(GreylistAnswer.Wait);
    }

    [Fact]
    public void What_is_taken_from_one_book_makes_the_next_one_that_knows_as_much()
    {
        Ask("192.0.2.7", s_start);
        _book.Ask(Address("2001:db8::1"), "ann@example.com", "bob@example.org", s_start);
        _book.Ask(Address("2001:db8::1"), "ann@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        var changes = _book.TakeChanges();
        (changes.IsWhole, changes.Rows.Count, changes.Gone.Count).ShouldBe((false, 2, 0));
        _book.TakeChanges().IsEmpty.ShouldBeTrue();

        var next = new GreylistTable(new GreylistingOptions(), changes.Secret, changes.Rows);
        next.TakeChanges().IsEmpty.ShouldBeTrue();
        next.Ask(Address("192.0.2.8"), "ANN@example.com", "bob@example.org", s_start.AddHours(2)).ShouldBe(GreylistAnswer.CameBack);
        next.Ask(Address("2001:db8::2"), "ann@example.com", "bob@example.org", s_start.AddDays(30)).ShouldBe(GreylistAnswer.CameBack);
        next.Ask(Address("192.0.2.8"), "ANN@example.com", "carol@example.org", s_start.AddHours(2)).ShouldBe(GreylistAnswer.Wait);
    }

    [Fact]
    public void A_flood_of_new_ones_does_not_drive_out_who_has_come_back()
    {
        Ask("192.0.2.7", s_start);
        Ask("192.0.2.7", s_start.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        for (var i = 0; i < 5000; i++)
        {
            _book.Ask(Address("192.0.2.7"), $"{i}@example.com", "bob@example.org", s_start.AddHours(1));
        }

        Ask("192.0.2.7", s_start.AddHours(2)).ShouldBe(GreylistAnswer.CameBack);
    }

    [Fact]
    public void Who_has_come_back_leaves_room_for_somebody_new()
    {
        for (var i = 0; i < 5000; i++)
        {
            _book.Ask(Address("192.0.2.7"), $"{i}@example.com", "bob@example.org", s_start);
            _book.Ask(Address("192.0.2.7"), $"{i}@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(GreylistAnswer.CameBack);
        }

        for (var i = 0; i < 200; i++)
        {
            _book.Ask(Address("192.0.2.7"), $"new{i}@example.com", "bob@example.org", s_start.AddHours(1)).ShouldBe(GreylistAnswer.Wait);
        }

        _book.Ask(Address("192.0.2.7"), "new0@example.com", "bob@example.org", s_start.AddHours(2)).ShouldBe(GreylistAnswer.CameBack);
        _book.Count.ShouldBe(1000);
    }

    [Fact]
    public void What_is_over_is_gone_and_what_could_not_be_kept_is_told_again()
    {
        Ask("192.0.2.7", s_start);
        var first = _book.TakeChanges();
        _book.Ask(Address("192.0.2.7"), "new@example.com", "bob@example.org", s_start.AddDays(3));
        var second = _book.TakeChanges();
        second.Gone.ShouldBe([first.Rows[0].Triplet]);
        second.Rows.Count.ShouldBe(1);
        _book.KeepAll();
        var all = _book.TakeChanges();
        (all.IsWhole, all.Gone.Count).ShouldBe((true, 0));
        all.Rows.ShouldBe(second.Rows);
    }

    [Fact]
    public void What_comes_of_it_is_counted()
    {
        Ask("192.0.2.7", s_start);
        Ask("192.0.2.7", s_start.AddSeconds(1));
        Ask("192.0.2.7", s_start.AddSeconds(2));
        Ask("192.0.2.7", s_start.AddHours(1));
        Ask("192.0.2.7", s_start.AddHours(2));
        _book.Ask(Address("192.0.2.7"), "eve@example.com", "bob@example.org", s_start.AddHours(2));
        _book.Counts.ShouldBe(new GreylistCounts(First: 2, Early: 2, Returned: 1, Known: 1));
    }

    [Fact]
    public void Nothing_that_is_kept_names_anybody()
    {
        Ask("192.0.2.7", s_start);
        var other = new GreylistTable(new GreylistingOptions());
        other.Ask(Address("192.0.2.7"), "Ann@example.com", "bob@Example.org", s_start);
        // With another key the same three are another number.
        other.TakeChanges().Rows[0].Triplet.ShouldNotBe(_book.TakeChanges().Rows[0].Triplet);
    }

    [Fact]
    public void Who_waited_at_another_host_has_waited_here()
    {
        var key = new byte[GreylistTable.SecretLength];
        var (one, other) = (new GreylistTable(new GreylistingOptions(), shared: key), new GreylistTable(new GreylistingOptions(), shared: key));
        one.Changed = other.Merge;
        other.Changed = one.Merge;
        one.Ask(Address("192.0.2.7"), "ann@example.com", "bob@example.org", s_start).ShouldBe(GreylistAnswer.Wait);
        other.Ask(Address("192.0.2.7"), "ann@example.com", "bob@example.org", s_start.AddSeconds(59)).ShouldBe(GreylistAnswer.Wait);
        other.Ask(Address("192.0.2.7"), "ann@example.com", "bob@example.org", s_start.AddSeconds(60)).ShouldBe(GreylistAnswer.CameBack);
        one.Counts.Known.ShouldBe(0);
        one.Ask(Address("192.0.2.7"), "ann@example.com", "bob@example.org", s_start.AddDays(20)).ShouldBe(GreylistAnswer.CameBack);
        one.Counts.Known.ShouldBe(1);
    }

    [Fact]
    public void Who_came_back_before_the_hosts_had_a_key_in_common_does_not_wait_again()
    {
        Ask("192.0.2.7", s_start);
        Ask("192.0.2.7", s_start.AddMinutes(2)).ShouldBe(GreylistAnswer.CameBack);
        var kept = _book.TakeChanges();
        var shared = new GreylistTable(new GreylistingOptions(), kept.Secret, kept.Rows, new byte[GreylistTable.SecretLength]);
        shared.Ask(Address("192.0.2.7"), "Ann@example.com", "bob@Example.org", s_start.AddHours(2)).ShouldBe(GreylistAnswer.CameBack);
        shared.TakeChanges().ShouldSatisfyAllConditions(changes => changes.IsWhole.ShouldBeTrue(), changes => changes.Secret.ShouldNotBe(kept.Secret), changes => changes.Rows.Count.ShouldBe(1));
    }

    private GreylistAnswer Ask(string client, DateTimeOffset at) => _book.Ask(Address(client), "Ann@example.com", "bob@Example.org", at);

    private static ClientAddress Address(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
