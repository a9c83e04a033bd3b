using Microsoft.Data.Sqlite;
using Postern.Cli.Storage;
using Postern.Decisions.Brake;
using Postern.Engine.Ledger;
using Postern.Facts;
using static Postern.Tests.Storage.LedgerFolder;

namespace Postern.Tests.Storage;

/// <summary>A file of each released version is read, and what dry runs decided stays theirs.</summary>
public sealed class OlderLedgerTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    [Fact]
    public void A_file_of_version_1_keeps_its_bans_and_failures_by_the_numbers_of_then()
    {
        var text = $"{Convert.ToHexString(Bytes(Client(1)))}";
        var (from, until) = (Now.UtcTicks, Now.AddHours(1).UtcTicks);
        Write(1, $"""
            INSERT INTO failures (id, client, jail, at, zone, behaviours, traits, count, variety, source, lines)
                VALUES (1, x'{text}', '', {from}, 0, 1 | (1 << 23), 16, 1, 0, 'mail.log', x''), (2, x'{text}', 'sshd', {from}, 0, 0, 0, 1, 0, 'auth.log', x'');
            INSERT INTO bans (first, prefix, jail, since, until, client, reason, failures, repetition)
                VALUES (x'{text}', 32, 'postfix', {from}, {until}, x'{text}', '10 lone-dot within 10m', 10, 1),
                       (x'{text}', 32, 'sshd', {from}, {until}, x'{text}', '5 failures by fail2ban''s filter', 5, 1);
            INSERT INTO suppressed (client, jail, at, reason, detail, until) VALUES (x'{text}', 'postfix', {from}, 5, 'its DNS', {until});
            INSERT INTO days (client, day, did) VALUES (x'{text}', 739000, 3);
            INSERT INTO allowed (entry, at) VALUES ('mx.example.org', {from});
            INSERT INTO positions (source, file, offset, cursor, counted_file, counted_offset) VALUES ('mail.log', 1, 2, NULL, 1, 2);
            """);
        var state = _folder.Load();
        state.SetAside.ShouldBeNull();
        state.Bans.Select(ban => ban.Jail).ShouldBe(["postfix", "fail2ban/sshd"], ignoreOrder: true);
        state.Failures.Single(failure => failure.Jail is null).Mark.Behaviours.ShouldBe([Behaviour.LoneDot, Behaviour.Delivered], ignoreOrder: true);
        state.Failures.Single(failure => failure.Id == 2).Jail.ShouldBe("fail2ban/sshd");
        state.Suppressed.ShouldHaveSingleItem().Reason.ShouldBe(ProtectionReason.GenuineByChecks);
        state.Days.ShouldHaveSingleItem().ShouldBe(new SenderDay(Client(1), DateOnly.FromDayNumber(739000), Delivered: true, Hostile: false, LoggedIn: false));
        state.Allowed.ShouldHaveSingleItem();
        state.Positions.ShouldHaveSingleItem();
        state.CorrespondentKey.Length.ShouldBe(32);
        _folder.Load().CorrespondentKey.ShouldBe(state.CorrespondentKey);
    }

    [Fact]
    public void A_real_start_takes_nothing_over_that_a_dry_run_decided_but_what_it_learned_and_what_was_ordered()
    {
        using (var dry = new SqliteLedger(_folder.Path, new LedgerOptions(), _folder.Clock, isDryRun: true))
        {
            dry.Commit(new LedgerChanges
            {
                Bans = { Ban(1), Ban(2, from: -7000) },
                Failures = { Failure(1) },
                Suppressed = { new(Client(4), "postfix", Now, ProtectionReason.GenuineByChecks, "its DNS", Now.AddHours(1)) },
                Days = { new(Client(4), new DateOnly(2026, 3, 5), Delivered: true, Hostile: false, LoggedIn: false) },
                Allowed = { new("2001:db8::/48", Now) },
            });
            var again = dry.Load(Now, DateTimeOffset.MinValue);
            again.Bans.ShouldBe([Ban(1) with { IsDryRun = true }]);
            again.Failures.Count.ShouldBe(1);
            dry.BansOf(ClientNetwork.Of(Client(1)), 10).ShouldHaveSingleItem().IsDryRun.ShouldBeTrue();
        }

        using var real = _folder.Open();
        var state = real.Load(Now, DateTimeOffset.MinValue);
        state.Bans.ShouldBeEmpty();
        state.Past.ShouldBeEmpty();
        state.Lapsed.ShouldBeEmpty();
        state.Failures.ShouldBeEmpty();
        state.Suppressed.ShouldBeEmpty();
        state.Days.ShouldHaveSingleItem();
        state.Allowed.ShouldHaveSingleItem();

        // A real ban ends without the dry run's, and begins without it.
        real.Commit(new LedgerChanges { Bans = { Ban(1, from: 60) } });
        real.Commit(new LedgerChanges { Ended = { new(Ban(1).Network, "postfix", Now.AddMinutes(2), IsPardon: true) } });
        real.Load(Now.AddMinutes(3), Now).Bans.ShouldBeEmpty();
        using var later = new SqliteLedger(_folder.Path, new LedgerOptions(), _folder.Clock, isDryRun: true);
        later.Load(Now, Now).Bans.ShouldBe([Ban(1) with { IsDryRun = true }]);
    }

    [Fact]
    public void A_ban_that_was_lifted_does_not_return_whatever_stood_before_it()
    {
        using var ledger = _folder.Open();
        // As a kill leaves them: an earlier ban of the same jail without its end.
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, hours: 100) } });
        Run("INSERT INTO bans (first, prefix, jail, since, until, client, reason, failures, repetition) SELECT first, prefix, jail, since - 10, until, client, reason, failures, repetition FROM bans");
        ledger.Commit(new LedgerChanges { Ended = { new(Ban(1).Network, "postfix", Now.AddMinutes(1), IsPardon: true) { From = Ban(1).From } } });
        _folder.Load(Now.AddMinutes(2)).Bans.ShouldBeEmpty();
    }

    [Fact]
    public void A_ban_that_is_made_and_taken_back_in_the_same_moment_is_over()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) }, Ended = { new(Ban(1).Network, "postfix", Ban(1).From, IsPardon: true) { From = Ban(1).From } } });
        ledger.Load(Now, Now).Bans.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_brake_holds_and_whom_users_wrote_to_come_back()
    {
        var hold = new BrakeHold("dns-lists", Now, "40 of 41", IsWeak: true, NamedOnly: false);
        var span = new BrakeSpan(hold with { Since = Now.AddDays(-2), NamedOnly = true }, Now.AddDays(-2).AddMinutes(-10), Now.AddDays(-2).AddHours(1));
        using (var ledger = _folder.Open())
        {
            ledger.Commit(new LedgerChanges { Holds = [hold], Spans = [span], Correspondents = { new(UInt128.MaxValue - 5, new DateOnly(2026, 3, 5)), new(7, new DateOnly(2026, 3, 4)) } });
            ledger.Commit(new LedgerChanges { Correspondents = { new(7, new DateOnly(2026, 3, 1)) } });
        }

        var state = _folder.Load();
        state.Holds.ShouldBe([hold]);
        state.Spans.ShouldBe([span]);
        state.Correspondents.ShouldBe([new(UInt128.MaxValue - 5, new DateOnly(2026, 3, 5)), new(7, new DateOnly(2026, 3, 4))], ignoreOrder: true);
        using var after = _folder.Open();
        after.Commit(new LedgerChanges { Holds = [] });
        after.Load(Now, Now).Holds.ShouldBeEmpty();
        after.Load(Now, Now).Spans.ShouldBe([span]);
        after.Prune(new DateTimeOffset(2026, 6, 3, 0, 0, 0, TimeSpan.Zero));
        after.Load(Now, Now).Correspondents.ShouldHaveSingleItem().Hash.ShouldBe(UInt128.MaxValue - 5);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(ClientAddress address) => address.Bytes();

    private void Write(int version, string rows)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        foreach (var step in LedgerSchema.Steps.Take(version).Append(rows).Append($"PRAGMA user_version = {version}"))
        {
            connection.Run(step);
        }
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
