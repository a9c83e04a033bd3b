using Microsoft.Extensions.Time.Testing;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Metrics;
using Postern.Cli.Storage;

namespace Postern.Tests.Daemon.History;

/// <summary>What the plots show is what the metrics counted, each once.</summary>
public sealed class HistoryRecorderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("postern-recorder-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 10, 0, 30, TimeSpan.Zero));
    private readonly HistoryRecorder _recorder;
    private long _sessions;

    public HistoryRecorderTests() =>
        _recorder = new HistoryRecorder(new HistoryStore(Path.Combine(_folder, HistoryStore.FileName), _time), _ => Task.FromResult(Metrics()), _ => { }, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _recorder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_written_and_what_came_since_are_each_in_their_minute()
    {
        _sessions = 5;
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 25, 10, 1, 0, TimeSpan.Zero));
        await _recorder.WriteAsync(Stop);
        _sessions = 7;
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 25, 10, 1, 30, TimeSpan.Zero));
        var hour = (await _recorder.ReadAsync("hour", "en", Stop))!;
        var values = hour.Series.Single(line => line.Name is "sessions").Values;
        (values.Count, values[^2], values[^1], values.Sum()).ShouldBe((61, 5, 2, 7));
        hour.Series.Single(line => line.Name is "behaviour/lone-dot").Values.Sum().ShouldBe(7);
        hour.Names["lone-dot"].ShouldBe("lone dot");
        hour.From.AddSeconds(hour.StepSeconds * 60).ShouldBe(new DateTimeOffset(2026, 11, 25, 10, 1, 0, TimeSpan.Zero));
        foreach (var range in (string[])["day", "week", "month", "year"])
        {
            (await _recorder.ReadAsync(range, "ja", Stop))!.Series.Single(line => line.Name is "sessions").Values.Sum().ShouldBe(7, range);
        }

        (await _recorder.ReadAsync("century", "en", Stop)).ShouldBeNull();
    }

    private MetricsReply Metrics() => new()
    {
        Metrics =
        [
            new MetricFamily(MetricCatalogue.Sessions.Name, "counter", null, "") { Samples = [new(new(StringComparer.Ordinal), _sessions)] },
            new MetricFamily(MetricCatalogue.Behaviours.Name, "counter", null, "") { Samples = [new(new(StringComparer.Ordinal) { ["behaviour"] = "lone-dot" }, _sessions), new(new(StringComparer.Ordinal) { ["behaviour"] = "hangup" }, 0)] },
        ],
    };
}
