using Postern.Gate;

namespace Postern.Tests.Gate;

public sealed class BoundedCacheTests
{
    [Fact]
    public void When_it_is_full_the_oldest_key_goes_and_a_known_one_keeps_its_age()
    {
        var book = new BoundedCache<string, int>(2, StringComparer.Ordinal);
        book.Set("a", 1);
        book.Set("b", 2);
        book.Set("a", 3);
        book.Set("c", 4);
        book.Count.ShouldBe(2);
        book.TryGet("a", out _).ShouldBeFalse();
        book.TryGet("b", out var kept).ShouldBeTrue();
        kept.ShouldBe(2);
    }
}
