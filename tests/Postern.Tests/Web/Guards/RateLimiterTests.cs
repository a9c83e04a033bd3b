using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Postern.Web.Guards;

namespace Postern.Tests.Web.Guards;

/// <summary>How often a client may ask.</summary>
public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void So_many_at_once_then_so_many_a_second_each_client_for_itself()
    {
        var limiter = new RateLimiter(3, 2, _time);
        Taken(limiter, "a", 5).ShouldBe(3);
        Taken(limiter, "b", 5).ShouldBe(3);
        _time.Advance(TimeSpan.FromSeconds(1));
        Taken(limiter, "a", 5).ShouldBe(2);
        _time.Advance(TimeSpan.FromMinutes(1));
        Taken(limiter, "a", 9).ShouldBe(3);
    }

    [Fact]
    public void Very_many_clients_do_not_give_anybody_more()
    {
        var limiter = new RateLimiter(3, 0.001, _time);
        Taken(limiter, "greedy", 9).ShouldBe(3);
        for (var i = 0; i < 20_000; i++)
        {
            limiter.TryTake(i.ToString(CultureInfo.InvariantCulture)).ShouldBeTrue();
        }

        limiter.TryTake("greedy").ShouldBeFalse();
    }

    private static int Taken(RateLimiter limiter, string client, int times) => Enumerable.Range(0, times).Count(_ => limiter.TryTake(client));
}
