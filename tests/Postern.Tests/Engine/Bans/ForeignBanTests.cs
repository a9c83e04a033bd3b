using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Decisions.Protection;
using Postern.Engine.Bans;
using Postern.Engine.Protection;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>What other hosts decide, and what this one makes of it.</summary>
public sealed class ForeignBanTests
{
    private const string One = "192.0.2.1";
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private readonly BanDecider _decider = new([new JailOptions()], null);

    [Fact]
    public void A_foreign_ban_holds_here_and_bears_its_host()
    {
        _decider.TakeForeign(Foreign(One), s_now).Veto.ShouldBeNull();
        _decider.Book.Covering(Address(One)).Single().Host.ShouldBe("mx2");
        _decider.LiftForeign(Network(One), "postfix", s_now);
        _decider.Book.Standing.ShouldBeEmpty();
        _decider.Changes.Ended.Single().IsForeign.ShouldBeTrue();
    }

    [Fact]
    public void One_of_very_many_holds_at_once_and_is_kept_when_it_is_asked_for_unless_it_ended_meanwhile()
    {
        _decider.TakeForeign(Foreign(One), s_now, isOfMany: true);
        _decider.TakeForeign(Foreign("192.0.2.2"), s_now, isOfMany: true);
        _decider.TakeForeign(Foreign("192.0.2.3"), s_now, isOfMany: true);
        _decider.Touched.Count.ShouldBe(3);
        _decider.Changes.Bans.ShouldBeEmpty();
        var made = _decider.Book.Standing.OrderBy(static ban => ban.Network).ToArray();
        _decider.LiftForeign(Network("192.0.2.2"), "postfix", s_now);
        _decider.TakeForeign(Foreign("192.0.2.3") with { Until = s_now.AddDays(2) }, s_now);
        _decider.Changes.Bans.Clear();
        _decider.KeepForeign(made);
        _decider.Changes.Bans.ShouldHaveSingleItem().ShouldBeSameAs(made[0]);
    }

    [Fact]
    public void A_proven_sender_is_spared_and_the_reason_is_told()
    {
        Deliver(One, 4);
        var veto = _decider.TakeForeign(Foreign(One), s_now).Veto.ShouldNotBeNull();
        (veto.Reason, veto.Detail).ShouldBe((ProtectionReason.ProvenSender, "it delivered mail on 4 days of the last 30 without a hostile day; the DNS lists gave no answer"));
        _decider.Book.Standing.ShouldBeEmpty();
    }

    [Fact]
    public void A_proven_sender_that_attacks_beyond_its_ceiling_is_banned()
    {
        Deliver(One, 4);
        _decider.TakeForeign(Foreign(One) with { Failures = 101 }, s_now).Veto.ShouldBeNull();
        _decider.Book.Standing.Count().ShouldBe(1);
    }

    [Fact]
    public void Another_hosts_veto_lifts_the_ban_and_prevents_ours_while_it_holds()
    {
        _decider.TakeForeign(Foreign(One), s_now);
        _decider.TakeVeto(Address(One), new ForeignVeto("mx3", ProtectionReason.ProvenSender, "it delivered", s_now.AddHours(1)), s_now);
        _decider.Book.Standing.ShouldBeEmpty();
        Abuse(One, 20, s_now);
        _decider.Book.Standing.ShouldBeEmpty();
        _decider.Changes.Suppressed.ShouldContain(spared => spared.Detail == "mx3 spares it: it delivered");
        // Our word is not made of another's.
        _decider.TakeForeign(Foreign(One), s_now).Veto.ShouldBeNull();
        Abuse(One, 20, s_now.AddHours(2));
        _decider.Book.Standing.Count().ShouldBe(1);
    }

    [Fact]
    public void A_veto_leaves_the_operators_ban_and_makes_room_in_a_network()
    {
        _decider.TakeForeign(Foreign("192.0.2.0/24"), s_now);
        _decider.BanByOperator(Network(One), TimeSpan.FromHours(1), "ordered", s_now);
        _decider.TakeVeto(Address(One), new ForeignVeto("mx3", ProtectionReason.LoggedIn, "its user", s_now.AddHours(1)), s_now);
        _decider.Book.Covering(Address(One)).Single().Jail.ShouldBe("operator");
        _decider.Book.IsBanned(Address("192.0.2.2")).ShouldBeTrue();
    }

    [Fact]
    public void The_allow_list_beats_all_even_the_operator_of_another_host()
    {
        _decider.Protections.Networks = new ProtectedNetworks { Allowed = [(Network(One), One)] };
        _decider.TakeForeign(Foreign(One) with { Jail = "operator" }, s_now).Veto.ShouldBeNull();
        _decider.TakeForeign(Foreign(One), s_now).Veto.ShouldNotBeNull().Reason.ShouldBe(ProtectionReason.Allowed);
        _decider.TakeForeign(Foreign("192.0.2.0/24"), s_now);
        _decider.Book.IsBanned(Address(One)).ShouldBeFalse();
        _decider.Book.IsBanned(Address("192.0.2.2")).ShouldBeTrue();
    }

    [Fact]
    public void Failures_at_other_hosts_add_up_and_only_one_here_leads_to_a_ban()
    {
        for (var i = 0; i < 9; i++)
        {
            _decider.NoteForeign(Address(One), (ulong)(1000 + i), Mark(s_now), 0, s_now);
            // Told twice, it counts once.
            _decider.NoteForeign(Address(One), (ulong)(1000 + i), Mark(s_now), 0, s_now);
        }

        _decider.Book.Standing.ShouldBeEmpty();
        _decider.Changes.Failures.ShouldBeEmpty();
        Abuse(One, 1, s_now);
        _decider.Book.Standing.Single().Failures.ShouldBe(10);
    }

    [Fact]
    public void Days_at_other_hosts_prove_a_sender_and_are_kept_and_not_told_again()
    {
        for (var ago = 1; ago <= 4; ago++)
        {
            _decider.NoteForeign(new SenderDay(Address(One), DateOnly.FromDateTime(s_now.UtcDateTime).AddDays(-ago), Delivered: true, Hostile: false, LoggedIn: false));
        }

        (_decider.Changes.Days.Count, _decider.Changes.ForeignDays.Count).ShouldBe((0, 4));
        Abuse(One, 15, s_now);
        _decider.Changes.Suppressed.ShouldContain(spared => spared.Reason == ProtectionReason.ProvenSender);
    }

    private static Ban Foreign(string network) => new()
    {
        Network = Network(network),
        Client = Network(network).First,
        Jail = "postfix",
        From = s_now,
        Until = s_now.AddHours(1),
        Reason = "10 lone-dot",
        Failures = 10,
        Trigger = "lone-dot",
        Host = "mx2",
    };

    private static SessionMark Mark(DateTimeOffset at) => new(LogTime.From(at), BehaviourSet.Of(Behaviour.LoneDot), SessionTraits.None);

    private static ClientAddress Address(string text) => Network(text).First;

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);

    private void Deliver(string client, int days)
    {
        for (var ago = 1; ago <= days; ago++)
        {
            _decider.Protections.Senders.Note(new SenderDay(Address(client), DateOnly.FromDateTime(s_now.UtcDateTime).AddDays(-ago), Delivered: true, Hostile: false, LoggedIn: false));
        }
    }

    private void Abuse(string client, int sessions, DateTimeOffset at)
    {
        for (var i = 0; i < sessions; i++)
        {
            _decider.RecordSession(new SessionReport { Id = (ulong)(at.UtcTicks + i), Client = Address(client), Mark = Mark(at), Source = "mail.log" }, "mail.log", at);
        }
    }
}
