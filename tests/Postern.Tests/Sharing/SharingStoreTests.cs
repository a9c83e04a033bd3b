using Postern.Cli.Storage;

namespace Postern.Tests.Sharing;

/// <summary>What sharing remembers beyond a restart.</summary>
public sealed class SharingStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-sharing-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_subject_the_highest_rank_is_known_and_no_longer_than_it_is_of_use()
    {
        using (var store = Open())
        {
            store.Know([([1], 100, Record(5, "first")), ([2], 300, Record(5, "other"))]);
            store.Know([([1], 200, Record(6, "later")), ([2], 400, Record(4, "older"))]);
        }

        using (var store = Open())
        {
            store.Known().ShouldBe([Record(6, "later"), Record(5, "other")], ignoreOrder: true);
            store.Forget(200);
            store.Known().ShouldHaveSingleItem().ShouldBe(Record(5, "other"));
            store.Forget(400);
            store.Known().ShouldBeEmpty();
        }
    }

    private SharingStore Open() => new(Path.Combine(_folder, SharingStore.FileName));

    // A version, a kind and the rank come first.
    private static byte[] Record(byte rank, string rest) => [1, 2, 0, 0, 0, 0, 0, 0, 0, rank, .. System.Text.Encoding.ASCII.GetBytes(rest)];
}
