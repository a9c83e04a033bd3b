using FsCheck.Xunit;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Tests.Support;
using static Postern.Tests.Storage.LedgerFolder;

namespace Postern.Tests.Storage;

/// <summary>What is put in comes out again, after a restart and in the form that a start needs.</summary>
public sealed class SqliteLedgerTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    [Fact]
    public void A_new_ledger_is_empty_and_nobody_elses_to_read()
    {
        var state = _folder.Load();
        state.Bans.ShouldBeEmpty();
        state.Failures.ShouldBeEmpty();
        state.SetAside.ShouldBeNull();
        (OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(_folder.Path) & UnixFileMode.OtherRead).ShouldBe(UnixFileMode.None);
    }

    [Fact]
    public void Everything_comes_back_as_it_was()
    {
        ClientAddress.TryParse("2001:db8:ffff:1:2:3:4:5", out var six).ShouldBeTrue();
        var changes = new LedgerChanges
        {
            Failures = { Failure(ulong.MaxValue), Failure(7, client: 2, jail: "postfix-sasl"), Failure(1) with { Client = six, Lines = default } },
            Bans = { Ban(1), Ban(2) with { Network = ClientNetwork.Of(Client(2), 24) }, Ban(3) with { Client = six, Network = ClientNetwork.Of(six, 64) } },
            Suppressed = { new(Client(4), "postfix", Now, ProtectionReason.GenuineByChecks, "its DNS shows…", Now.AddHours(1)) },
            Days = { new(Client(4), new DateOnly(2026, 3, 5), Delivered: true, Hostile: false, LoggedIn: false) },
            Allowed = { new("2001:db8::/48", Now) },
            Positions = { new("/var/log/mail.log", ulong.MaxValue - 5, 1L << 40, null) { CountedFileId = 9, CountedOffset = 11 }, new("journal", 3, 4, "s=1;i=2") },
        };
        using (var ledger = _folder.Open())
        {
            ledger.Commit(changes);
        }

        var state = _folder.Load();
        state.Bans.ShouldBe(changes.Bans, ignoreOrder: true);
        state.Past.ShouldBeEmpty();
        state.Suppressed.ShouldBe(changes.Suppressed);
        state.Days.ShouldBe(changes.Days);
        state.Allowed.ShouldBe(changes.Allowed);
        state.Positions.ShouldBe(changes.Positions, ignoreOrder: true);
        state.Failures.Select(Text).ShouldBe(changes.Failures.Select(Text), ignoreOrder: true);
    }

    [Fact]
    public void A_ban_whose_time_ended_while_nobody_ran_is_told_until_it_is_ended()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, hours: 1), Ban(2, hours: 3) } });
        var later = Now.AddHours(2);
        var state = _folder.Load(later);
        state.Bans.ShouldBe([Ban(2, hours: 3)]);
        state.Past.ShouldBe([Ban(1)]);
        state.Lapsed.ShouldBe([Ban(1)]);
        ledger.Commit(new LedgerChanges { Ended = { new(Ban(1).Network, "postfix", later, IsPardon: false) } });
        state = _folder.Load(later);
        state.Lapsed.ShouldBeEmpty();
        state.Past.ShouldBe([Ban(1)]);
    }

    [Fact]
    public void A_failure_that_has_grown_is_one_failure_still()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { Failure(5), Failure(5) with { Mark = Marks.Of(3, Behaviour.HttpRequest) } } });
        ledger.Commit(new LedgerChanges { Failures = { Failure(5) with { Mark = Marks.Of(4, Behaviour.TlsScan) } } });
        ledger.FailuresOf(ClientNetwork.Of(Client(1)), 10).ShouldHaveSingleItem().Mark.Behaviours.ShouldBe([Behaviour.TlsScan]);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData("INFO@", 1)]
    [InlineData("sasl_username", 2)]
    [InlineData("100%", 1)]
    [InlineData("1_0", 0)]
    [InlineData("\\", 0)]
    [InlineData("nobody", 0)]
    public void Failures_are_found_by_a_part_of_their_lines(string? text, int found)
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { With(1, "sasl_username=info@example.org"), With(2, "SASL_USERNAME=100%"), With(3, "something else") } });
        ledger.FailuresWith(text, 10).Count.ShouldBe(found);
        ledger.FailuresWith(null, 2).Select(failure => failure.Id).ShouldBe([3ul, 2ul]);
    }

    private static Failure With(ulong id, string line) => Failure(id) with { Lines = System.Text.Encoding.Latin1.GetBytes(line) };

    [Fact]
    public void One_line_may_fail_in_two_jails()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { Failure(5), Failure(5, jail: "postfix-sasl") } });
        ledger.FailuresOf(ClientNetwork.Of(Client(1)), 10).Count.ShouldBe(2);
    }

    [Fact]
    public void More_text_than_is_kept_of_a_failure_is_cut()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { Failure(5) with { Lines = new byte[100_000] } } });
        ledger.FailuresOf(ClientNetwork.Of(Client(1)), 10)[0].Lines.Length.ShouldBe(Postern.Facts.Failure.MostText);
    }

    [Fact]
    public void Only_failures_that_may_still_count_are_loaded()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { Failure(1, seconds: 0), Failure(2, seconds: 50), Failure(3, seconds: 100) } });
        ledger.Load(Now, Now.AddSeconds(50)).Failures.Select(failure => failure.Id).ShouldBe([2ul, 3ul]);
    }

    [Fact]
    public void A_ban_that_is_over_is_past_and_only_the_last_of_its_network_and_jail()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, from: -90_000), Ban(1, from: -50_000, repetition: 2), Ban(1, from: -50_000, jail: "other"), Ban(2) } });
        var state = ledger.Load(Now, Now);
        state.Bans.ShouldBe([Ban(2)]);
        state.Past.ShouldBe([Ban(1, from: -50_000, repetition: 2), Ban(1, from: -50_000, jail: "other")], ignoreOrder: true);
        ledger.Load(Now.AddHours(1), Now).Bans.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_ban_replaces_the_one_that_stands()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, from: 60, hours: 5) } });
        ledger.Load(Now, Now).Bans.ShouldBe([Ban(1, from: 60, hours: 5)]);
        ledger.BansOf(ClientNetwork.Of(Client(1)), 10).Count.ShouldBe(1);
    }

    [Fact]
    public void A_ban_that_ended_early_stands_no_more_and_ended_then()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, repetition: 3) } });
        ledger.Commit(new LedgerChanges { Ended = { new(ClientNetwork.Of(Client(1)), "postfix", Now.AddMinutes(5), IsPardon: false) } });
        var state = ledger.Load(Now.AddMinutes(6), Now);
        state.Bans.ShouldBeEmpty();
        state.Past.ShouldHaveSingleItem().ShouldBe(Ban(1, repetition: 3) with { Until = Now.AddMinutes(5) });
    }

    [Fact]
    public void A_ban_that_was_lifted_is_no_repetition_but_its_failures_are_paid_for()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, repetition: 3) }, Ended = { new(ClientNetwork.Of(Client(1)), "postfix", Now.AddMinutes(5), IsPardon: true) } });
        var past = ledger.Load(Now.AddMinutes(6), Now).Past.ShouldHaveSingleItem();
        past.Repetition.ShouldBe(0);
        past.From.ShouldBe(Now);
    }

    [Fact]
    public void A_ban_may_end_and_the_next_begin_in_one_commit()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        ledger.Commit(new LedgerChanges { Bans = { Ban(1, from: 3600, repetition: 2) }, Ended = { new(ClientNetwork.Of(Client(1)), "postfix", Now.AddHours(1), IsPardon: false) } });
        var state = ledger.Load(Now.AddHours(1), Now);
        state.Bans.ShouldBe([Ban(1, from: 3600, repetition: 2)]);
        state.Past.ShouldBe([Ban(1)]);
    }

    [Fact]
    public void Bans_of_a_network_are_those_within_it_and_those_around_it()
    {
        using var ledger = _folder.Open();
        var around = Ban(1, from: 10) with { Network = ClientNetwork.Of(Client(1), 24) };
        ledger.Commit(new LedgerChanges { Bans = { Ban(1), Ban(2, from: 5), around, Ban(3) with { Network = ClientNetwork.Of(ClientAddress.FromIPv4(0xC0000300), 24) } } });
        ledger.BansOf(ClientNetwork.Of(Client(1)), 10).ShouldBe([around, Ban(1)]);
        ledger.BansOf(ClientNetwork.Of(Client(1), 24), 10).ShouldBe([around, Ban(2, from: 5), Ban(1)]);
        ledger.BansOf(ClientNetwork.Of(Client(1), 0), 2).Count.ShouldBe(2);
    }

    [Fact]
    public void Days_are_joined()
    {
        using var ledger = _folder.Open();
        var day = new SenderDay(Client(1), new DateOnly(2026, 3, 5), Delivered: true, Hostile: false, LoggedIn: false);
        ledger.Commit(new LedgerChanges { Days = { day } });
        ledger.Commit(new LedgerChanges { Days = { day with { Delivered = false, Hostile = true }, day with { Delivered = false, LoggedIn = true } } });
        ledger.Load(Now, Now).Days.ShouldBe([day with { Hostile = true, LoggedIn = true }]);
    }

    [Fact]
    public void Only_protections_by_DNS_that_still_hold_are_loaded_and_all_are_told()
    {
        using var ledger = _folder.Open();
        SuppressedBan Made(double minutes, ProtectionReason reason) => new(Client(1), "postfix", Now.AddMinutes(minutes), reason, "x", Now.AddMinutes(minutes + 60));
        ledger.Commit(new LedgerChanges { Suppressed = { Made(-90, ProtectionReason.GenuineByChecks), Made(-30, ProtectionReason.GenuineByChecks), Made(-20, ProtectionReason.ProvenSender) } });
        ledger.Load(Now, Now).Suppressed.ShouldBe([Made(-30, ProtectionReason.GenuineByChecks)]);
        ledger.SuppressedOf(ClientNetwork.Of(Client(1), 24), 2).ShouldBe([Made(-20, ProtectionReason.ProvenSender), Made(-30, ProtectionReason.GenuineByChecks)]);
    }

    [Fact]
    public void Who_is_allowed_twice_is_allowed_once()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Allowed = { new("mx.partner.example", Now), new("mx.partner.example", Now.AddHours(1)) } });
        ledger.Load(Now, Now).Allowed.ShouldBe([new("mx.partner.example", Now.AddHours(1))]);
    }

    [Fact]
    public void Who_is_allowed_for_a_time_is_kept_with_its_end_and_who_is_removed_is_gone()
    {
        using var ledger = _folder.Open();
        ledger.Commit(new LedgerChanges { Allowed = { new("192.0.2.1", Now) { Until = Now.AddDays(7) }, new("192.0.2.2", Now), new("192.0.2.3", Now) } });
        ledger.Commit(new LedgerChanges { Allowed = { new("192.0.2.2", Now) { IsRemoved = true }, new("192.0.2.3", Now) { IsRemoved = true }, new("192.0.2.3", Now) } });
        ledger.Load(Now, Now).Allowed.ShouldBe([new("192.0.2.1", Now) { Until = Now.AddDays(7) }, new("192.0.2.3", Now)]);
    }

    [Property(MaxTest = 20)]
    public void Whatever_a_client_writes_comes_back_byte_by_byte(byte[] lines, string text, ulong id)
    {
        // A lone half of a character outside the plane cannot be kept as text, and nobody names a jail so.
        var name = new string([.. text.Where(c => !char.IsSurrogate(c))]);
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Commit(new LedgerChanges { Failures = { Failure(id) with { Lines = lines, Source = name } }, Bans = { Ban(1) with { Reason = name } } });
        var state = ledger.Load(Now, DateTimeOffset.MinValue);
        state.Failures.Single().Lines.ToArray().ShouldBe(lines.Take(Postern.Facts.Failure.MostText));
        state.Failures.Single().Source.ShouldBe(name);
        state.Bans.Single().Reason.ShouldBe(name);
    }

    public void Dispose() => _folder.Dispose();

    private static string Text(Failure failure) =>
        $"{failure.Id} {failure.Client} {failure.Mark} {failure.Jail} {failure.Source} {Convert.ToHexString(failure.Lines.Span)}";
}
