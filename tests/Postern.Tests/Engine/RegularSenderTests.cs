using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Bans;
using Postern.Facts;

namespace Postern.Tests.Engine;

/// <summary>41 days of regular senders, with all that goes wrong in ordinary mail: each is proven at the end, and who was hostile is not.</summary>
public sealed class RegularSenderTests
{
    private const int Days = 41;
    private static readonly DateTimeOffset s_first = new(2026, 10, 15, 9, 0, 0, TimeSpan.Zero);
    private readonly BanDecider _decider = new([new JailOptions()], null);
    private readonly Random _random = new(41);
    private DateTimeOffset _now = s_first;
    private ulong _id;

    [Fact]
    public void Senders_stay_proven_whatever_goes_wrong_in_ordinary_mail()
    {
        var greylisted = Clients("192.0.2", 12);
        var newsletters = Clients("198.51.100", 8);
        var pool = Clients("203.0.113", 40);
        var brokenTls = Clients("192.0.3", 8);
        var listed = Clients("192.0.4", 4);
        var oldPasswords = Clients("192.0.5", 6);
        for (var day = 0; day < Days; day++)
        {
            _now = s_first.AddDays(day);
            foreach (var client in greylisted)
            {
                Show(client, _random.Next(1, 4), Behaviour.RejectedMail);
                Deliver(client);
            }

            foreach (var client in newsletters)
            {
                // Dead addresses and full mailboxes: some among mail that is taken, some in sessions of their own.
                Show(client, _random.Next(0, 30), Behaviour.RejectedMail, SessionTraits.UnknownRecipient);
                Show(client, 3, BehaviourSet.Of(Behaviour.RejectedMail, Behaviour.TooManyErrors, Behaviour.Delivered), SessionTraits.Accepted, failures: 12);
                Deliver(client);
            }

            foreach (var client in pool.Where(_ => _random.Next(3) == 0))
            {
                Show(client, _random.Next(0, 5), Behaviour.RejectedMail);
                Show(client, _random.Next(0, 2), Behaviour.HeloForgery);
                Deliver(client);
            }

            foreach (var client in brokenTls)
            {
                Show(client, _random.Next(0, 20), Behaviour.TlsHandshakeFailure);
                Show(client, _random.Next(0, 3), Behaviour.EarlyTalker);
                Deliver(client);
            }

            foreach (var client in listed)
            {
                Show(client, day % 10 == 0 ? 40 : 0, Behaviour.DnsblListed);
                Deliver(client);
            }

            foreach (var client in oldPasswords)
            {
                Show(client, 12, Behaviour.AuthFailure, SessionTraits.LoginFailed);
                Deliver(client);
            }

            _decider.Tick(_now);
        }

        foreach (var client in (ClientAddress[])[.. greylisted, .. newsletters, .. pool, .. brokenTls, .. listed, .. oldPasswords])
        {
            IsProven(client).ShouldBeTrue(client.ToString());
        }
    }

    [Theory]
    [InlineData(Behaviour.LoneDot, 12)]
    [InlineData(Behaviour.UserEnumeration, 12)]
    [InlineData(Behaviour.AuthBruteForce, 10)]
    public void One_hostile_day_costs_the_status_for_30_days(Behaviour behaviour, int times)
    {
        var client = Clients("192.0.2", 1)[0];
        var hostile = 5;
        for (var day = 0; day < 30; day++)
        {
            _now = s_first.AddDays(day);
            Deliver(client);
            // Over the whole day, far below any findtime's threshold.
            for (var i = 0; day == hostile && i < times; i++)
            {
                _now = s_first.AddDays(day).AddMinutes(i * 45);
                Show(client, 1, behaviour);
            }

            IsProven(client).ShouldBe(day is >= 2 and <= 5, $"day {day}");
        }

        _now = s_first.AddDays(hostile + 31);
        Deliver(client);
        IsProven(client).ShouldBeTrue();
    }

    [Fact]
    public void A_few_things_that_look_hostile_on_many_days_do_not_cost_it()
    {
        var client = Clients("192.0.2", 1)[0];
        for (var day = 0; day < 20; day++)
        {
            _now = s_first.AddDays(day);
            Deliver(client);
            Show(client, 3, Behaviour.RelayProbe);
        }

        IsProven(client).ShouldBeTrue();
    }

    [Fact]
    public void A_session_that_is_told_of_again_and_again_counts_once()
    {
        var client = Clients("192.0.2", 1)[0];
        Deliver(client);
        for (var i = 0; i < 50; i++)
        {
            Report(client, new SessionReport { Id = 99, Client = client, Mark = new SessionMark(LogTime.From(_now), BehaviourSet.Of(Behaviour.RelayProbe), SessionTraits.None, 3) });
        }

        _now = s_first.AddDays(2);
        _decider.Protections.Senders.Before(client, DateOnly.FromDateTime(_now.UtcDateTime), 30).WasHostile.ShouldBeFalse();
    }

    private static ClientAddress[] Clients(string network, int count) =>
        [.. Enumerable.Range(1, count).Select(i => ClientAddress.TryParse($"{network}.{i}", out var address) ? address : default)];

    private bool IsProven(ClientAddress client)
    {
        var today = DateOnly.FromDateTime(_now.UtcDateTime);
        var history = _decider.Protections.Senders.Of(client, today, ProtectionRules.HistoryDays, today);
        return history is { DeliveredDays: >= ProtectionRules.ProvenDays, HostileBefore: false };
    }

    private void Deliver(ClientAddress client) => Report(client, new SessionReport
    {
        Id = ClientWindows.Deliveries,
        Client = client,
        Mark = new SessionMark(LogTime.From(_now), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted),
        Accepted = 1,
    });

    private void Show(ClientAddress client, int times, Behaviour behaviour, SessionTraits traits = SessionTraits.None) =>
        Show(client, times, BehaviourSet.Of(behaviour), traits, 1);

    private void Show(ClientAddress client, int times, BehaviourSet behaviours, SessionTraits traits, byte failures)
    {
        for (var i = 0; i < times; i++)
        {
            Report(client, new SessionReport
            {
                Id = ++_id,
                Client = client,
                Mark = new SessionMark(LogTime.From(_now), behaviours, traits, failures),
                Accepted = traits.HasFlag(SessionTraits.Accepted) ? 1 : 0,
            });
        }
    }

    private void Report(ClientAddress client, SessionReport report) => _decider.RecordSession(report with { Client = client }, "mail.log", _now);
}
