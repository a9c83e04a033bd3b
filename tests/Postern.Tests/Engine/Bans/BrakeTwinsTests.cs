using Postern.Decisions.Jails;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>Each rule of the brake with its opposite case.</summary>
public sealed class BrakeTwinsTests : BrakeScenario
{
    [Fact]
    public void On_a_young_server_clients_that_brought_a_mail_cannot_pull_it_together_while_others_deliver()
    {
        var senders = Addresses(192, 60);
        var attackers = Addresses(203, 30);
        var others = Addresses(100, 6);
        Run(TimeSpan.FromMinutes(90), () => Each([.. senders, .. attackers], 0.05, Deliver));
        Run(TimeSpan.FromMinutes(20), () =>
        {
            Each(senders, 0.05, Deliver);
            Each([.. attackers, .. others], 0.7, client => Show(client, Behaviour.DnsblListed));
        });
        Changes.ShouldBeEmpty();
        Banned(attackers).ShouldBe(attackers.Length);
        Banned(others).ShouldBe(others.Length);
        Banned(senders).ShouldBe(0);
    }

    [Theory]
    [InlineData("192.0.2.{0}")] // one network
    [InlineData("2001:db8:7:{0}::25")] // one /48, each with a /64 of its own
    [InlineData("198.51.{0}.25")] // one block
    public void Where_all_senders_live_in_one_place_each_of_them_speaks(string form)
    {
        var senders = Enumerable.Range(1, 40).Select(i => Address(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, i))).ToArray();
        Grow(senders, days: 12);
        Run(TimeSpan.FromMinutes(30), () => Each(senders, 0.05, Deliver));
        Run(TimeSpan.FromMinutes(30), () => Each(senders, 0.5, client => Show(client, Behaviour.DnsblListed)));
        Banned(senders).ShouldBe(0);
        Decider.Brake.Holds.ShouldHaveSingleItem().Reason.ShouldBe("dns-lists");
    }

    [Fact]
    public void Where_many_networks_are_known_the_addresses_of_one_speak_once()
    {
        var known = Addresses(192, 60);
        var rented = Enumerable.Range(1, 40).Select(i => Address($"203.0.113.{i}")).ToArray();
        Grow([.. known, .. rented], days: 12);
        Run(TimeSpan.FromMinutes(30), () =>
        {
            Each(known, 0.05, Deliver);
            Each(rented, 0.5, client => Show(client, Behaviour.DnsblListed));
        });
        Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_client_with_a_history_is_banned_five_minutes_later_and_a_stranger_at_once()
    {
        var known = Addresses(192, 1);
        var stranger = Addresses(203, 1);
        // Two days of mail are a history, and protect nobody.
        Day(known[0], 1, login: false);
        Day(known[0], 2, login: false);
        Each([.. known, .. stranger], 1, client => Show(client, Behaviour.DnsblListed, times: 12));
        Banned(stranger).ShouldBe(1);
        Run(TimeSpan.FromMinutes(4.5), () => { });
        Banned(known).ShouldBe(0);
        Run(TimeSpan.FromMinutes(1), () => { });
        Banned(known).ShouldBe(1);
        Decider.Book.Standing.Single(ban => ban.Client == known[0]).Reason.ShouldStartWith("12 dnsbl-listed");
    }

    [Fact]
    public void What_only_the_client_can_have_written_does_not_wait()
    {
        var known = Addresses(192, 1);
        Day(known[0], 1, login: false);
        Show(known[0], Behaviour.LoneDot, times: 12);
        Banned(known).ShouldBe(1);
    }

    [Fact]
    public void While_the_latest_known_clients_fail_strangers_wait_and_while_they_deliver_none_does()
    {
        var known = Addresses(192, 60);
        var stranger = Addresses(203, 2);
        Run(TimeSpan.FromMinutes(70), () => Each(known, 0.05, Deliver));
        Show(stranger[0], Behaviour.DnsblListed, times: 12);
        Banned(stranger).ShouldBe(1);
        // The first seconds of an outage, which nothing else tells yet.
        Run(TimeSpan.FromSeconds(15), () => Each(known[..8], 1, client => Show(client, Behaviour.DnsblListed)));
        Show(stranger[1], Behaviour.DnsblListed, times: 12);
        Changes.ShouldBeEmpty();
        Banned(stranger[1..]).ShouldBe(0);
        // Nobody delivers, and it is told: what waited is held.
        Run(TimeSpan.FromMinutes(8), () => Each(known, 0.3, client => Show(client, Behaviour.DnsblListed)));
        Decider.Brake.Holds.ShouldHaveSingleItem().Reason.ShouldBe("dns-lists");
        Banned(stranger[1..]).ShouldBe(0);
        Banned(known).ShouldBe(0);
    }

    [Theory]
    [InlineData(true, 15)] // the known clients deliver again
    [InlineData(false, 65)] // nobody comes
    public void Silence_is_no_recovery(bool deliver, int minutes)
    {
        var known = Addresses(192, 60);
        Grow(known, days: 12);
        Run(TimeSpan.FromMinutes(20), () => Each(known, 0.05, Deliver));
        Run(TimeSpan.FromMinutes(20), () => Each(known, 0.4, client => Show(client, Behaviour.DnsblListed)));
        Decider.Brake.Holds.ShouldHaveSingleItem();
        Run(TimeSpan.FromMinutes(minutes - 6), () => Each(known, deliver ? 0.05 : 0, Deliver));
        Decider.Brake.Holds.Count.ShouldBe(1);
        Run(TimeSpan.FromMinutes(20), () => Each(known, deliver ? 0.05 : 0, Deliver));
        Decider.Brake.Holds.ShouldBeEmpty();
    }

    [Fact]
    public void Telephones_with_old_passwords_that_ask_in_step_pull_nothing()
    {
        var homes = Addresses(192, 60);
        Grow(homes, days: 6, login: true);
        // All of them fail each five minutes from the start, and a laptop beside each logs in now and then.
        Run(TimeSpan.FromHours(5), () =>
        {
            if (Now.Minute % 5 == 0 && Now.Second == 0)
            {
                Each(homes, 1, Fail);
            }

            Each(homes, 0.004, LogIn);
        });
        Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Passwords_that_are_changed_one_after_the_other_pull_nothing_and_a_hold_ends_when_others_log_in()
    {
        var users = Addresses(192, 40);
        var changed = users[..12];
        Grow(users, days: 6, login: true);
        Run(TimeSpan.FromMinutes(30), () => Each(users, 0.02, LogIn));
        var begun = 0;
        Run(TimeSpan.FromMinutes(180), () =>
        {
            begun += Now.Minute % 15 == 0 && Now.Second == 0 ? 1 : 0;
            Each(changed[..Math.Min(begun, changed.Length)], 0.2, Fail);
        });
        Changes.ShouldBeEmpty();

        // Twenty in one minute look like an outage, until the others log in.
        Run(TimeSpan.FromMinutes(30), () => Each(users, 0.05, LogIn));
        Run(TimeSpan.FromMinutes(3), () => Each(users[..20], 0.3, Fail));
        Decider.Brake.Holds.ShouldHaveSingleItem().Reason.ShouldBe("logins");
        Run(TimeSpan.FromMinutes(25), () =>
        {
            Each(users[..20], 0.3, Fail);
            Each(users[20..], 0.1, LogIn);
        });
        Decider.Brake.Holds.ShouldBeEmpty();
        Run(TimeSpan.FromMinutes(60), () =>
        {
            Each(users[..20], 0.3, Fail);
            Each(users[20..], 0.1, LogIn);
        });
        Changes.Count.ShouldBe(2);
    }

    [Fact]
    public void Strangers_who_try_several_names_are_banned_while_logins_are_held_and_users_are_not()
    {
        var users = Addresses(192, 40);
        var company = Addresses(197, 1);
        var roaming = Addresses(198, 6);
        var guessers = Addresses(203, 6);
        Grow([.. users, .. company], days: 6, login: true);
        Run(TimeSpan.FromMinutes(30), () => Each([.. users, .. company], 0.05, LogIn));
        Run(TimeSpan.FromMinutes(40), () =>
        {
            Each(users, 0.3, Fail);
            Each(roaming, 0.9, Fail);
            Each([.. company, .. guessers], 0.9, client => Show(client, Behaviour.AuthBruteForce, SessionTraits.LoginFailed, userNames: 5));
        });
        Decider.Brake.Holds.ShouldHaveSingleItem().Reason.ShouldBe("logins");
        Banned(guessers).ShouldBe(guessers.Length);
        Banned([.. users, .. company, .. roaming]).ShouldBe(0);
    }

    [Theory]
    [InlineData(Behaviour.RelayProbe, false)]
    [InlineData(Behaviour.AuthBruteForce, true)]
    public void A_login_speaks_for_logins_and_not_for_mail(Behaviour behaviour, bool isPulled)
    {
        var users = Addresses(192, 12);
        foreach (var user in users)
        {
            Day(user, 1, login: true);
        }

        // What fails from the start on may have failed before.
        Run(TimeSpan.FromMinutes(16), () => Each(Addresses(197, 1), 1, LogIn));
        Run(TimeSpan.FromMinutes(4), () => Each(users, 0.5, client => Show(client, behaviour, behaviour == Behaviour.AuthBruteForce ? SessionTraits.LoginFailed : SessionTraits.None)));
        Run(TimeSpan.FromMinutes(16), () => Each(users, 0.2, client => Show(client, behaviour, behaviour == Behaviour.AuthBruteForce ? SessionTraits.LoginFailed : SessionTraits.None)));
        Decider.Brake.Holds.Any(hold => hold.Reason is "relaying" or "logins").ShouldBe(isPulled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restart_does_not_begin_an_attackers_day_anew(bool restarts)
    {
        var client = Addresses(203, 1)[0];
        var today = DateOnly.FromDateTime(Begin.UtcDateTime);
        Deliver(client);
        Show(client, Behaviour.RelayProbe, times: 6);
        Run(TimeSpan.FromMinutes(30), () => { });
        if (restarts)
        {
            var before = Decider;
            Decider = new BanDecider([new JailOptions()], null);
            Decider.Restore(new LedgerState { Bans = [], Past = [], Failures = [.. before.Changes.Failures], Days = [.. before.Changes.Days], Suppressed = [], Allowed = [], Positions = [] }, Now);
        }

        Decider.Protections.Senders.Before(client, today.AddDays(1), 30).WasHostile.ShouldBeFalse();
        Show(client, Behaviour.RelayProbe, times: 6);
        Decider.Protections.Senders.Before(client, today.AddDays(1), 30).WasHostile.ShouldBeTrue();
    }

    private void Fail(ClientAddress client) => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed);
}
