using Postern.Classification.Accounts;
using Postern.Facts;
using Postern.Tests.Support;

namespace Postern.Tests.Classification.Accounts;

/// <summary>From where one user logs in, when others have the password as well.</summary>
public sealed class AccountPlacesTests
{
    private readonly AccountPlaces _places = new("carol");

    [Fact]
    public void A_takeover_holds_every_place_in_the_order_in_which_they_came_and_all_their_logins()
    {
        for (var i = 0; i < 300; i++)
        {
            Note(Client(i % 100), Marks.At(i * 10), isUsual: false);
        }

        var takeover = _places.Current.ShouldNotBeNull();
        takeover.User.ShouldBe("carol");
        takeover.Clients.ShouldBe(Enumerable.Range(0, 100).Select(Client));
        takeover.Networks.ShouldBe(Enumerable.Range(0, 100).Select(i => GuessingLimits.NetworkOf(Client(i))));
        (takeover.From, takeover.To, takeover.Logins).ShouldBe((Marks.At(0), Marks.At(2990), 300));
    }

    [Fact]
    public void Of_more_places_than_are_kept_those_go_that_came_last_the_longest_ago()
    {
        for (var i = 0; i < 512; i++)
        {
            Note(Client(i), Marks.At(i), isUsual: false);
        }

        // The first hundred come again, so that the next hundred are the oldest.
        for (var i = 0; i < 100; i++)
        {
            Note(Client(i), Marks.At(600 + i), isUsual: false);
        }

        for (var i = 512; i < 612; i++)
        {
            Note(Client(i), Marks.At(300 + i), isUsual: false).ShouldBeTrue();
        }

        _places.Current!.Clients.ShouldBe(Enumerable.Range(0, 612).Where(static i => i is < 100 or >= 200).Select(Client));
        _places.Current!.Logins.ShouldBe(612);
        // A place that moved within the table is found again.
        Note(Client(611), Marks.At(1000), isUsual: false).ShouldBeTrue();
        Note(Client(511), Marks.At(1001), isUsual: false).ShouldBeTrue();
        (_places.Current!.Clients.Count, _places.Current!.Logins).ShouldBe((512, 614));
    }

    [Fact]
    public void A_takeover_ends_when_no_new_place_came_for_a_day_and_stays_told()
    {
        for (var i = 0; i < 20; i++)
        {
            Note(Client(i), Marks.At(i * 60), isUsual: false);
        }

        var day = TimeSpan.FromDays(1).TotalSeconds;
        Note(Client(0), Marks.At(day + (19 * 60)), isUsual: false).ShouldBeTrue();
        Note(Client(0), Marks.At(day + (19 * 60) + 1), isUsual: false).ShouldBeFalse();
        _places.Current.ShouldBeNull();
        _places.Takeovers().ShouldHaveSingleItem().Clients.Count.ShouldBe(20);
    }

    [Fact]
    public void Who_comes_from_few_networks_keeps_the_account()
    {
        for (var i = 0; i < 1000; i++)
        {
            Note(Client(i % 5), Marks.At(i * 60), isUsual: false).ShouldBeFalse();
        }

        _places.Takeovers().ShouldBeEmpty();
    }

    private bool Note(ClientAddress client, LogTime time, bool isUsual) => _places.Note(client, client, time, isUsual, out _);

    // Each of another /16.
    private static ClientAddress Client(int number) => ClientAddress.FromIPv4(0x0B00_0001u + ((uint)number << 16));
}
