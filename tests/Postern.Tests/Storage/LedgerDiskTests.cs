using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using static Postern.Tests.Storage.LedgerFolder;

namespace Postern.Tests.Storage;

/// <summary>A disk of one megabyte that fills up, and one that turns read-only; needs the right to mount.</summary>
public sealed class LedgerDiskTests : IDisposable
{
    private readonly string _disk = Directory.CreateTempSubdirectory("postern-disk-").FullName;
    private readonly bool _isMounted;

    public LedgerDiskTests() => _isMounted = Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _disk);

    private string Ledger => Path.Combine(_disk, "postern.sqlite");

    [Fact]
    public void A_full_disk_is_said_loses_nothing_that_was_kept_and_is_used_again_once_there_is_room()
    {
        Assert.SkipUnless(_isMounted, "Mounting a disk of a test's own needs root.");
        using var ledger = Open();
        ledger.Commit(new LedgerChanges { Bans = { Ban(1) } });
        File.WriteAllBytes(Path.Combine(_disk, "ballast"), new byte[200_000]);
        LedgerException? error = null;
        var kept = 0ul;
        for (; error is null; kept++)
        {
            error = Try(() => ledger.Commit(new LedgerChanges { Failures = { Failure(kept) with { Lines = new byte[4_000] } } }));
        }

        error.Trouble.ShouldBe(LedgerTrouble.DiskFull);
        error.Message.ShouldBe($"{Ledger}: the disk is full, nothing more can be kept in the ledger; free some space");
        File.Delete(Path.Combine(_disk, "ballast"));
        ledger.Commit(new LedgerChanges { Bans = { Ban(2) } });
        var state = ledger.Load(Now, DateTimeOffset.MinValue);
        state.SetAside.ShouldBeNull();
        state.Bans.Count.ShouldBe(2);
        state.Failures.Count.ShouldBe((int)kept - 1);
    }

    [Fact]
    public void A_disk_that_is_full_from_the_beginning_is_said()
    {
        Assert.SkipUnless(_isMounted, "Mounting a disk of a test's own needs root.");
        Try(() => File.WriteAllBytes(Path.Combine(_disk, "ballast"), new byte[2_000_000]));
        using var ledger = Open();
        Try(() => ledger.Load(Now, Now)).ShouldNotBeNull().Trouble.ShouldBe(LedgerTrouble.DiskFull);
        File.Delete(Path.Combine(_disk, "ballast"));
        ledger.Load(Now, Now).Bans.ShouldBeEmpty();
    }

    [Fact]
    public void A_disk_that_turns_read_only_is_said_and_the_ledger_is_not_set_aside()
    {
        Assert.SkipUnless(_isMounted, "Mounting a disk of a test's own needs root.");
        using (var before = Open())
        {
            before.Commit(new LedgerChanges { Bans = { Ban(1) } });
        }

        Run("mount", "-o", "remount,ro", _disk).ShouldBeTrue();
        using var ledger = Open();
        var error = Try(() => ledger.Load(Now, Now)).ShouldNotBeNull();
        error.Trouble.ShouldBeOneOf(LedgerTrouble.ReadOnly, LedgerTrouble.CannotOpen);
        error.Message.ShouldStartWith(Ledger);
        Try(() => ledger.Commit(new LedgerChanges { Bans = { Ban(2) } })).ShouldNotBeNull();
        Run("mount", "-o", "remount,rw", _disk).ShouldBeTrue();
        ledger.Load(Now, Now).Bans.ShouldBe([Ban(1)]);
        Directory.GetFiles(_disk, "*.corrupt-*").ShouldBeEmpty();
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _disk);
        }

        Directory.Delete(_disk, recursive: true);
    }

    private SqliteLedger Open() => new(Ledger, new LedgerOptions(), new FakeTimeProvider(Now));

    private static LedgerException? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (LedgerException error)
        {
            return error;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
