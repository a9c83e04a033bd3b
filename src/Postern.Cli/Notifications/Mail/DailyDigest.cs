using System.Globalization;
using System.Text;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Telling;
using Postern.Cli.Storage;
using Postern.Engine.Ledger;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Cli.Notifications.Mail;

/// <summary>
/// The summary of the day, made once at the time of day that the operator chose, also on a quiet day: one that does not come tells
/// that something is wrong. What was counted outlives a restart.
/// </summary>
/// <param name="settings">When, and in which language.</param>
/// <param name="store">Keeps the counts.</param>
/// <param name="state">What is so now: active bans, and problems.</param>
/// <param name="publish">Takes the summary: its title and its text. Gives null, or why it could not be mailed.</param>
/// <param name="say">Told once what went wrong, and null when it works again.</param>
/// <param name="host">This host's name.</param>
/// <param name="isDryRun">True where nobody is kept out.</param>
/// <param name="time">The clock.</param>
internal sealed class DailyDigest(
    NotifySettings settings, NotificationStore store, Func<(int ActiveBans, IReadOnlyList<string> Problems)> state, Func<string, string, CancellationToken, Task<string?>> publish,
    Action<string?> say, string host, bool isDryRun, TimeProvider time)
{
    private const string SentDay = "digest-day";
    private const string Since = "digest-since";
    private const int MostRows = 10;
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(5);

    private readonly HappeningText _text = new(settings.Language);
    private readonly DayTally _tally = new();
    private readonly Lock _lock = new();
    private Dictionary<string, long> _marks = new(StringComparer.Ordinal);
    private readonly TroubleTeller _trouble = new(say);

    /// <summary>Counts what happened, without waiting.</summary>
    public void Take(Happening one)
    {
        lock (_lock)
        {
            _tally.Add(one);
        }
    }

    /// <summary>Looks now and then whether it is time, until stopped; then the counts are kept.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Load();
        try
        {
            while (true)
            {
                await Task.Delay(UntilNext(), time, stop);
                await LookAsync(stop);
                Keep(isForced: false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Keep(isForced: true);
        }
    }

    /// <summary>The title and text of the day so far.</summary>
    public (string Title, string Text) Write()
    {
        var words = _text.Words;
        var now = time.GetLocalNow();
        var (active, problems) = state();
        var text = new StringBuilder();
        lock (_lock)
        {
            text.Append(words.DigestPeriod(Short(SinceOf(now)), Short(now))).Append("\n\n");
            text.Append(words.DigestBans(Number("bans"), active, isDryRun)).Append('\n');
            Rows(text, _tally.Of("jail:").Select(static row => (SafeText.Escape(row.Name), row.Number)));

            text.Append(words.DigestEnded(Number("ended"))).Append('\n').Append(words.DigestSpared(Number("spared"))).Append('\n');
            var reports = ReportLanguages.For(settings.Language);
            Rows(text, words.DigestReasons, _tally.Of("behaviour:").Select(row => (BehaviourNames.TryParse(row.Name, out var behaviour) ? reports.Name(behaviour) : row.Name, row.Number)));
            Rows(text, words.DigestAlerts, _tally.Of("topic:").Select(row => (NotificationTopics.Alerts.Where(topic => topic.Id().Equals(row.Name, StringComparison.Ordinal)).Select(words.Topic).FirstOrDefault(row.Name), row.Number)));
        }

        if (problems.Count > 0)
        {
            text.Append('\n').Append(words.DigestProblems).Append('\n');
            foreach (var problem in problems.Take(MostRows))
            {
                text.Append("  ").Append(SafeText.Escape(problem)).Append('\n');
            }
        }

        return (words.DigestTitle(SafeText.Escape(host), now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), isDryRun), text.ToString());
    }

    private static string Short(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static void Rows(StringBuilder text, string heading, IEnumerable<(string Name, long Number)> rows)
    {
        var all = rows.ToList();
        if (all.Count > 0)
        {
            text.Append('\n').Append(heading).Append('\n');
            Rows(text, all);
        }
    }

    private static void Rows(StringBuilder text, IEnumerable<(string Name, long Number)> rows)
    {
        foreach (var (name, number) in rows.Take(MostRows))
        {
            text.Append("  ").Append(name).Append(": ").Append(Words.Counts.Number(number)).Append('\n');
        }
    }

    private long Number(string name) => _tally.Counts.GetValueOrDefault(name);

    private DateTimeOffset SinceOf(DateTimeOffset now) => _marks.TryGetValue(Since, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(now.Offset) : now.AddDays(-1);

    // A clock that is set, and a zone that changes, are noticed soon enough.
    private TimeSpan UntilNext()
    {
        var now = time.GetLocalNow();
        var left = settings.Digest!.Value.ToTimeSpan() - now.TimeOfDay;
        return left > TimeSpan.Zero && left < s_look ? left : s_look;
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var now = time.GetLocalNow();
        var today = DateOnly.FromDateTime(now.DateTime).DayNumber;
        // The first day of all has no summary before the time of day came once.
        if (_marks.GetValueOrDefault(SentDay) >= today || TimeOnly.FromDateTime(now.DateTime) < settings.Digest)
        {
            return;
        }

        var (title, text) = Write();
        var failure = await publish(title, text, stop);
        _trouble.Note(failure);
        if (failure is not null)
        {
            return;
        }

        lock (_lock)
        {
            _tally.Clear();
        }

        _marks = new(StringComparer.Ordinal) { [SentDay] = today, [Since] = now.UtcTicks };
        Keep(isForced: true);
    }

    private void Load()
    {
        var now = time.GetLocalNow();
        var isPast = TimeOnly.FromDateTime(now.DateTime) >= settings.Digest;
        _marks = new(StringComparer.Ordinal) { [SentDay] = DateOnly.FromDateTime(now.DateTime).DayNumber - (isPast ? 0 : 1), [Since] = now.UtcTicks };
        try
        {
            var kept = store.LoadCounts();
            lock (_lock)
            {
                _tally.Restore(kept.Where(static pair => !pair.Key.StartsWith("digest-", StringComparison.Ordinal)).ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal));
            }

            if (kept.TryGetValue(SentDay, out var day) && kept.TryGetValue(Since, out var since))
            {
                (_marks[SentDay], _marks[Since]) = (day, since);
            }
        }
        catch (LedgerException e)
        {
            say(e.Message);
        }
    }

    private void Keep(bool isForced)
    {
        Dictionary<string, long> all;
        lock (_lock)
        {
            if (!isForced && !_tally.IsDirty)
            {
                return;
            }

            all = new(_tally.Counts.Concat(_marks), StringComparer.Ordinal);
            _tally.MarkKept();
        }

        try
        {
            store.SaveCounts(all);
        }
        catch (LedgerException)
        {
            // The counts of a day are not worth another message: the disk's trouble is told elsewhere.
        }
    }
}
