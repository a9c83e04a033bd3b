using System.Threading.Channels;
using Postern.Capture.Journal;
using Postern.Capture.Logs;
using Postern.Capture.Notices;
using Postern.Cli.Configuration;
using Postern.Facts;

namespace Postern.Cli.Daemon.Sources;

/// <summary>
/// Keeps a follower at work for each source of the configuration, and changes them with it: what stays is followed on without
/// a break. A source that comes back is read from where the start of the run found it; what was counted is known again by its
/// place and does not count twice.
/// </summary>
/// <param name="taker">Takes what is read.</param>
/// <param name="say">Told of trouble, and of its end.</param>
/// <param name="forget">Told of a source that is followed no more.</param>
/// <param name="start">Owns the followers' tasks.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceSupervisor(SourceTaker taker, Action<SourceTrouble> say, Action<string> forget, PartStarter start, TimeProvider time) : IAsyncDisposable
{
    private readonly Dictionary<string, (LogSource Source, Task Work, CancellationTokenSource Stop)> _followed = new(StringComparer.Ordinal);

    /// <summary>What is followed, in the configuration's order.</summary>
    public IReadOnlyList<LogSource> Sources { get; private set; } = [];

    /// <summary>The source's name in positions, status and messages.</summary>
    public static string NameOf(LogSource source) => source.Name ?? (source.Kind == LogSourceKind.Journal ? JournalFollower.Source : source.Path!);

    /// <summary>True where lines of that name come from the source: its own, or that of a file beside its pattern.</summary>
    public static bool Gives(LogSource source, string name) => source.IsPattern
        ? string.Equals(Path.GetDirectoryName(name), Path.GetDirectoryName(source.Path), StringComparison.Ordinal)
        : string.Equals(name, NameOf(source), StringComparison.Ordinal);

    /// <summary>Follows these from now on, and no others.</summary>
    public async Task FollowAsync(IReadOnlyList<LogSource> sources)
    {
        var wanted = sources.Select(source => (Key: Key(source), Source: source)).DistinctBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        foreach (var key in _followed.Keys.Except(wanted.Select(pair => pair.Key), StringComparer.Ordinal).ToList())
        {
            await EndAsync(key);
        }

        foreach (var (key, source) in wanted.Where(pair => !_followed.ContainsKey(pair.Key)))
        {
            var stop = new CancellationTokenSource();
            // What begins again after a fault reads on from the last place that is kept: nothing counts twice.
            _followed[key] = (source, start($"following {NameOf(source)}", end => FollowAsync(source, end), stop.Token), stop);
        }

        Sources = [.. wanted.Select(pair => pair.Source)];
    }

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var key in _followed.Keys.ToList())
        {
            await EndAsync(key);
        }
    }

    private async Task EndAsync(string key)
    {
        _followed.Remove(key, out var one);
        await one.Stop.CancelAsync();
        await one.Work;
        one.Stop.Dispose();
        forget(NameOf(one.Source));
    }

    private Task FollowAsync(LogSource source, CancellationToken stop)
    {
        var known = taker.Positions(source);
        var place = known.FirstOrDefault(place => string.Equals(place.Source, NameOf(source), StringComparison.Ordinal));
        return source.Kind switch
        {
            LogSourceKind.Journal => new JournalFollower(Journal(source), place, time, say).RunAsync(taker.Lines, stop),
            LogSourceKind.Notices => new NoticeFollower(source.Path!, place, time, say).RunAsync(taker.Notices!, stop),
            _ => new LogFollower(source.Path!, known, time, say).RunAsync(taker.Lines, stop),
        };
    }

    // One that is named is followed by its matches alone, be they none.
    private static JournalOptions Journal(LogSource source)
    {
        var usual = new JournalOptions();
        return usual with
        {
            Name = NameOf(source),
            Directory = source.Path,
            Matches = source.Name is not null || source.Matches.Count > 0 ? source.Matches : usual.Matches,
        };
    }

    private static string Key(LogSource source) => $"{source.Kind}\n{source.Path}\n{string.Join('\n', source.Matches)}";
}

/// <summary>Where followed sources put what they read.</summary>
/// <param name="Lines">The lines of logs and the journal.</param>
/// <param name="Notices">The notices of mailboxes; null where there are none.</param>
/// <param name="Positions">How far a source was read before.</param>
internal sealed record SourceTaker(ChannelWriter<LineBatch> Lines, ChannelWriter<FollowedNotice>? Notices, Func<LogSource, IReadOnlyList<SourcePosition>> Positions);
