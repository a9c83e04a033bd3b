using System.Buffers;
using System.Globalization;
using Postern.Cli.Configuration;
using Postern.Cli.Notifications.Telling;

namespace Postern.Cli.Notifications.EventFiles;

/// <summary>
/// The file of events: one line of JSON each, opened anew for what comes together, so that others may rename it, too. A line is
/// whole or not there: what a full disk cuts off is taken back. What cannot be written is counted, and the count is the first
/// line after it. Not for two at once.
/// </summary>
/// <param name="settings">Where, and how much is kept.</param>
/// <param name="json">How a line is written.</param>
/// <param name="say">Told once why nothing can be written, and null once it can be again.</param>
internal sealed class EventFile(EventFileSettings settings, EventJson json, Action<string?> say)
{
    private readonly string _path = settings.File!;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private long _lost;
    private readonly TroubleTeller _trouble = new(say);

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <summary>Writes them behind what is there.</summary>
    /// <returns>Null, or why they could not be written, in one line.</returns>
    public string? Write(IReadOnlyList<Happening> all)
    {
        if (all.Count == 0)
        {
            return null;
        }

        _lines.ResetWrittenCount();
        if (_lost > 0)
        {
            json.Write(new Happening(HappeningKind.EventsLost, all[0].At) { Count = _lost }, _lines);
        }

        foreach (var one in all)
        {
            json.Write(one, _lines);
        }

        try
        {
            Append();
            _lost = 0;
            _trouble.Note(null);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _lost += all.Count;
            var why = $"{_path} cannot be written: {e.Message}";
            _trouble.Note(why);
            return why;
        }
    }

    /// <summary>Counts what was lost before it came here.</summary>
    public void CountLost(long count) => _lost += count;

    private void Append()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
        if (File.Exists(_path) && new FileInfo(_path).Length is > 0 and var size && size + _lines.WrittenCount > settings.MaxSize)
        {
            Rotate();
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        using var file = new FileStream(_path, options);
        var end = file.Length;
        if (end > 0)
        {
            // The last line of a run that was killed.
            file.Position = end - 1;
            if (file.ReadByte() != '\n')
            {
                file.WriteByte((byte)'\n');
            }
        }

        try
        {
            file.Write(_lines.WrittenSpan);
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }

    private void Rotate()
    {
        if (settings.Keep == 0)
        {
            File.Delete(_path);
            return;
        }

        // What a smaller keep leaves over goes, too.
        for (var i = settings.Keep; File.Exists(Kept(i)); i++)
        {
            File.Delete(Kept(i));
        }

        for (var i = settings.Keep - 1; i > 0; i--)
        {
            if (File.Exists(Kept(i)))
            {
                File.Move(Kept(i), Kept(i + 1), overwrite: true);
            }
        }

        File.Move(_path, Kept(1), overwrite: true);
    }

    private string Kept(int number) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{number}");
}
