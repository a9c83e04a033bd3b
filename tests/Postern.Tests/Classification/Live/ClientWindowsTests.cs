using FsCheck.Xunit;
using Postern.Classification.Live;
using Postern.Facts;

namespace Postern.Tests.Classification.Live;

public sealed class ClientWindowsTests
{
    private static readonly long s_start = new DateTime(2026, 11, 25, 10, 0, 0, DateTimeKind.Utc).Ticks;

    [Fact]
    public void The_same_session_counts_once_and_grows()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour);
        windows.Add(Report(1, 5, 0, Behaviour.AuthFailure, failures: 1));
        var marks = windows.Add(Report(1, 5, 0, Behaviour.AuthFailure, failures: 3));
        marks.Length.ShouldBe(1);
        marks[0].Failures.ShouldBe((byte)3);
    }

    [Fact]
    public void Of_too_many_clients_those_are_forgotten_that_came_longest_ago()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour, most: 100);
        for (var i = 0; i < 1000; i++)
        {
            windows.Add(Report((uint)i + 1, (ulong)i + 1, i, Behaviour.LoneDot));
        }

        windows.Clients.ShouldBeInRange(1, 100);
        windows.Of(Address(1000)).Length.ShouldBe(1);
        windows.Of(Address(1)).Length.ShouldBe(0);
    }

    [Fact]
    public void Who_is_left_when_a_flood_has_passed_keeps_what_it_did()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour);
        for (var i = 0; i < 100_000; i++)
        {
            windows.Add(Report((uint)i + 10, (ulong)i + 1, 0, Behaviour.LoneDot));
        }

        windows.Add(Report(1, 500_001, 1000, Behaviour.LoneDot));
        windows.Add(Report(1, 500_002, 1010, Behaviour.HttpRequest));
        windows.Prune(s_start + (500 * TimeSpan.TicksPerSecond));
        windows.Clients.ShouldBe(1);
        windows.Of(Address(1)).ToArray().Select(mark => mark.Behaviours).ShouldBe([BehaviourSet.Of(Behaviour.LoneDot), BehaviourSet.Of(Behaviour.HttpRequest)]);
        windows.Add(Report(1, 500_003, 1020, Behaviour.LoneDot)).Length.ShouldBe(3);
    }

    [Fact]
    public void Handshakes_that_differ_within_a_minute_are_a_scan()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour);
        for (var i = 0; i < 5; i++)
        {
            windows.Add(Report(1, (ulong)i + 1, i, Behaviour.TlsHandshakeFailure) with { Variety = 100 + (i % 2) });
        }

        windows.Of(Address(1)).ToArray().ShouldAllBe(mark => mark.Behaviours.Has(Behaviour.TlsScan));
    }

    [Fact]
    public void Unknown_recipients_of_a_client_that_delivers_are_no_search_for_addresses()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour);
        windows.Add(Delivery(1, 0, messages: 40));
        for (var i = 0; i < 8; i++)
        {
            windows.Add(Unknown(1, i));
            windows.Add(Unknown(2, i));
        }

        windows.Of(Address(1)).ToArray().ShouldAllBe(mark => !mark.Behaviours.Has(Behaviour.UserEnumeration));
        windows.Of(Address(2)).ToArray().ShouldAllBe(mark => mark.Behaviours.Has(Behaviour.UserEnumeration));
    }

    [Fact]
    public void What_is_pruned_or_forgotten_gives_its_place_to_others()
    {
        var windows = new ClientWindows(TimeSpan.TicksPerHour);
        for (var round = 0; round < 3; round++)
        {
            for (uint client = 1; client <= 30_000; client++)
            {
                windows.Add(Report(client, (ulong)round + 1, round, Behaviour.LoneDot));
            }

            windows.Clients.ShouldBe(30_000);
            windows.Forget(Address(1));
            windows.Of(Address(1)).Length.ShouldBe(0);
            windows.Prune(s_start + ((round + 1) * TimeSpan.TicksPerSecond));
            windows.Clients.ShouldBe(0);
        }
    }

    [Property]
    public bool Every_client_keeps_exactly_its_own_sessions_within_the_span(byte[] steps)
    {
        var windows = new ClientWindows(30 * TimeSpan.TicksPerSecond);
        var model = new Dictionary<uint, List<(ulong Id, int Second)>>();
        for (var i = 0; i < steps.Length; i++)
        {
            var client = (uint)steps[i] % 5;
            windows.Add(Report(client, (ulong)i + 1, i, Behaviour.LoneDot));
            model.TryAdd(client, []);
            model[client].RemoveAll(known => known.Second < i - 30);
            model[client].Add(((ulong)i + 1, i));
        }

        return model.All(pair => windows.Of(Address(pair.Key)).ToArray().Select(mark => (mark.Time.UtcTicks - s_start) / TimeSpan.TicksPerSecond)
            .SequenceEqual(pair.Value.Select(known => (long)known.Second)));
    }

    private static ClientAddress Address(uint client) => ClientAddress.FromIPv4(0xC000_0200 + client);

    private static SessionReport Report(uint client, ulong id, int second, Behaviour behaviour, byte failures = 1) => new()
    {
        Id = id,
        Client = Address(client),
        Mark = new SessionMark(new LogTime(s_start + (second * TimeSpan.TicksPerSecond), 0), BehaviourSet.Of(behaviour), SessionTraits.None, failures),
    };

    private static SessionReport Unknown(uint client, int i)
    {
        var report = Report(client, (ulong)i + 1, i, Behaviour.RejectedMail) with { Variety = 1000 + i };
        return report with { Mark = report.Mark with { Traits = SessionTraits.UnknownRecipient } };
    }

    private static SessionReport Delivery(uint client, int second, int messages) =>
        Report(client, ClientWindows.Deliveries, second, Behaviour.Delivered) with { Accepted = messages };
}
