using Postern.Decisions.Brake;
using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>Faults of the server's own over genuine traffic, and attackers who would like one to look like a fault.</summary>
public sealed class BrakeTests : BrakeScenario
{
    [Theory]
    [InlineData(Behaviour.RejectedMail, "refusals")] // the own DNS or milter answers nothing, and Postfix refuses all
    [InlineData(Behaviour.DnsblListed, "dns-lists")] // a DNS list names everybody
    [InlineData(Behaviour.UserEnumeration, "refusals")] // the table of recipients is gone
    [InlineData(Behaviour.RelayProbe, "relaying")] // the own domains are gone from the configuration
    [InlineData(Behaviour.TlsScan, "tls")] // the certificate is broken
    public void A_fault_that_hits_all_senders_bans_none_of_them_and_attackers_all_the_same(Behaviour fault, string reason)
    {
        var known = Addresses(192, 160);
        var unknown = Addresses(198, 40);
        var attackers = Addresses(203, 10);
        Grow(known, days: 12);
        Run(TimeSpan.FromMinutes(20), () => Each(known, 0.05, Deliver));
        Run(TimeSpan.FromMinutes(40), () =>
        {
            Each(known, 0.4, client => Show(client, fault));
            Each(unknown, 0.4, client => Show(client, fault));
            Each(attackers, 0.5, client => Show(client, Behaviour.LoneDot));
        });
        Banned(known).ShouldBe(0);
        Banned(unknown).ShouldBe(0);
        Banned(attackers).ShouldBe(attackers.Length);
        Decider.Book.Standing.ShouldAllBe(ban => ban.Network.IsSingle);
        Decider.Brake.Holds.Select(hold => hold.Reason).ShouldBe([reason]);

        // The trouble ends: what was refused counts no more, and those who go on are banned.
        Run(TimeSpan.FromMinutes(40), () =>
        {
            Each(known, 0.05, Deliver);
            Each(unknown, 0.05, Deliver);
        });
        Decider.Brake.Holds.ShouldBeEmpty();
        Banned(known).ShouldBe(0);
        Banned(unknown).ShouldBe(0);
        var late = Addresses(100, 3);
        Run(TimeSpan.FromMinutes(20), () =>
        {
            Each(known, 0.05, Deliver);
            Each(late, 1, client => Show(client, fault, times: 4));
        });
        Banned(late).ShouldBe(3);
    }

