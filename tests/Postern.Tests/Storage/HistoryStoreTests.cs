using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Storage;

namespace Postern.Tests.Storage;

/// <summary>Numbers over time, by minute, hour and day, within bounds.</summary>
public sealed class HistoryStoreTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 25, 10, 59, 30, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-history-").FullName;
    private readonly HistoryStore _store;

    public HistoryStoreTests() => _store = new HistoryStore(Path.Combine(_folder, HistoryStore.FileName), new FakeTimeProvider());

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Each_number_is_added_to_its_minute_hour_and_day_and_the_highest_of_a_peak_counts()
    {
        Add(s_start, 3, 700);
        Add(s_start.AddSeconds(20), 2, 500);
        Add(s_start.AddMinutes(1), 4, 900);
        Add(s_start.AddDays(1), 1, 1);
        Read(60, TimeSpan.FromMinutes(10)).ShouldBe([("lag_ms", 0, 700), ("lag_ms", 1, 900), ("sessions", 0, 5), ("sessions", 1, 4)]);
        Read(3600, TimeSpan.FromHours(10)).ShouldBe([("lag_ms", 0, 700), ("lag_ms", 1, 900), ("sessions", 0, 5), ("sessions", 1, 4)]);
        Read(86_400, TimeSpan.FromDays(3)).ShouldBe([("lag_ms", 0, 900), ("lag_ms", 1, 1), ("sessions", 0, 9), ("sessions", 1, 1)]);
    }

    [Fact]
    public void Minutes_go_after_two_days_hours_after_two_months_and_days_after_two_years()
    {
        Add(s_start, 1, 1);
        Add(s_start.AddDays(3), 1, 1);
        Read(60, TimeSpan.FromDays(1)).ShouldBeEmpty();
        Read(3600, TimeSpan.FromDays(1)).ShouldNotBeEmpty();
        Add(s_start.AddDays(70), 1, 1);
        Read(3600, TimeSpan.FromDays(1)).ShouldBeEmpty();
        Read(86_400, TimeSpan.FromDays(1)).ShouldNotBeEmpty();
        Add(s_start.AddDays(900), 1, 1);
        Read(86_400, TimeSpan.FromDays(1)).ShouldBeEmpty();
    }

    [Fact]
    public void No_more_than_two_hundred_series_are_kept()
    {
        _store.Add(s_start, Enumerable.Range(0, 300).Select(i => KeyValuePair.Create($"behaviour/{i}", 1L)), []);
        _store.Read(60, s_start, s_start.AddMinutes(1)).Count.ShouldBe(200);
    }

    [Fact]
    public void A_restart_goes_on_where_it_was_and_a_broken_file_is_set_aside()
    {
        Add(s_start, 3, 1);
        _store.Dispose();
        Read(60, TimeSpan.FromMinutes(1)).ShouldContain(("sessions", 0, 3));
        _store.Dispose();
        File.WriteAllText(Path.Combine(_folder, HistoryStore.FileName), new string('x', 5000));
        Should.Throw<Postern.Engine.Ledger.LedgerException>(() => Add(s_start, 1, 1)).Message.ShouldContain("set aside");
        Add(s_start, 1, 1);
        Read(60, TimeSpan.FromMinutes(1)).ShouldContain(("sessions", 0, 1));
    }

    private void Add(DateTimeOffset at, long sessions, long lag) => _store.Add(at, [new("sessions", sessions)], [new("lag_ms", lag)]);

    private List<(string Name, long Step, long Number)> Read(long step, TimeSpan length) =>
        [.. _store.Read(step, s_start, s_start + length).Select(row => (row.Name, (row.At / step) - (s_start.ToUnixTimeSeconds() / step), row.Number)).Order()];
}
