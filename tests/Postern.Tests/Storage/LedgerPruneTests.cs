using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using static Postern.Tests.Storage.LedgerFolder;

namespace Postern.Tests.Storage;

/// <summary>The ledger stays as small as it is told to.</summary>
public sealed class LedgerPruneTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    [Fact]
    public void What_is_older_than_its_retention_goes_and_nothing_else()
    {
        using var ledger = _folder.Open();
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        ledger.Commit(new LedgerChanges
        {
            Failures = { Failure(1, seconds: -(7 * 86_400) - 1), Failure(2, seconds: -(7 * 86_400)) },
            Bans = { Ban(1, from: -91 * 86_400.0), Ban(2, from: -89 * 86_400.0), Ban(3, from: -200 * 86_400.0, hours: 24 * 365) },
            Days = { new(Client(1), day.AddDays(-41), true, false, false), new(Client(1), day.AddDays(-40), true, false, false) },
            Suppressed = { Made(1, -91), Made(2, -89) },
        });
        ledger.Prune(Now);
        var state = ledger.Load(Now, DateTimeOffset.MinValue);
        state.Failures.Select(failure => failure.Id).ShouldBe([2ul]);
        state.Past.Select(ban => ban.Client).ShouldBe([Client(2)]);
        state.Bans.Select(ban => ban.Client).ShouldBe([Client(3)]);
        state.Days.Select(entry => entry.Day).ShouldBe([day.AddDays(-40)]);
        ledger.SuppressedOf(ClientNetwork.Of(Client(0), 24), 10).Select(made => made.Client).ShouldBe([Client(2)]);
    }

    [Fact]
    public void Of_too_many_the_oldest_go_and_bans_that_stand_never()
    {
        using var ledger = _folder.Open(new LedgerOptions { MostFailures = 1_000, MostBans = 10, MostSuppressed = 5 });
        var changes = new LedgerChanges();
        for (var i = 0u; i < 6_500; i++)
        {
            changes.Failures.Add(Failure(i, client: i % 200, seconds: -(double)((i * 7_919) % 6_500)));
        }

        for (var i = 0u; i < 30; i++)
        {
            changes.Bans.Add(Ban(i, from: i < 15 ? -10_000 - i : 0));
            changes.Suppressed.Add(Made(i, -i / 30.0));
        }

        ledger.Commit(changes);
        ledger.Prune(Now);
        var state = ledger.Load(Now, DateTimeOffset.MinValue);
        state.Failures.Count.ShouldBe(1_000);
        state.Failures.Min(failure => failure.Mark.Time).ShouldBe(Failure(0, seconds: -999).Mark.Time);
        state.Bans.Count.ShouldBe(15);
        state.Past.ShouldBeEmpty();
        ledger.SuppressedOf(ClientNetwork.Of(Client(0), 24), 100).Count.ShouldBe(5);
    }

    [Fact]
    public void A_ledger_that_is_too_large_shrinks_on_the_disk_as_well()
    {
        using (var ledger = _folder.Open(new LedgerOptions { MostBytes = 2 << 20 }))
        {
            for (var round = 0ul; round < 10; round++)
            {
                var changes = new LedgerChanges();
                for (var i = 0ul; i < 1_000; i++)
                {
                    changes.Failures.Add(Failure((round * 1_000) + i, seconds: (round * 1_000) + i) with { Lines = new byte[3_000] });
                }

                ledger.Commit(changes);
            }

            ledger.Prune(Now);
            var left = ledger.Load(Now, DateTimeOffset.MinValue).Failures;
            left.Count.ShouldBeLessThan(1_000);
        }

        new FileInfo(_folder.Path).Length.ShouldBeLessThan(12 << 20);
    }

    public void Dispose() => _folder.Dispose();

    private static SuppressedBan Made(uint client, double days) =>
        new(Client(client), "postfix", Now.AddDays(days), ProtectionReason.ProvenSender, "x", Now.AddDays(days));
}
