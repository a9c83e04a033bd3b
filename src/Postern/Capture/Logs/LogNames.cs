namespace Postern.Capture.Logs;

/// <summary>
/// Names the files of one log by their first lines, and apart where those are alike to the letter, which lines of one second
/// may be.
/// </summary>
/// <param name="source">The log's name.</param>
/// <param name="time">The clock.</param>
internal sealed class LogNames(string source, TimeProvider time)
{
    private const int Most = 64;
    private readonly Queue<ulong> _recent = new();

    /// <summary>The log's name.</summary>
    public string Source => source;

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A name that no file of late has.</summary>
    /// <param name="firstLine">The hash of the file's first line.</param>
    public ulong Name(ulong firstLine)
    {
        var name = firstLine;
        for (var tries = 0; tries < FirstLine.MostAlike && _recent.Contains(name); tries++)
        {
            name = FirstLine.Next(name);
        }

        Keep(name);
        return name;
    }

    /// <summary>True where a file with that first line was read of late.</summary>
    public bool Knows(ulong firstLine) => _recent.Contains(firstLine);

    /// <summary>Remembers a name.</summary>
    public void Keep(ulong name)
    {
        if (_recent.Count == Most)
        {
            _recent.Dequeue();
        }

        _recent.Enqueue(name);
    }

    /// <summary>A file's last write in local time, and never later than now.</summary>
    public DateTimeOffset Date(DateTimeOffset written) => TimeZoneInfo.ConvertTime(written < Now ? written : Now, time.LocalTimeZone);
}
