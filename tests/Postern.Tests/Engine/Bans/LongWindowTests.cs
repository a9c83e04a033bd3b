using Postern.Classification.Live;
using Postern.Decisions.Jails;
using Postern.Decisions.Persistence;
using Postern.Engine.Bans;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Tests.Engine.Bans;

/// <summary>What is seen only over days or of many clients together, by the decider of a run, with the time of the test.</summary>
public sealed class LongWindowTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<AccountTakeover> _takeovers = [];
    private readonly List<Ban> _bans = [];
    private readonly BanDecider _decider;
    private DateTimeOffset _now = s_start;
    private ulong _id = 1000;

    public LongWindowTests() => _decider = new BanDecider([new JailOptions()], null) { TakenOver = _takeovers.Add, Banned = _bans.Add };

    [Fact]
    public void Three_lone_dots_each_four_minutes_for_41_days_are_banned_again_and_again_and_longer()
    {
        var sent = 0;
        for (; _now < s_start.AddDays(41); Pass(TimeSpan.FromMinutes(4)))
        {
            for (var i = 0; i < 3 && !_decider.Book.IsBanned(Address("192.0.2.1")); i++, sent++)
            {
                Show("192.0.2.1", Behaviour.LoneDot);
            }
        }

        sent.ShouldBeLessThan(1000);
        _bans[0].From.ShouldBeLessThan(s_start.AddHours(2));
        _bans[0].Reason.ShouldBe("50 lone-dot within 7d");
        (_bans[^1].Until - _bans[^1].From).ShouldBe(TimeSpan.FromDays(7));
    }

    [Fact]
    public void A_guess_each_twelve_minutes_without_user_names_is_a_ban_within_a_day_where_nobody_logs_in()
    {
        for (; _now < s_start.AddDays(1) && _bans.Count == 0; Pass(TimeSpan.FromMinutes(12)))
        {
            Fail("203.0.113.5");
        }

        _bans.ShouldHaveSingleItem().Reason.ShouldContain("failed logins within 1d");
    }

    [Fact]
    public void An_old_password_beside_logins_of_the_same_network_is_none_for_41_days()
    {
        Login("203.0.113.9", "carol");
        for (; _now < s_start.AddDays(41); Pass(TimeSpan.FromMinutes(5)))
        {
            Fail("203.0.113.5");
            if (_now.Hour == 20 && _now.Minute == 0)
            {
                Login("203.0.113.9", "carol");
            }
        }

        _bans.ShouldBeEmpty();
    }

    [Fact]
    public void One_user_name_each_six_minutes_is_a_mail_program_and_many_names_are_none()
    {
        for (; _now < s_start.AddDays(7); Pass(TimeSpan.FromMinutes(6)))
        {
            Fail("203.0.113.5", name: 7);
        }

        _bans.ShouldBeEmpty();
        for (var i = 0; i < 60; i++, Pass(TimeSpan.FromMinutes(20)))
        {
            Fail("198.51.100.5", name: 100 + i);
        }

        _bans.ShouldHaveSingleItem().Client.ShouldBe(Address("198.51.100.5"));
    }

    [Fact]
    public void A_guess_an_hour_with_ever_new_names_is_a_list_and_the_three_old_accounts_of_a_household_are_none()
    {
        for (var i = 0; _now < s_start.AddDays(4); i++, Pass(TimeSpan.FromHours(1)))
        {
            Fail("198.51.100.5", name: 100 + i);
            // The same from a company whose own users log in beside it.
            Fail("203.0.113.5", name: 100 + i);
            if (_now.Hour == 9)
            {
                Login("203.0.113.9", "carol");
            }

            Fail("192.0.2.5", name: 1 + (i % 3));
        }

        _bans.ShouldHaveSingleItem().Client.ShouldBe(Address("198.51.100.5"));
        _bans[0].Reason.ShouldBe("50 failed logins within 7d");
    }

    [Theory]
    [InlineData(Behaviour.TlsHandshakeFailure)]
    [InlineData(Behaviour.RejectedMail)]
    [InlineData(Behaviour.RelayProbe)]
    [InlineData(Behaviour.DnsblListed)]
    [InlineData(Behaviour.GarbageCommand)]
    [InlineData(Behaviour.SmugglingAttempt)]
    public void What_genuine_senders_repeat_for_days_never_counts_there(Behaviour behaviour)
    {
        for (; _now < s_start.AddDays(8); Pass(TimeSpan.FromMinutes(5)))
        {
            Show("192.0.2.1", behaviour);
        }

        _bans.ShouldBeEmpty();
    }

    [Fact]
    public void Garbage_in_sessions_without_a_word_of_SMTP_counts()
    {
        for (var i = 0; i < 50; i++, Pass(TimeSpan.FromMinutes(5)))
        {
            Show("192.0.2.1", Behaviour.GarbageCommand, SessionTraits.Wordless);
        }

        _bans.ShouldHaveSingleItem();
    }

    [Fact]
    public void Two_unknown_recipients_and_a_header_line_a_session_are_a_ban_after_a_hundred_and_a_sender_that_delivers_is_spared()
    {
        for (var i = 0; i < 60; i++, Pass(TimeSpan.FromMinutes(10)))
        {
            Show("192.0.2.1", Behaviour.OutOfStep, SessionTraits.UnknownRecipient, failures: 2, variety: 7919 * (i + 1));
            Show("192.0.2.2", Behaviour.OutOfStep, SessionTraits.UnknownRecipient, failures: 2, variety: 7919 * (i + 1));
            Deliver("192.0.2.2");
        }

        _bans.ShouldHaveSingleItem().Client.ShouldBe(Address("192.0.2.1"));
    }

    [Fact]
    public void What_was_counted_survives_a_restart_and_the_same_session_counts_once()
    {
        for (var i = 0; i < 49; i++, Pass(TimeSpan.FromMinutes(20)))
        {
            Show("192.0.2.1", Behaviour.LoneDot);
            Show("192.0.2.1", Behaviour.LoneDot, id: _id);
        }

        _bans.ShouldBeEmpty();
        var next = new BanDecider([new JailOptions()], null) { Banned = _bans.Add };
        next.Long.Restore(_decider.Changes.Failures.DistinctBy(failure => failure.Id), static _ => null, static _ => BehaviourSet.None);
        next.RecordSession(Session("192.0.2.1", Behaviour.LoneDot, SessionTraits.None, 1, 0, null), "mail.log", _now);
        _bans.ShouldHaveSingleItem();
    }

    [Fact]
    public void Logins_of_yesterday_are_known_after_a_restart()
    {
        var state = new LedgerState
        {
            Bans = [],
            Past = [],
            Failures = [],
            Suppressed = [],
            Allowed = [],
            Positions = [],
            Days = [new SenderDay(Address("203.0.113.9"), DateOnly.FromDateTime(s_start.UtcDateTime).AddDays(-1), Delivered: false, Hostile: false, LoggedIn: true)],
        };
        _decider.Restore(state, _now);
        for (var i = 0; i < 150; i++, Pass(TimeSpan.FromMinutes(5)))
        {
            Fail("203.0.113.5");
            Fail("198.51.100.5");
        }

        _bans.Select(ban => ban.Client).Distinct().ShouldBe([Address("198.51.100.5")]);
    }

    [Fact]
    public void The_long_window_can_be_switched_off()
    {
        _decider.Long.Options = new PersistenceOptions { Enabled = false };
        for (var i = 0; i < 500; i++, Pass(TimeSpan.FromMinutes(5)))
        {
            Show("192.0.2.1", Behaviour.LoneDot);
        }

        _bans.ShouldBeEmpty();
    }

    [Fact]
    public void One_user_from_many_unrelated_networks_is_a_takeover_and_its_logins_protect_nobody()
    {
        for (var i = 0; i < 132; i++, Pass(TimeSpan.FromSeconds(20)))
        {
            Login($"{20 + i}.9.0.1", "carol");
        }

        _takeovers[0].User.ShouldBe("carol");
        _takeovers[0].Networks.Count.ShouldBe(8);
        _takeovers[^1].Clients.Count.ShouldBe(128);
        for (var i = 0; i < 60; i++, Pass(TimeSpan.FromSeconds(5)))
        {
            Fail("25.9.0.1");
        }

        _bans.ShouldHaveSingleItem().Client.ShouldBe(Address("25.9.0.1"));
    }

    [Fact]
    public void A_company_a_roaming_phone_and_networks_known_of_old_are_no_takeover()
    {
        for (var i = 0; i < 200; i++, Pass(TimeSpan.FromSeconds(20)))
        {
            Login("192.0.2.1", $"user{i}");
            Login(((string[])["198.51.100.7", "203.0.113.9", "20.1.0.1", "21.1.0.1"])[i % 4], "dave");
        }

        // A machine's account that many sites use, one more each day.
        for (var day = 0; day < 30; day++, Pass(TimeSpan.FromDays(1)))
        {
            for (var site = 0; site <= day; site++)
            {
                Login($"{40 + site}.1.0.1", "scanner");
            }
        }

        _takeovers.ShouldBeEmpty();
    }

    [Fact]
    public void A_login_buys_no_lone_dots_and_no_guesses_of_others_passwords()
    {
        Login("192.0.2.1", "carol");
        Login("192.0.2.2", "dave");
        for (var i = 0; i < 12; i++)
        {
            Show("192.0.2.1", Behaviour.LoneDot);
        }

        for (var i = 0; i < 375 && !_decider.Book.IsBanned(Address("192.0.2.2")); i++, Pass(TimeSpan.FromSeconds(0.16)))
        {
            Fail("192.0.2.2", name: i + 1);
        }

        _bans.Select(ban => ban.Client).ShouldBe([Address("192.0.2.1"), Address("192.0.2.2")]);
    }

    [Theory]
    [InlineData("2001:db8:5:{0}::1", 60, 9, "2001:db8:5::/48")]
    [InlineData("203.0.113.{0}", 50, 5, "203.0.113.0/24")]
    public void A_network_whose_clients_share_the_work_is_banned_as_a_whole(string form, int clients, int each, string network)
    {
        for (var i = 0; i < each; i++)
        {
            for (var client = 1; client <= clients; client++, Pass(TimeSpan.FromMilliseconds(500)))
            {
                Show(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, client), Behaviour.LoneDot);
            }
        }

        _bans.ShouldHaveSingleItem().Network.ToString().ShouldBe(network);
    }

    [Fact]
    public void A_network_in_which_somebody_delivers_is_not_banned_as_a_whole_nor_one_of_few_clients()
    {
        Deliver("203.0.113.200");
        for (var i = 0; i < 5; i++)
        {
            for (var client = 1; client <= 50; client++)
            {
                Show($"203.0.113.{client}", Behaviour.LoneDot);
            }

            for (var client = 1; client <= 4; client++)
            {
                Show($"198.51.100.{client}", Behaviour.LoneDot);
                Show($"198.51.100.{client}", Behaviour.HttpRequest, id: 50_000_000 + _id);
            }
        }

        _bans.Where(ban => !ban.Network.IsSingle).ShouldBeEmpty();
    }

    private static ClientAddress Address(string text)
    {
        ClientAddress.TryParse(text, out var address).ShouldBeTrue();
        return address;
    }

    private void Pass(TimeSpan time)
    {
        _now += time;
        _decider.Tick(_now);
    }

    private void Show(string client, Behaviour behaviour, SessionTraits traits = SessionTraits.None, byte failures = 1, int variety = 0, ulong? id = null) =>
        _decider.RecordSession(Session(client, behaviour, traits, failures, variety, id), "mail.log", _now);

    private SessionReport Session(string client, Behaviour behaviour, SessionTraits traits, byte failures, int variety, ulong? id) => new()
    {
        Id = id ?? ++_id,
        Client = Address(client),
        Mark = new SessionMark(LogTime.From(_now), BehaviourSet.Of(behaviour), traits, failures),
        Variety = variety,
    };

    private void Fail(string client, int name = 0) => Show(client, Behaviour.AuthFailure, SessionTraits.LoginFailed, variety: name);

    private void Login(string client, string user) => _decider.RecordSession(
        new SessionReport
        {
            Id = ClientWindows.Deliveries,
            Client = Address(client),
            Mark = new SessionMark(LogTime.From(_now), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted | SessionTraits.LoggedIn),
            Accepted = 1,
            User = user,
        },
        "mail.log",
        _now);

    private void Deliver(string client) => _decider.RecordSession(
        new SessionReport
        {
            Id = ClientWindows.Deliveries,
            Client = Address(client),
            Mark = new SessionMark(LogTime.From(_now), BehaviourSet.Of(Behaviour.Delivered), SessionTraits.Accepted),
            Accepted = 1,
        },
        "mail.log",
        _now);
}
