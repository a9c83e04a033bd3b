namespace Postern.Capture.Logs;

/// <summary>One file of a log: its rotated ones and the one that is written to.</summary>
/// <param name="Path">Where it is now.</param>
/// <param name="Status">What the kernel says of it.</param>
internal sealed record Generation(string Path, FileStatus Status)
{
    /// <summary>The same file by the same name, however much was written to it meanwhile.</summary>
    public bool Equals(Generation? other) => other is not null && string.Equals(Path, other.Path, StringComparison.Ordinal) && Status.IsSameFile(other.Status);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Status.Inode);
}

/// <summary>Lists the files of a log, the oldest first.</summary>
internal static class Generations
{
    private const int MostLooks = 8;

    /// <summary>The files of the log at that path, which comes last where it is there.</summary>
    // Names move while they are listed: what two looks in a row agree on is true.
    public static List<Generation> Of(string path)
    {
        var before = Look(path);
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var now = Look(path);
            if (now.SequenceEqual(before))
            {
                return now;
            }

            before = now;
        }

        return before;
    }

    /// <summary>Where the file of that path is: the target of a link, else the path itself.</summary>
    public static string Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            // It went meanwhile, or leads to itself.
            return path;
        }
    }

    private static List<Generation> Look(string path)
    {
        // A link's target is what is rotated.
        path = Target(path);
        var log = Path.GetFileName(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<(RotatedName Name, Generation File)> found = [];
        if (!Directory.Exists(folder))
        {
            return [];
        }

        foreach (var other in Directory.EnumerateFiles(folder))
        {
            if (RotatedName.TryRead(log, Path.GetFileName(other), out var name) && FileStatus.Of(other) is { IsRegular: true } status)
            {
                found.Add((name, new Generation(other, status)));
            }
        }

        // While a copy is packed, both are there.
        found.RemoveAll(one => one.Name.IsPacked && found.Exists(plain => !plain.Name.IsPacked && string.Equals(plain.Name.Key, one.Name.Key, StringComparison.Ordinal)));
        IEnumerable<(RotatedName Name, Generation File)> ordered = found.TrueForAll(one => one.Name.IsNumber) ? found.OrderByDescending(one => one.Name.Key, StringComparer.Ordinal)
            : found.TrueForAll(one => !one.Name.IsNumber) ? found.OrderBy(one => one.Name.Key, StringComparer.Ordinal)
            : found.OrderBy(one => one.File.Status.Written).ThenByDescending(one => one.Name.Key, StringComparer.Ordinal);
        List<Generation> files = [.. ordered.Select(one => one.File)];
        if (FileStatus.Of(path) is { IsRegular: true } live)
        {
            files.Add(new Generation(path, live));
        }

        return files;
    }
}
