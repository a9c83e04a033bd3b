using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Configuration;
using Postern.Cli.Daemon.Sources;
using Postern.Facts;

namespace Postern.Tests.Daemon.Sources;

/// <summary>Whom the operator allowed by command.</summary>
public sealed class AllowListTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 5, 12, 0, 0, TimeSpan.Zero));
    private readonly AllowList _list;

    public AllowListTests() => _list = new AllowList(_time);

    [Fact]
    public void An_allowance_for_a_time_ends_by_itself_and_is_forgotten()
    {
        var now = _time.GetUtcNow();
        _list.Add([new("192.0.2.1", now) { Until = now.AddDays(7) }, new("192.0.2.2", now)]);
        _list.NextEnd.ShouldBe(now.AddDays(7));
        _list.TakeEnded().ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(7));
        _list.Rows.Select(row => row.Entry.ToString()).ShouldBe(["192.0.2.2"]);
        _list.TakeEnded().ShouldHaveSingleItem().ShouldBe(new AllowedEntry("192.0.2.1", now) { Until = now.AddDays(7), IsRemoved = true });
        _list.TakeEnded().ShouldBeEmpty();
        _list.NextEnd.ShouldBeNull();
    }

    [Fact]
    public void Of_one_entry_the_last_order_counts_and_what_is_removed_is_told_once()
    {
        var now = _time.GetUtcNow();
        _list.Add([new("mx.example.org", now) { Until = now.AddHours(1) }, new("mx.example.org", now)]);
        _list.Rows.ShouldHaveSingleItem().Order.Until.ShouldBeNull();
        var entry = AllowEntry.TryParse("mx.example.org.")!;
        _list.Remove(entry).ShouldNotBeNull().IsRemoved.ShouldBeTrue();
        _list.Remove(entry).ShouldBeNull();
    }
}
