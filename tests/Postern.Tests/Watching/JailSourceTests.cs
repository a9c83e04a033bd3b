using Postern.Facts;

namespace Postern.Tests.Watching;

/// <summary>What jails have read is kept apart from what else reads the same log.</summary>
public sealed class JailSourceTests
{
    [Fact]
    public void Each_pattern_has_its_own_places_under_the_logs_own_names()
    {
        SourcePosition[] places =
        [
            new("/var/log/mail.log", 1, 10),
            new(JailSource.NameOf("/var/log/mail.log", "/var/log/mail.log"), 1, 20),
            new(JailSource.NameOf("/var/log/*.log", "/var/log/mail.log"), 1, 30),
            new(JailSource.NameOf("/var/log/*.log", "/var/log/auth.log"), 2, 40),
        ];
        JailSource.Of("/var/log/mail.log", places).ShouldBe([new SourcePosition("/var/log/mail.log", 1, 20)]);
        JailSource.Of("/var/log/*.log", places).Select(place => (place.Source, place.Offset)).ShouldBe([("/var/log/mail.log", 30), ("/var/log/auth.log", 40)]);
        JailSource.Of("journal", places).ShouldBeEmpty();
        places.Select(place => JailSource.IsOne(place.Source)).ShouldBe([false, true, true, true]);
        JailSource.LogOf(places[3].Source).ShouldBe("/var/log/auth.log");
    }
}
