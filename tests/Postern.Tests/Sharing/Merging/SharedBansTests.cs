using FsCheck.Xunit;
using Postern.Cli.Sharing.Merging;
using Postern.Cli.Sharing.Records;
using Postern.Facts;

namespace Postern.Tests.Sharing.Merging;

/// <summary>Hosts that have seen the same changes hold the same bans, whatever the order, and however often they saw them.</summary>
public sealed class SharedBansTests
{
    private static readonly ClientNetwork s_one = Network("192.0.2.1");

    [Property(MaxTest = 500)]
    public void Any_order_and_any_repetition_give_the_same(int seed)
    {
        var random = new Random(seed);
        SharedChange[] changes = [.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => Any(random))];
        var first = Merged(changes);
        for (var i = 0; i < 5; i++)
        {
            SharedChange[] shuffled = [.. changes, .. changes.Where(_ => random.Next(3) == 0)];
            random.Shuffle(shuffled);
            Shown(Merged(shuffled)).ShouldBe(Shown(first), $"seed {seed}: {string.Join("\n", changes.AsEnumerable())}");
        }
    }

    [Property(MaxTest = 300)]
    public void A_host_that_takes_a_snapshot_of_another_and_goes_on_holds_what_all_hold(int seed)
    {
        var random = new Random(seed);
        SharedChange[] changes = [.. Enumerable.Range(0, 12).Select(_ => Any(random))];
        var late = Merged(changes[6..]);
        foreach (var change in changes[..6])
        {
            late.Merge(change);
        }

        Shown(late).ShouldBe(Shown(Merged(changes)));
    }

    [Property(MaxTest = 300)]
    public void What_is_forgotten_when_its_time_is_over_changes_nothing_that_holds(int seed)
    {
        var random = new Random(seed);
        SharedChange[] changes = [.. Enumerable.Range(0, 12).Select(_ => Any(random))];
        var (kept, forgetful) = (Merged(changes), Merged(changes));
        forgetful.Forget(50);
        kept.Active(50).ToHashSet().SetEquals(forgetful.Active(50)).ShouldBeTrue();
    }

    [Fact]
    public void The_later_end_wins()
    {
        var bans = Merged(Ban("mx1", 1, 100), Ban("mx2", 2, 90));
        bans.Of(s_one, "postfix").ShouldBe(new BanSpan(1, 100, "mx1"));
    }

    [Fact]
    public void An_unban_ends_older_bans_and_no_newer_one()
    {
        var bans = Merged(Ban("mx1", 1, 100), new SharedUnban("mx2", 5, 200, s_one, "postfix"));
        bans.Of(s_one, "postfix").ShouldBeNull();
        bans.HasEnded(s_one, "postfix", 5).ShouldBeTrue();
        bans.Merge(Ban("mx1", 4, 300)).ShouldBeFalse();
        bans.Merge(Ban("mx1", 6, 80)).ShouldBeTrue();
        bans.Of(s_one, "postfix").ShouldBe(new BanSpan(6, 80, "mx1"));
    }

    [Fact]
    public void A_shorter_ban_that_is_newer_than_the_unban_comes_to_hold()
    {
        var bans = Merged(Ban("mx2", 5, 50), Ban("mx1", 1, 100), new SharedUnban("mx3", 3, 200, s_one, "postfix"));
        bans.Of(s_one, "postfix").ShouldBe(new BanSpan(5, 50, "mx2"));
    }

    [Fact]
    public void A_veto_spares_a_client_from_jails_and_not_from_the_operator()
    {
        var bans = Merged(Ban("mx1", 1, 100), Ban("mx1", 1, 100) with { Jail = "operator" }, Veto(end: 40));
        bans.Of(s_one, "postfix").ShouldBeNull();
        bans.Of(s_one, "operator").ShouldNotBeNull();
        bans.Merge(Ban("mx1", 41, 100)).ShouldBeTrue();
        bans.Of(s_one, "postfix").ShouldNotBeNull();
    }

    [Fact]
    public void Of_an_entry_that_was_allowed_the_last_word_counts()
    {
        var bans = Merged(new SharedAllow("mx1", 5, long.MaxValue, "192.0.2.1", IsRemoved: true), new SharedAllow("mx2", 3, long.MaxValue, "192.0.2.1", IsRemoved: false));
        bans.Allowed.Single().IsRemoved.ShouldBeTrue();
    }

    private static SharedBans Merged(params IEnumerable<SharedChange> changes)
    {
        var bans = new SharedBans();
        foreach (var change in changes)
        {
            bans.Merge(change);
        }

        return bans;
    }

    private static string Shown(SharedBans bans) => string.Join("\n",
    [
        .. bans.Active(0).Select(ban => $"{ban.Network} {ban.Jail} {ban.Span}").Order(StringComparer.Ordinal),
        .. bans.Vetoes.Select(veto => veto.ToString()).Order(StringComparer.Ordinal),
        .. bans.Allowed.Select(allow => allow.ToString()).Order(StringComparer.Ordinal),
        .. bans.Unbans.Select(unban => unban.ToString()).Order(StringComparer.Ordinal),
    ]);

    private static SharedChange Any(Random random)
    {
        var (host, at, end) = ($"mx{random.Next(3)}", random.Next(1, 60), random.Next(1, 100));
        var network = Network($"192.0.2.{random.Next(1, 3)}");
        return random.Next(9) switch
        {
            < 5 => Ban(host, at, end) with { Network = network, Jail = random.Next(4) == 0 ? "operator" : "postfix" },
            5 or 6 => new SharedUnban(host, at, 200, network, random.Next(4) == 0 ? "operator" : "postfix"),
            7 => Veto(end) with { Host = host, At = at, Client = network.First, Detail = $"{random.Next(2)}" },
            _ => new SharedAllow(host, at, end, network.ToString(), random.Next(2) == 0),
        };
    }

    private static SharedBan Ban(string host, long at, long end) => new(host, at, end, s_one, "postfix", s_one.First);

    private static SharedVeto Veto(long end) => new("mx9", 2, end, 200, s_one.First, ProtectionReason.ProvenSender, "it delivered");

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new FormatException(text);
}
