using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Sharing;
using Postern.Cli.Sharing.Records;
using Postern.Engine.Ledger;
using Postern.Facts;

namespace Postern.Tests.Sharing;

/// <summary>What a host makes of its own changes and of those of others.</summary>
public sealed class SharedStateTests
{
    private const long Skew = 3_600_000;
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly ClientNetwork s_one = ClientNetwork.Of(ClientAddress.FromIPv4(0xC0000201));
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly ServerClock _clock;
    private readonly SharedState _state;

    public SharedStateTests()
    {
        _clock = new ServerClock(_time);
        _state = new SharedState("mx1", _clock, process: 7);
    }

    private static long Now => s_now.ToUnixTimeMilliseconds();

    [Fact]
    public void The_end_of_a_ban_is_told_by_the_servers_clock()
    {
        Read(Skew);
        _state.NoteOwn(new LedgerChanges { Bans = { Ban(TimeSpan.FromHours(1)) } }).ShouldBeEmpty();
        var ban = Waiting().OfType<SharedBan>().Single();
        (ban.At, ban.End, ban.Host).ShouldBe((Now + Skew, Now + Skew + 3_600_000, "mx1"));
    }

    [Fact]
    public void What_is_not_this_hosts_is_not_told_again()
    {
        Read(0);
        _state.NoteOwn(new LedgerChanges
        {
            Bans = { Ban(TimeSpan.FromHours(1)) with { Host = "mx2" }, Ban(TimeSpan.FromHours(1)) with { IsDryRun = true } },
            Ended = { new EndedBan(s_one, "postfix", s_now, IsPardon: true) { IsForeign = true }, new EndedBan(s_one, "postfix", s_now, IsPardon: false) },
            ForeignDays = { new SenderDay(s_one.First, new DateOnly(2026, 11, 29), true, false, false) },
            Allowed = { new AllowedEntry("192.0.2.1", s_now) { IsForeign = true } },
        }).ShouldBeEmpty();
        _state.Waiting.ShouldBe(0);
    }

    [Fact]
    public void A_ban_that_was_made_and_lifted_in_one_turn_is_told_as_lifted()
    {
        Read(0);
        var ban = Ban(TimeSpan.FromHours(1));
        _state.NoteOwn(new LedgerChanges { Bans = { ban }, Ended = { new EndedBan(s_one, "postfix", s_now, IsPardon: true) { From = ban.From } } });
        Waiting().ShouldAllBe(change => change is SharedUnban);
        _state.Of(s_one, "postfix").ShouldBeNull();
    }

    [Fact]
    public void A_ban_that_follows_an_unban_in_the_same_moment_holds()
    {
        Read(0);
        _state.NoteOwn(new LedgerChanges { Ended = { new EndedBan(s_one, "postfix", s_now, IsPardon: true) { From = s_now.AddHours(-1) } }, Bans = { Ban(TimeSpan.FromHours(1)) } });
        _state.Of(s_one, "postfix").ShouldNotBeNull().Host.ShouldBe("mx1");
    }

    [Fact]
    public void An_operator_can_make_a_ban_shorter_and_a_jail_cannot()
    {
        Read(0);
        foreach (var jail in (string[])["operator", "postfix"])
        {
            _state.Take(new SharedBan("mx2", Now, Now + 90_000_000, s_one, jail, s_one.First)).IsNews.ShouldBeTrue();
            _state.NoteOwn(new LedgerChanges { Bans = { Ban(TimeSpan.FromHours(1)) with { Jail = jail } } });
        }

        _state.Of(s_one, "operator").ShouldNotBeNull().End.ShouldBe(Now + 3_600_000);
        _state.Of(s_one, "postfix").ShouldNotBeNull().End.ShouldBe(Now + 90_000_000);
    }

    [Fact]
    public void What_was_noted_before_the_clock_was_known_is_told_by_the_servers()
    {
        var lasting = _state.NoteOwn(new LedgerChanges { Ended = { new EndedBan(s_one, "postfix", s_now, IsPardon: true) { From = s_now.AddHours(-1) } } });
        lasting.Count.ShouldBe(1);
        Read(Skew);
        _state.Settle();
        Waiting().Single().At.ShouldBe(Now + Skew);
    }

    [Fact]
    public void A_ban_that_ended_elsewhere_meanwhile_is_not_told_again()
    {
        Read(0);
        _state.Take(new SharedUnban("mx2", Now + 1000, Now + 90_000_000, s_one, "postfix"));
        _state.Compare(Ban(TimeSpan.FromHours(1)), isLost: true).ShouldBeTrue();
        _state.Waiting.ShouldBe(0);
        _state.Compare(Ban(TimeSpan.FromHours(1)) with { From = s_now.AddSeconds(5) }, isLost: false).ShouldBeFalse();
        _state.Waiting.ShouldBe(1);
    }

    [Fact]
    public void A_veto_is_told_once()
    {
        Read(0);
        var ban = new SharedBan("mx2", Now, Now + 90_000_000, s_one, "postfix", s_one.First);
        _state.Take(ban);
        var spared = new SuppressedBan(s_one.First, "postfix", s_now, ProtectionReason.ProvenSender, "it delivered", s_now);
        _state.NoteVeto(spared, ban).ShouldNotBeNull();
        _state.NoteVeto(spared, ban).ShouldBeNull();
        _state.Of(s_one, "postfix").ShouldBeNull();
    }

