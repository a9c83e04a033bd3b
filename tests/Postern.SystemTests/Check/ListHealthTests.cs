using Postern.Checks.Dnsbl;

namespace Postern.SystemTests.Check;

/// <summary>The test points of DNS lists (RFC 5782, 5), asked of a real resolver: sound lists, and those that were given up in every way.</summary>
public sealed class ListHealthTests
{
    private static readonly ZoneRecord[] s_records =
    [
        new("2.0.0.127.sound.test", "A", "127.0.0.2"),
        new("*.everybody.test", "A", "127.0.0.2"),
        new("*.errors.test", "A", "127.255.255.254"),
        new("1.0.0.127.parked.test", "A", "192.0.2.80"),
        new("2.0.0.127.parked.test", "A", "192.0.2.80"),
        new("*.domains.test", "A", "127.0.1.2"),
        new("ns.gone.test", "A", "192.0.2.1"),
    ];

    [Theory]
    [InlineData("sound.test", DnsblSubject.Address, null)]
    [InlineData("everybody.test", DnsblSubject.Address, "lists 127.0.0.1")]
    [InlineData("parked.test", DnsblSubject.Address, "lists 127.0.0.1")]
    [InlineData("errors.test", DnsblSubject.Address, "answers 127.255.255.254")]
    [InlineData("gone.test", DnsblSubject.Address, "does not list 127.0.0.2")]
    [InlineData("nowhere.test", DnsblSubject.Address, "does not list 127.0.0.2")]
    [InlineData("refused.test", DnsblSubject.Address, null)] // Trouble with the DNS switches nothing off.
    [InlineData("domains.test", DnsblSubject.Domain, "lists the name INVALID")]
    [InlineData("sound.test", DnsblSubject.Domain, null)]
    public async Task A_list_that_fails_its_test_is_switched_off(string name, DnsblSubject subject, string? problem)
    {
        Require();
        await using var server = await SuiteServer.StartAsync(s_records, [], TestContext.Current.CancellationToken, ["refused.test"]);
        var health = new DnsblHealth(TimeSpan.FromHours(1), TimeProvider.System);

        var found = await health.FindProblemAsync(ToList(name, subject), server.Resolver, TestContext.Current.CancellationToken);

        if (problem is null)
        {
            found.ShouldBeNull();
        }
        else
        {
            found.ShouldNotBeNull().ShouldContain(problem);
        }
    }

    [Fact]
    public async Task A_list_is_told_once_when_it_goes_off_and_once_when_it_is_sound_again()
    {
        Require();
        var stop = TestContext.Current.CancellationToken;
        await using var broken = await SuiteServer.StartAsync([new("x.moved.test", "A", "192.0.2.1")], [], stop);
        await using var sound = await SuiteServer.StartAsync([new("2.0.0.127.moved.test", "A", "127.0.0.2")], [], stop);
        var told = new List<string?>();
        // Due at every question.
        var health = new DnsblHealth(TimeSpan.Zero, TimeProvider.System, (_, problem) => told.Add(problem));
        var list = ToList("moved.test", DnsblSubject.Address);

        for (var i = 0; i < 3; i++)
        {
            (await health.FindProblemAsync(list, broken.Resolver, stop)).ShouldNotBeNull();
        }

        for (var i = 0; i < 3; i++)
        {
            (await health.FindProblemAsync(list, sound.Resolver, stop)).ShouldBeNull();
        }

        told.Count.ShouldBe(2);
        told[0].ShouldNotBeNull();
        told[1].ShouldBeNull();
    }

    private static DnsblZone ToList(string name, DnsblSubject subject) => new(name, subject, [DnsblCode.Parse("127.0.0.2", "listed", -4)]);

    private static void Require()
    {
        if (!File.Exists("/usr/sbin/unbound"))
        {
            Assert.Skip("needs the Debian package unbound");
        }
    }
}
