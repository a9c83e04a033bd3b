namespace Postern.Capture.Logs;

/// <summary>A path that may name several files, by patterns in any of its parts.</summary>
internal sealed class PathPattern
{
    private readonly string[] _parts;

    /// <summary>A path or pattern.</summary>
    public PathPattern(string path)
    {
        Path = path;
        IsPattern = NamePattern.IsPattern(path);
        _parts = System.IO.Path.GetFullPath(path).Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    /// <summary>True where it may name several.</summary>
    public bool IsPattern { get; }

    /// <summary>The folders that it names files in, there or not.</summary>
    public IEnumerable<string> Folders()
    {
        IEnumerable<string> folders = ["/"];
        foreach (var part in _parts[..^1])
        {
            folders = NamePattern.IsPattern(part)
                ? folders.SelectMany(folder => Named(Directory.EnumerateDirectories, folder, part))
                : folders.Select(folder => System.IO.Path.Combine(folder, part));
        }

        return folders;
    }

    /// <summary>The files that it names; no rotated copy is among them, unless it is named without a pattern.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public IEnumerable<string> Files() => !IsPattern ? [Path] : Folders().SelectMany(folder => NamePattern.IsPattern(_parts[^1])
        ? Named(Directory.EnumerateFiles, folder, _parts[^1]).Where(file => !RotatedName.IsCopy(System.IO.Path.GetFileName(file)))
        : [System.IO.Path.Combine(folder, _parts[^1])]);

    private static IEnumerable<string> Named(Func<string, IEnumerable<string>> list, string folder, string pattern) =>
        Directory.Exists(folder) ? list(folder).Where(path => NamePattern.Matches(pattern, System.IO.Path.GetFileName(path))) : [];
}