    [Fact]
    public void The_end_of_a_ban_is_remembered_for_as_long_as_the_ban_would_last_though_nothing_is_known_of_it()
    {
        _state.NoteOwn(new LedgerChanges { Ended = { new EndedBan(s_one, "postfix", s_now, IsPardon: true) { From = s_now.AddHours(-1), Until = s_now.AddDays(10) } } });
        Read(Skew);
        _state.Settle();
        var unban = Waiting().OfType<SharedUnban>().Single();
        (unban.At, unban.Keep).ShouldBe((Now + Skew, Now + Skew + (11 * 86_400_000L)));
    }

    [Fact]
    public void A_veto_is_kept_as_long_as_a_longer_ban_that_it_prevents()
    {
        Read(0);
        var ban = new SharedBan("mx2", Now, Now + 3_600_000, s_one, "postfix", s_one.First);
        _state.Take(ban);
        var veto = _state.NoteVeto(new SuppressedBan(s_one.First, "postfix", s_now, ProtectionReason.ProvenSender, "it delivered", s_now), ban).ShouldNotBeNull();
        var longer = ban with { Jail = "slow", End = Now + 864_000_000 };
        _state.Take(longer);
        _state.ExtendVeto(longer).ShouldNotBeNull().ShouldBe(veto with { Keep = longer.End + 86_400_000 });
        _state.ExtendVeto(longer).ShouldBeNull();
        // What began after the veto, and what another host spares, is none of its.
        _state.ExtendVeto(longer with { At = veto.End + 1, End = longer.End + 1 }).ShouldBeNull();
        _state.Of(s_one, "slow").ShouldBeNull();
    }

    [Fact]
    public void What_ends_and_prevents_bans_is_told_again_where_the_server_has_it_no_more_or_an_older_word()
    {
        Read(0);
        SharedChange[] known =
        [
            new SharedUnban("mx2", Now - 1000, Now + 90_000_000, s_one, "postfix"), new SharedUnban("mx2", Now - 1000, Now + 90_000_000, s_one, "slow"),
            new SharedUnban("mx2", Now - 9000, Now - 1, s_one, "over"),
            new SharedVeto("mx2", Now, Now + 3_600_000, Now + 3_600_000, s_one.First, ProtectionReason.ProvenSender, "it delivered"),
            new SharedAllow("mx3", Now - 500, long.MaxValue, "192.0.2.9", IsRemoved: true),
        ];
        foreach (var change in known)
        {
            _state.Recall(change);
        }

        _state.BeginSnapshot(9);
        _state.Take(new SharedUnban("mx3", Now - 1000, Now + 90_000_000, s_one, "slow"));
        _state.Take(new SharedUnban("mx3", Now - 2000, Now + 90_000_000, s_one, "postfix"));
        // The ban of a dump that is older than the end of it.
        _state.Take(new SharedBan("mx3", Now - 3000, Now + 3_600_000, s_one, "postfix", s_one.First)).IsNews.ShouldBeFalse();
        _state.EndSnapshot(isTold: true);
        Waiting().ShouldBe([new SharedUnban("mx1", Now - 1000, Now + 90_000_000, s_one, "postfix"), known[3], known[4]], ignoreOrder: true);
        _state.Of(s_one, "postfix").ShouldBeNull();
    }

    [Fact]
    public void Of_its_own_bans_a_host_tells_again_what_the_server_lacks()
    {
        Read(0);
        _state.BeginSnapshot(1);
        _state.Take(new SharedBan("mx1", Now, Now + 3_600_000, s_one, "postfix", s_one.First));
        _state.Compare(Ban(TimeSpan.FromHours(1)), isLost: true);
        _state.Waiting.ShouldBe(0);
        _state.Compare(Ban(TimeSpan.FromHours(2)), isLost: true);
        _state.Compare(Ban(TimeSpan.FromHours(1)) with { Jail = "slow" }, isLost: true);
        _state.EndSnapshot(isTold: true);
        Waiting().OfType<SharedBan>().Select(static ban => (ban.Jail, ban.End - Now)).ShouldBe([("postfix", 7_200_000), ("slow", 3_600_000)], ignoreOrder: true);
    }

    [Fact]
    public void A_host_that_tells_nobody_anything_tells_nothing_again()
    {
        Read(0);
        _state.Recall(new SharedUnban("mx2", Now - 1000, Now + 90_000_000, s_one, "postfix"));
        _state.BeginSnapshot(0);
        _state.EndSnapshot(isTold: false);
        _state.Waiting.ShouldBe(0);
    }

    [Fact]
    public void A_namesakes_words_are_taken_and_an_earlier_process_is_none()
    {
        Read(0);
        _state.Started = Now;
        var day = new SharedDay("mx1", Now + 5000, new SenderDay(s_one.First, new DateOnly(2026, 11, 29), true, false, false));
        foreach (var (process, at, isNamesakes) in ((long, long, bool)[])[(7, Now + 5000, false), (9, Now + 5000, true), (9, Now - 1, false)])
        {
            var told = day with { Process = process, At = at };
            (_state.Take(told).IsNews, _state.IsOfNamesake(told)).ShouldBe((isNamesakes, isNamesakes));
        }

        // A moment before this process began is no proof of another one.
        _state.IsOfNamesake(day with { Process = 9, At = Now + 500 }).ShouldBeFalse();
        _state.IsOfNamesake(day with { Host = "mx2", Process = 9 }).ShouldBeFalse();
    }

    private void Read(long skew) => _clock.Set(Now + skew, _time.GetTimestamp());

    private IReadOnlyList<SharedChange> Waiting() => _state.WithPending(static pending => pending.Peek(100));

    private static Ban Ban(TimeSpan length) => new()
    {
        Network = s_one,
        Client = s_one.First,
        Jail = "postfix",
        From = s_now,
        Until = s_now + length,
        Reason = "test",
    };
}
