using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Facts;

namespace Postern.Tests.Engine;

/// <summary>Tests that measure the memory of the process, and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "the memory of the process";
}

/// <summary>What a run holds of very many clients is bounded.</summary>
[Collection(MemoryTests.Name)]
public sealed class ManyClientsTests(ITestOutputHelper output)
{
    private const int Clients = 1_000_000;
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_million_clients_in_every_window_take_less_than_250_bytes_each_and_little_when_they_are_gone(bool isIPv6)
    {
        var decider = new BanDecider([new JailOptions()], null);
        var now = s_start;
        var before = Held();
        for (var i = 0; i < Clients; i++)
        {
            // Each in another network, half of them with lone dots, half guessing; all within one findtime.
            now = s_start.AddTicks(i * (TimeSpan.TicksPerMinute * 9 / Clients));
            decider.RecordSession(Session(i, isIPv6, now), "mail.log", now);
            if (i % 10_000 == 0)
            {
                decider.Changes.Clear();
            }
        }

        decider.Changes.Clear();
        decider.Clients.ShouldBe(Clients);
        var full = Held() - before;
        now = now.AddDays(9);
        decider.Tick(now);
        decider.Forget(now);
        decider.Changes.Clear();
        var rest = Held() - before;
        output.WriteLine($"{full / Clients} bytes a client, {full / 1_000_000} MB; {rest / 1_000_000} MB nine days later");
        GC.KeepAlive(decider);
        full.ShouldBeLessThan(250L * Clients);
        rest.ShouldBeLessThan(full / 2);
    }

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);

    private static SessionReport Session(int i, bool isIPv6, DateTimeOffset now) => new()
    {
        Id = (ulong)i + 1,
        Client = isIPv6 ? new ClientAddress(0x2000_0000_0000_0000 | ((ulong)i << 16), 1) : ClientAddress.FromIPv4(0x1400_0000u + ((uint)i << 8)),
        Mark = new SessionMark(
            LogTime.From(now), BehaviourSet.Of(i % 2 == 0 ? Behaviour.LoneDot : Behaviour.AuthFailure), i % 2 == 0 ? SessionTraits.Wordless : SessionTraits.LoginFailed, 1),
        Variety = i,
    };
}
