using Postern.Decisions.Protection;
using Postern.Facts;

namespace Postern.Tests.Decisions.Protection;

public sealed class SenderDaysTests
{
    private static readonly ClientAddress s_client = ClientAddress.FromIPv4(0xC000_0201);
    private static readonly DateOnly s_today = new(2026, 11, 25);
    private readonly SenderDays _book = new();

    [Fact]
    public void Days_of_delivery_count_once_each_in_whatever_order_they_come()
    {
        _book.Note(Delivered(2)).ShouldBeTrue();
        _book.Note(Delivered(2)).ShouldBeFalse();
        _book.Note(Delivered(0)).ShouldBeTrue();
        _book.Note(Delivered(9)).ShouldBeTrue();
        var history = Of(s_today, 30);
        history.DeliveredDays.ShouldBe(3);
        history.LastDelivered.ShouldBe(s_today);
        Of(s_today, 5).DeliveredDays.ShouldBe(2);
        Of(s_today.AddDays(25), 30).DeliveredDays.ShouldBe(2);
    }

    [Fact]
    public void A_knock_today_is_no_knock_before_and_one_of_yesterday_is()
    {
        _book.Note(Delivered(3));
        _book.Note(Hostile(0));
        Of(s_today, 30).HostileBefore.ShouldBeFalse();
        Of(s_today.AddDays(1), 30).HostileBefore.ShouldBeTrue();
        _book.Note(Hostile(3));
        var history = Of(s_today, 30);
        history.HostileBefore.ShouldBeTrue();
        history.CleanDays.ShouldBe(0);
    }

    [Fact]
    public void A_burst_over_midnight_is_not_its_own_past()
    {
        _book.Note(Delivered(3));
        _book.Note(Hostile(1));
        _book.Note(Hostile(0));
        _book.Of(s_client, s_today, 30, since: s_today.AddDays(-1)).HostileBefore.ShouldBeFalse();
        Of(s_today, 30).HostileBefore.ShouldBeTrue();
    }

    [Fact]
    public void Who_only_knocks_is_not_in_the_book()
    {
        _book.Note(Hostile(1)).ShouldBeFalse();
        _book.Count.ShouldBe(0);
        Of(s_today, 30).ShouldBe(default);
    }

    [Fact]
    public void What_is_older_than_the_book_keeps_is_forgotten()
    {
        _book.Note(Delivered(70));
        _book.Note(Delivered(0));
        _book.Note(Delivered(64)).ShouldBeFalse();
        Of(s_today, 365).DeliveredDays.ShouldBe(1);
        _book.Forget(s_today.AddDays(1));
        _book.Count.ShouldBe(0);
    }

    private SenderHistory Of(DateOnly today, int within) => _book.Of(s_client, today, within, today);

    private static SenderDay Delivered(int ago) => new(s_client, s_today.AddDays(-ago), Delivered: true, Hostile: false, LoggedIn: false);

    private static SenderDay Hostile(int ago) => new(s_client, s_today.AddDays(-ago), Delivered: false, Hostile: true, LoggedIn: false);
}
