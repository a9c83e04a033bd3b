using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Postern.Facts;

namespace Postern.Cli.GateReports;

/// <summary>
/// Keeps the gate's decisions for <c>postern report</c>: a file a day, a line a decision. Nobody waits for it: what cannot be
/// written is lost, and a day's file does not grow without bound.
/// </summary>
internal sealed class GateJournal : IAsyncDisposable
{
    private const long MostBytesADay = 64_000_000;
    private const string Pattern = "gate-*.jsonl";

    // A burst of refusals is a flood: the first of it tell the story.
    private readonly Channel<GateRecord> _records = Channel.CreateBounded<GateRecord>(new BoundedChannelOptions(4096) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly string _folder;
    private readonly TimeSpan _keep;
    private readonly Action<string> _trouble;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _writing;
    private bool _isTroubled;

    /// <summary>A journal in that folder.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="keep">How long a day's file is kept.</param>
    /// <param name="trouble">Told once when it cannot be written.</param>
    /// <param name="start">Owns the task that writes; null where nobody does.</param>
    public GateJournal(string folder, TimeSpan keep, Action<string> trouble, PartStarter? start = null)
    {
        (_folder, _keep, _trouble) = (folder, keep, trouble);
        _writing = start is null ? Task.Run(WriteAsync) : start("the journal of the gate", _ => WriteAsync(), _end.Token);
    }

    /// <summary>Adds a decision.</summary>
    public void Add(GateRecord record) => _records.Writer.TryWrite(record);

    /// <summary>Writes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _records.Writer.TryComplete();
        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    /// <summary>The entries of a folder from a time on, the oldest day first; lines that cannot be read are passed over.</summary>
    public static IEnumerable<GateEntry> Read(string folder, DateTimeOffset since) => Read(folder, since, static _ => true);

    private static IEnumerable<GateEntry> Read(string folder, DateTimeOffset since, Func<string, bool> isWanted)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, Pattern).Where(file => DayOf(file) >= DateOnly.FromDateTime(since.UtcDateTime)).Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file))
            {
                if (isWanted(line) && Parse(line) is { } entry && entry.At >= since)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>The last entries of a client from a time on, the latest first.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="since">From when.</param>
    /// <param name="client">The client's address as the journal writes it.</param>
    /// <param name="most">So many at most.</param>
    public static IReadOnlyList<GateEntry> Of(string folder, DateTimeOffset since, string client, int most)
    {
        var last = new Queue<GateEntry>();
        // Parsing a day of a flood takes seconds; most lines are of others.
        foreach (var entry in Read(folder, since, line => line.Contains(client, StringComparison.Ordinal)).Where(entry => string.Equals(entry.Client, client, StringComparison.Ordinal)))
        {
            last.Enqueue(entry);
            if (last.Count > most)
            {
                last.Dequeue();
            }
        }

        return [.. last.Reverse()];
    }

    /// <summary>The last entries from a time on of which a text is a part, whatever the case of its letters, the latest first.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="since">From when.</param>
    /// <param name="text">A part of the client's address, its HELO name, the sender or the recipient.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="stop">The asker's patience.</param>
    public static IReadOnlyList<GateEntry> With(string folder, DateTimeOffset since, string text, int most, CancellationToken stop)
    {
        var last = new Queue<GateEntry>();
        foreach (var entry in Read(folder, since, line => !stop.IsCancellationRequested && line.Contains(text, StringComparison.OrdinalIgnoreCase)).Where(entry => IsIn(entry, text)))
        {
            last.Enqueue(entry);
            if (last.Count > most)
            {
                last.Dequeue();
            }
        }

        stop.ThrowIfCancellationRequested();
        return [.. last.Reverse()];
    }

    private static bool IsIn(GateEntry entry, string text) =>
        new[] { entry.Client, entry.Helo, entry.Sender, entry.Recipient }.Any(part => part?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private static GateEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, GateJson.Default.GateEntry);
        }
        catch (JsonException)
        {
            // The last line of a killed run.
            return null;
        }
    }

    private static DateOnly DayOf(string file) =>
        DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(file)["gate-".Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;

    private async Task WriteAsync()
    {
        DateOnly? last = null;
        while (await _records.Reader.WaitToReadAsync())
        {
            try
            {
                while (_records.Reader.TryPeek(out var first))
                {
                    var day = DateOnly.FromDateTime(first.At.UtcDateTime);
                    if (day != last)
                    {
                        Begin(day);
                    }

                    last = day;
                    await WriteDayAsync(day);
                }

                _isTroubled = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _records.Reader.TryRead(out _);
                if (!_isTroubled)
                {
                    _trouble($"the journal of the gate cannot be written: {e.Message}");
                }

                _isTroubled = true;
            }
        }
    }

    private void Begin(DateOnly day)
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.GetFiles(_folder, Pattern).Where(file => DayOf(file) < day.AddDays(-(int)_keep.TotalDays)))
        {
            File.Delete(file);
        }
    }

    private async Task WriteDayAsync(DateOnly day)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"gate-{day:yyyy-MM-dd}.jsonl")), options);
        while (_records.Reader.TryPeek(out var record) && DateOnly.FromDateTime(record.At.UtcDateTime) == day)
        {
            _records.Reader.TryRead(out _);
            if (file.Length > MostBytesADay)
            {
                continue;
            }

            file.Write(JsonSerializer.SerializeToUtf8Bytes(GateEntry.Of(record), GateJson.Default.GateEntry));
            file.WriteByte((byte)'\n');
        }
    }
}
