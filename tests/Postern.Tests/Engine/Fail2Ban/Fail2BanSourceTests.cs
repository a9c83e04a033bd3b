using Postern.Engine.Fail2Ban;
using Postern.Facts;

namespace Postern.Tests.Engine.Fail2Ban;

/// <summary>What jails have read is kept apart from what else reads the same log.</summary>
public sealed class Fail2BanSourceTests
{
    [Fact]
    public void Each_pattern_has_its_own_places_under_the_logs_own_names()
    {
        SourcePosition[] places =
        [
            new("/var/log/mail.log", 1, 10),
            new(Fail2BanSource.NameOf("/var/log/mail.log", "/var/log/mail.log"), 1, 20),
            new(Fail2BanSource.NameOf("/var/log/*.log", "/var/log/mail.log"), 1, 30),
            new(Fail2BanSource.NameOf("/var/log/*.log", "/var/log/auth.log"), 2, 40),
        ];
        Fail2BanSource.Of("/var/log/mail.log", places).ShouldBe([new SourcePosition("/var/log/mail.log", 1, 20)]);
        Fail2BanSource.Of("/var/log/*.log", places).Select(place => (place.Source, place.Offset)).ShouldBe([("/var/log/mail.log", 30), ("/var/log/auth.log", 40)]);
        Fail2BanSource.Of("journal", places).ShouldBeEmpty();
        places.Select(place => Fail2BanSource.IsOne(place.Source)).ShouldBe([false, true, true, true]);
        Fail2BanSource.LogOf(places[3].Source).ShouldBe("/var/log/auth.log");
    }
}
