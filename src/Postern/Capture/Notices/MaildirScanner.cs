using Postern.Capture.Inputs;
using Postern.Capture.Logs;
using Postern.Facts;

namespace Postern.Capture.Notices;

/// <summary>
/// Reads the messages that come into a Maildir, each once, wherever a mail program moves it: their names are unique up to the
/// colon. Nothing is looked at as long as the folders have not changed.
/// </summary>
/// <param name="path">The Maildir.</param>
/// <param name="memory">What is done.</param>
internal sealed class MaildirScanner(string path, NoticeMemory memory)
{
    // The clock of a file system may be as coarse as this.
    private static readonly TimeSpan s_grain = TimeSpan.FromSeconds(2);
    private readonly byte[] _buffer = new byte[NoticeMessage.MaxLength];

    // One that is moved while the folders are listed is seen in neither: it is forgotten only after so many looks without it.
    private const int MostMissed = 3;
    private Dictionary<ulong, int>? _names;
    private (FileStatus? Cur, FileStatus? New) _looked;
    private bool _isSettled;

    /// <summary>The folders that messages come into.</summary>
    public static IReadOnlyList<string> Folders(string path) => [Path.Combine(path, "cur"), Path.Combine(path, "new")];

    /// <summary>The notices that are new.</summary>
    public IReadOnlyList<FollowedNotice> Look(DateTimeOffset now)
    {
        var folders = Folders(path);
        var status = (FileStatus.Of(folders[0]), FileStatus.Of(folders[1]));
        if (_isSettled && status == _looked)
        {
            return [];
        }

        _looked = status;
        _isSettled = IsOld(status.Item1) && IsOld(status.Item2);
        var isWhole = _names is null;
        if (isWhole)
        {
            memory.BeginWhole();
        }

        var since = memory.Since;
        Dictionary<ulong, int> names = [];
        List<FollowedNotice> found = [];
        foreach (var (file, name, written) in Messages().OrderBy(one => one.Written))
        {
            if (_names?.ContainsKey(name) == true || names.ContainsKey(name) || (isWhole && written < since) || Read(file, isWhole, now, found))
            {
                names[name] = 0;
            }
        }

        foreach (var (name, missed) in _names ?? [])
        {
            if (missed < MostMissed)
            {
                names.TryAdd(name, missed + 1);
            }
        }

        _names = names;
        return found;

        bool IsOld(FileStatus? folder) => folder is not { } there || now - there.Written > s_grain;
    }

    private List<(string File, ulong Name, DateTimeOffset Written)> Messages() =>
        [.. MaildirFiles.Enumerate(path, () => throw new UnauthorizedAccessException($"{path} may not be read"))
            .Select(file => (file, NameOf(file), FileStatus.Of(file)?.Written ?? DateTimeOffset.MaxValue))];

    // False where it was moved meanwhile: the next look finds it by its other name.
    private bool Read(string file, bool isWhole, DateTimeOffset now, List<FollowedNotice> found)
    {
        try
        {
            foreach (var notice in NoticeMessage.ReadFile(file, _buffer).Notices)
            {
                if (memory.Take(notice, isWhole, "", now) is { } one)
                {
                    found.Add(one);
                }
            }

            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            _isSettled = false;
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A message that may not be read is none of ours.
            return true;
        }
    }

    private static ulong NameOf(string file)
    {
        var name = Path.GetFileName(file.AsSpan());
        var end = name.IndexOf(':');
        return StableHash.Of(System.Text.Encoding.UTF8.GetBytes((end < 0 ? name : name[..end]).ToString()));
    }
}
