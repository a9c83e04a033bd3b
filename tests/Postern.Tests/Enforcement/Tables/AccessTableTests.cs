using Microsoft.Extensions.Time.Testing;
using Postern.Enforcement;
using Postern.Enforcement.Tables;
using Postern.Facts;

namespace Postern.Tests.Enforcement.Tables;

/// <summary>Bans as a file: whole at any time, never missing, and never somebody else's words.</summary>
public sealed class AccessTableTests : IDisposable
{
    private const string Head = "# Written by Postern. What is changed here is lost.\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-table-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 1, 0, 0, TimeSpan.Zero));

    private string FilePath => Path.Combine(_folder, "access.cidr");

    private DateTimeOffset Later => _time.GetUtcNow().AddHours(1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(AccessTableForm.Postscreen, "192.0.2.1/32\treject\n192.0.2.128/25\treject\n2001:db8::/64\treject\n")]
    [InlineData(AccessTableForm.Smtpd, "192.0.2.1/32\t521 5.7.1 No\n192.0.2.128/25\t521 5.7.1 No\n2001:db8::/64\t521 5.7.1 No\n")]
    [InlineData(AccessTableForm.List, "192.0.2.1/32\n192.0.2.128/25\n2001:db8::/64\n")]
    public async Task Each_form_has_a_line_a_network(AccessTableForm form, string expected)
    {
        await using var table = Table(form);
        await table.OpenAsync([Entry("2001:db8::/64"), Entry("192.0.2.128/25"), Entry("192.0.2.1")], TestContext.Current.CancellationToken);
        (await ReadAsync()).ShouldBe(Head + expected);
        (table.State, table.Trouble).ShouldBe((FirewallState.Standing, null));
    }

    [Fact]
    public async Task Changes_are_written_and_what_is_over_is_left_out()
    {
        await using var table = Table();
        await table.OpenAsync([Entry("192.0.2.1"), Entry("192.0.2.2")], TestContext.Current.CancellationToken);
        await table.ApplyAsync(
            [new(Network("192.0.2.3"), Later), new(Network("192.0.2.1"), null), new(Network("192.0.2.4"), _time.GetUtcNow().AddSeconds(-1))], TestContext.Current.CancellationToken);
        (await ReadAsync()).ShouldBe(Head + "192.0.2.2/32\n192.0.2.3/32\n");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Everybody_may_read_it_and_only_its_owner_may_write()
    {
        await using var table = Table();
        await table.OpenAsync([], TestContext.Current.CancellationToken);
#pragma warning disable CA1416 // Postfix runs on none.
        File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task What_somebody_else_wrote_or_removed_is_mended()
    {
        await using var table = Table();
        await table.OpenAsync([Entry("192.0.2.1")], TestContext.Current.CancellationToken);
        (await CompareAsync(table)).IsNone.ShouldBeTrue();
        await File.AppendAllTextAsync(FilePath, "0.0.0.0/0\n", TestContext.Current.CancellationToken);
        (await CompareAsync(table)).WasRebuilt.ShouldBeTrue();
        (await ReadAsync()).ShouldBe(Head + "192.0.2.1/32\n");
        File.Delete(FilePath);
        (await CompareAsync(table)).WasRebuilt.ShouldBeTrue();
        (await ReadAsync()).ShouldBe(Head + "192.0.2.1/32\n");
    }

    [Fact]
    public async Task It_stays_empty_at_the_end_for_Postfix_needs_the_file()
    {
        await using var table = Table();
        await table.OpenAsync([Entry("192.0.2.1")], TestContext.Current.CancellationToken);
        await table.CloseAsync(TestContext.Current.CancellationToken);
        (await ReadAsync()).ShouldBe(Head);
        table.State.ShouldBe(FirewallState.Closed);
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_next_file_is_not_followed()
    {
        var victim = Path.Combine(_folder, "victim");
        await File.WriteAllTextAsync(victim, "mine", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(FilePath + ".new", victim);
        await using var table = Table();
        await table.OpenAsync([Entry("192.0.2.1")], TestContext.Current.CancellationToken);
        (await File.ReadAllTextAsync(victim, TestContext.Current.CancellationToken)).ShouldBe("mine");
        (await ReadAsync()).ShouldContain("192.0.2.1");
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_a_trouble_that_ends_when_it_is_there()
    {
        var path = Path.Combine(_folder, "absent", "access.cidr");
        await using var table = new AccessTable(new AccessTableOptions { Path = path }, _time);
        await table.OpenAsync([Entry("192.0.2.1")], TestContext.Current.CancellationToken);
        (table.State, table.Trouble!.StartsWith(path + " cannot be written: ", StringComparison.Ordinal)).ShouldBe((FirewallState.Failed, true));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await CompareAsync(table);
        (table.State, table.Trouble).ShouldBe((FirewallState.Standing, null));
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldContain("192.0.2.1/32\treject");
    }

    private AccessTable Table(AccessTableForm form = AccessTableForm.List) => new(new AccessTableOptions { Path = FilePath, Form = form, Answer = "521 5.7.1 No" }, _time);

    private Task<FirewallDrift> CompareAsync(AccessTable table) => table.CompareAsync(() => [Entry("192.0.2.1")], isThorough: true, TestContext.Current.CancellationToken);

    private Task<string> ReadAsync() => File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken);

    private FirewallEntry Entry(string network) => new(Network(network), Later);

    private static ClientNetwork Network(string text) => ClientNetwork.TryParse(text, out var network) ? network : throw new ArgumentException(text, nameof(text));
}