    [Fact]
    public void A_login_service_that_is_down_bans_no_user_neither_those_on_new_addresses()
    {
        var users = Addresses(192, 40);
        var roaming = Addresses(198, 15);
        Grow(users, days: 6, login: true);
        Run(TimeSpan.FromMinutes(15), () => Each(users, 0.05, LogIn));
        Run(TimeSpan.FromMinutes(60), () =>
        {
            Each(users, 0.3, client => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed));
            Each(roaming, 0.9, client => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed));
        });
        Banned(users).ShouldBe(0);
        Banned(roaming).ShouldBe(0);
        Decider.Brake.Holds.ShouldHaveSingleItem().Reason.ShouldBe("logins");
        Run(TimeSpan.FromMinutes(30), () => Each([.. users, .. roaming], 0.05, LogIn));
        Banned([.. users, .. roaming]).ShouldBe(0);
        Decider.Brake.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void On_its_first_day_those_who_delivered_or_logged_in_before_speak_as_well()
    {
        var senders = Addresses(192, 60);
        Run(TimeSpan.FromMinutes(90), () => Each(senders, 0.05, Deliver));
        Run(TimeSpan.FromMinutes(30), () => Each(senders, 0.4, client => Show(client, Behaviour.DnsblListed)));
        Banned(senders).ShouldBe(0);
        Decider.Brake.Holds.ShouldHaveSingleItem().IsWeak.ShouldBeTrue();
    }

    [Theory]
    [InlineData(Behaviour.UserEnumeration)]
    [InlineData(Behaviour.RelayProbe)]
    [InlineData(Behaviour.DnsblListed)]
    [InlineData(Behaviour.LoneDot)]
    public void Attackers_who_delivered_on_a_few_days_before_cannot_pull_it(Behaviour behaviour)
    {
        var known = Addresses(192, 120);
        var attackers = Addresses(203, 60);
        var others = Addresses(100, 20);
        Grow(known, days: 12);
        foreach (var attacker in attackers)
        {
            foreach (var day in (int[])[1, 2, 3])
            {
                Day(attacker, day, login: false);
            }
        }

        Run(TimeSpan.FromMinutes(30), () =>
        {
            Each(known, 0.05, Deliver);
            Each(attackers, 0.02, Deliver);
            Each([.. attackers, .. others], 0.5, client => Show(client, behaviour));
        });
        Changes.ShouldBeEmpty();
        Banned(others).ShouldBe(others.Length);
        Banned(known).ShouldBe(0);
    }

    [Fact]
    public void Old_hosts_of_one_provider_have_three_voices_and_cannot_pull_it()
    {
        var known = Addresses(192, 60);
        Grow(known, days: 12);
        var rented = Enumerable.Range(0, 40).Select(i => Address($"203.0.{i}.7")).ToArray();
        Grow(rented, days: 20);
        Run(TimeSpan.FromMinutes(30), () =>
        {
            Each(known, 0.05, Deliver);
            Each(rented, 0.5, client => Show(client, Behaviour.DnsblListed));
        });
        Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_list_that_names_some_large_senders_by_mistake_is_told_by_those_who_would_be_banned()
    {
        var well = Addresses(192, 100);
        var listed = Addresses(198, 8);
        Grow([.. well, .. listed], days: 12);
        Run(TimeSpan.FromMinutes(30), () =>
        {
            Each(well, 0.05, Deliver);
            Each(listed, 0.5, client => Show(client, Behaviour.DnsblListed));
        });
        Banned(listed).ShouldBe(0);
        Decider.Brake.Holds.ShouldHaveSingleItem().Why.ShouldContain("would be banned");
    }

    [Fact]
    public void Names_in_order_hold_only_those_who_have_them_and_only_where_mail_has_stopped()
    {
        var named = Addresses(192, 14);
        var bots = Addresses(203, 5);
        Run(TimeSpan.FromMinutes(15), () =>
        {
            Each(named, 0.5, client => Show(client, Behaviour.HeloForgery, names: true));
            Each(bots, 0.5, client => Show(client, Behaviour.HeloForgery));
        });
        Banned(named).ShouldBe(0);
        Banned(bots).ShouldBe(bots.Length);
        Decider.Brake.Holds.ShouldHaveSingleItem().NamedOnly.ShouldBeTrue();
    }

    [Fact]
    public void Rented_servers_with_good_names_do_not_pull_it_while_others_deliver()
    {
        var known = Addresses(192, 120);
        var rented = Addresses(203, 20);
        Grow(known, days: 12);
        Run(TimeSpan.FromMinutes(20), () =>
        {
            Each(known, 0.1, Deliver);
            Each(rented, 0.5, client => Show(client, Behaviour.UserEnumeration, names: true));
        });
        Changes.ShouldBeEmpty();
        Banned(rented).ShouldBe(rented.Length);
    }

    [Fact]
    public void The_operator_lets_go_and_what_was_held_is_banned_but_those_who_are_protected()
    {
        var known = Addresses(192, 40);
        var strangers = Addresses(203, 10);
        Grow(known, days: 12);
        Run(TimeSpan.FromMinutes(10), () => Each(known, 0.1, Deliver));
        Run(TimeSpan.FromMinutes(20), () => Each([.. known, .. strangers], 0.5, client => Show(client, Behaviour.RelayProbe)));
        Banned(strangers).ShouldBe(0);
        Decider.Brake.Held.ShouldBeGreaterThan(10);
        // Long after the window: nothing of what was held is lost.
        Run(TimeSpan.FromMinutes(12), () => Each(known, 0.3, client => Show(client, Behaviour.RelayProbe)));
        Decider.ReleaseBrake("other", Now).ShouldBeEmpty();
        Decider.ReleaseBrake(null, Now).ShouldHaveSingleItem().Reason.ShouldBe("relaying");
        Banned(strangers).ShouldBe(strangers.Length);
        // It is not pulled again for that within the hour.
        Run(TimeSpan.FromMinutes(20), () => Each(known, 0.3, client => Show(client, Behaviour.RelayProbe)));
        Decider.Brake.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void Bans_that_people_order_always_pass_and_a_brake_that_is_off_holds_nothing()
    {
        var known = Addresses(192, 40);
        Grow(known, days: 12);
        Run(TimeSpan.FromMinutes(10), () => Each(known, 0.5, client => Show(client, Behaviour.DnsblListed)));
        Decider.Brake.Holds.ShouldNotBeEmpty();
        Decider.BanByOperator(ClientNetwork.Of(known[0]), TimeSpan.FromHours(1), "ordered", Now);
        Banned(known).ShouldBe(1);
        Decider.Brake.Options = new BrakeOptions { Enabled = false };
        Decider.Tick(Now);
        Decider.Brake.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_held_when_the_program_ended_is_held_after_the_next_start()
    {
        var hold = new BrakeHold("dns-lists", Begin.AddMinutes(-30), "40 of 41 show it", IsWeak: false, NamedOnly: false);
        Decider.Restore(new LedgerState { Bans = [], Past = [], Failures = [], Days = [], Suppressed = [], Allowed = [], Positions = [], Holds = [hold] }, Now);
        Changes.ShouldHaveSingleItem().IsReleased.ShouldBeFalse();
        var strangers = Addresses(203, 3);
        Run(TimeSpan.FromMinutes(8), () => Each(strangers, 0.5, client => Show(client, Behaviour.DnsblListed)));
        Banned(strangers).ShouldBe(0);
        Run(TimeSpan.FromMinutes(12), () => Each(strangers, 0.5, client => Show(client, Behaviour.DnsblListed)));
        Banned(strangers).ShouldBe(3);
    }

    [Theory]
    [InlineData(true)] // the outage was over before the program ended
    [InlineData(false)] // it went on
    public void What_failed_in_an_outage_of_the_login_service_counts_nothing_after_the_next_start_either(bool isOver)
    {
        var users = Addresses(192, 40);
        var roaming = Addresses(198, 15);
        Grow(users, days: 6, login: true);
        Run(TimeSpan.FromMinutes(15), () => Each(users, 0.05, LogIn));
        Run(TimeSpan.FromMinutes(60), () => Each([.. users, .. roaming], 0.9, client => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed, times: 2)));
        if (isOver)
        {
            Run(TimeSpan.FromMinutes(30), () => Each(users, 0.05, LogIn));
        }

        var (kept, spans, holds) = (Decider.Changes.Failures.ToList(), Decider.Changes.Spans ?? [], Decider.Changes.Holds ?? []);
        (spans.Count, holds.Count).ShouldBe(isOver ? (1, 0) : (0, 1));
        Now += TimeSpan.FromHours(3);
        Decider = new BanDecider([new JailOptions()], null);
        Decider.Restore(new LedgerState { Bans = [], Past = [], Failures = [], Days = [], Suppressed = [], Allowed = [], Positions = [], Holds = holds, Spans = spans }, Now);
        Decider.Long.Restore(kept, static _ => null, Decider.Brake.HeldAt);
        Each(roaming, 1, client => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed));
        Banned(roaming).ShouldBe(0);
        // Without the brake they are guessers.
        Decider.Long.Restore(kept, static _ => null, static _ => BehaviourSet.None);
        Each(roaming, 1, client => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed));
        Banned(roaming).ShouldBe(isOver ? roaming.Length : 0);
    }
}
