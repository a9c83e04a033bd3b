using Microsoft.Data.Sqlite;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using static Postern.Tests.Storage.LedgerFolder;

namespace Postern.Tests.Storage;

/// <summary>Kills, broken files and files of other releases.</summary>
public sealed class LedgerLossTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    [Fact]
    public void What_was_committed_outlives_a_kill_at_any_moment()
    {
        using var ledger = _folder.Open();
        for (var i = 0u; i < 60; i++)
        {
            ledger.Commit(new LedgerChanges { Bans = { Ban(i) }, Positions = { new("/var/log/mail.log", 1, i) }, Failures = { Failure(i, client: i) } });
            if (i % 7 == 0)
            {
                using var killed = _folder.Copy();
                var state = killed.Load();
                state.SetAside.ShouldBeNull();
                state.Bans.Count.ShouldBe((int)i + 1);
                state.Failures.Count.ShouldBe((int)i + 1);
                state.Positions.Single().Offset.ShouldBe(i);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public void A_commit_that_was_cut_off_is_not_there_at_all(int lost)
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) }, Positions = { new("/var/log/mail.log", 1, 1) } });
        ledger.Commit(Many(2, 200));
        using var killed = _folder.Copy();
        using (var log = File.OpenWrite(killed.Path + "-wal"))
        {
            log.SetLength(log.Length - lost);
        }

        var state = killed.Load();
        state.SetAside.ShouldBeNull();
        (state.Bans.Count, state.Positions.Single().Offset).ShouldBe((1, 1L));
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_set_aside()
    {
        File.WriteAllText(_folder.Path, "Dear diary, today nobody knocked. " + new string('x', 10_000));
        var state = _folder.Load();
        state.SetAside.ShouldBe(_folder.Path + ".corrupt-20260305T120000");
        File.ReadAllText(state.SetAside!).ShouldStartWith("Dear diary");
        state.Bans.ShouldBeEmpty();
        _folder.Load().SetAside.ShouldBeNull();
    }

    [Fact]
    public void A_database_of_another_program_is_set_aside_whole()
    {
        Run("CREATE TABLE others (x); INSERT INTO others VALUES (1)");
        var aside = _folder.Load().SetAside;
        using var other = new SqliteConnection($"Data Source={aside};Pooling=False");
        other.Open();
        other.Number("SELECT count(*) FROM others").ShouldBe(1);
    }

    [Fact]
    public void A_ledger_without_one_of_its_tables_is_set_aside()
    {
        _folder.Load();
        Run("DROP TABLE bans");
        _folder.Load().SetAside.ShouldNotBeNull();
    }

    [Fact]
    public void No_more_than_a_few_broken_ledgers_are_kept()
    {
        for (var i = 0; i < 9; i++)
        {
            File.WriteAllText(_folder.Path, new string('x', 5_000));
            _folder.Load().SetAside.ShouldNotBeNull();
            _folder.Clock.Advance(TimeSpan.FromSeconds(i % 2));
        }

        Directory.GetFiles(_folder.Folder, "*.corrupt-*").Length.ShouldBe(4);
    }

    [Fact]
    public void A_ledger_of_a_later_release_is_left_alone()
    {
        _folder.Load();
        Run("PRAGMA user_version = 1000");
        using var ledger = _folder.Open();
        var error = Should.Throw<LedgerException>(() => ledger.Load(Now, Now));
        error.Trouble.ShouldBe(LedgerTrouble.Newer);
        error.Message.ShouldContain("version 1000");
        Should.Throw<LedgerException>(() => ledger.Commit(Many(1, 1))).Trouble.ShouldBe(LedgerTrouble.Newer);
        Directory.GetFiles(_folder.Folder, "*.corrupt-*").ShouldBeEmpty();
    }

    [Fact]
    public void An_older_ledger_is_brought_up_to_date_step_by_step_and_keeps_what_it_has()
    {
        string[] steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 7", "CREATE TABLE b (z); INSERT INTO b SELECT y FROM a"];
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        LedgerSchema.Migrate(connection, _folder.Path, steps[..1]);
        connection.Run("INSERT INTO a VALUES (1)");
        LedgerSchema.Migrate(connection, _folder.Path, steps);
        connection.Number("PRAGMA user_version").ShouldBe(3);
        connection.Number("SELECT z FROM b").ShouldBe(7);
    }

    [Fact]
    public void A_step_that_fails_leaves_the_ledger_at_the_one_before()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        Should.Throw<SqliteException>(() => LedgerSchema.Migrate(connection, _folder.Path, ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"]));
        connection.Number("PRAGMA user_version").ShouldBe(1);
        connection.Number("SELECT count(*) FROM sqlite_schema").ShouldBe(1);
    }

    [Fact]
    public void Bytes_broken_anywhere_are_set_aside_or_said_and_never_more()
    {
        using (var ledger = _folder.Open())
        {
            ledger.Commit(Many(1, 120));
        }

        // Always the same places, so that a failure can be looked into.
        var random = new Random(20261125);
        var whole = File.ReadAllBytes(_folder.Path);
        var broken = 0;
        for (var i = 0; i < 90; i++)
        {
            using var copy = new LedgerFolder();
            var bytes = whole.ToArray();
            switch (i % 3)
            {
                case 0: bytes[random.Next(i % 2 == 0 ? 400 : bytes.Length)] ^= (byte)(1 << random.Next(8)); break;
                case 1: random.NextBytes(bytes.AsSpan(random.Next(bytes.Length - 600), 600)); break;
                default: bytes = bytes[..random.Next(bytes.Length)]; break;
            }

            File.WriteAllBytes(copy.Path, bytes);
            using var ledger = copy.Open();
            try
            {
                broken += ledger.Load(Now, DateTimeOffset.MinValue).SetAside is null ? 0 : 1;
                ledger.Commit(Many(500, 20));
                ledger.FailuresOf(ClientNetwork.Of(Client(1), 0), 1_000);
                ledger.BansOf(ClientNetwork.Of(Client(1), 0), 1_000);
                ledger.Prune(Now.AddDays(400));
            }
            catch (LedgerException)
            {
                broken++;
            }
        }

        broken.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Garbage_in_the_log_beside_it_costs_only_what_was_in_the_log()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        using var killed = _folder.Copy();
        var log = File.ReadAllBytes(killed.Path + "-wal");
        new Random(1).NextBytes(log.AsSpan(log.Length / 2));
        File.WriteAllBytes(killed.Path + "-wal", log);
        var state = killed.Load();
        state.SetAside.ShouldBeNull();
        using var again = killed.Open();
        again.Commit(new LedgerChanges { Bans = { Ban(2) } });
        again.Load(Now, Now).Bans.ShouldContain(Ban(2));
    }

    [Fact]
    public void A_ledger_that_breaks_while_it_is_used_is_set_aside_and_said()
    {
        using var ledger = _folder.Open();
        for (var i = 0u; i < 4; i++)
        {
            // More than SQLite keeps in memory, or it would not see that the file is broken.
            var changes = Many(1 + (i * 1_000), 1_000);
            for (var j = 0; j < changes.Failures.Count; j++)
            {
                changes.Failures[j] = changes.Failures[j] with { Lines = new byte[Postern.Facts.Failure.MostText] };
            }

            ledger.Commit(changes);
        }

        ledger.Dispose();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        var bytes = File.ReadAllBytes(_folder.Path);
        bytes.AsSpan(4096).Fill(0x5A);
        File.WriteAllBytes(_folder.Path, bytes);
        var error = Should.Throw<LedgerException>(() => ledger.Prune(Now.AddDays(400)));
        error.Trouble.ShouldBe(LedgerTrouble.Corrupt);
        error.Message.ShouldContain(".corrupt-20260305T120000");
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        _folder.Load().Bans.ShouldBe([Ban(1)]);
    }

    [Fact]
    public void A_folder_in_its_place_is_said()
    {
        Directory.CreateDirectory(_folder.Path);
        using var ledger = _folder.Open();
        Should.Throw<LedgerException>(() => ledger.Load(Now, Now)).Trouble.ShouldBe(LedgerTrouble.CannotOpen);
        Should.Throw<LedgerException>(() => ledger.Commit(Many(1, 1))).Message.ShouldStartWith(_folder.Path);
    }

    [Fact]
    public void Another_process_may_read_it_meanwhile()
    {
        using var ledger = _folder.Open();
        ledger.Commit(Many(1, 10));
        using var other = new SqliteConnection($"Data Source={_folder.Path};Mode=ReadOnly;Pooling=False");
        other.Open();
        other.Number("SELECT count(*) FROM bans").ShouldBe(10);
        ledger.Commit(Many(20, 10));
        other.Number("SELECT count(*) FROM bans").ShouldBe(20);
    }

    public void Dispose() => _folder.Dispose();

    private static LedgerChanges Many(uint first, uint count)
    {
        var changes = new LedgerChanges { Positions = { new("/var/log/mail.log", 1, first) } };
        for (var i = first; i < first + count; i++)
        {
            changes.Failures.Add(Failure(i, client: i % 50, seconds: i));
            changes.Bans.Add(Ban(i));
            changes.Days.Add(new(Client(i), new DateOnly(2026, 3, 5), Delivered: true, Hostile: false, LoggedIn: false));
            changes.Suppressed.Add(new(Client(i), "postfix", Now, ProtectionReason.GenuineByChecks, "x", Now.AddHours(1)));
        }

        return changes;
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
