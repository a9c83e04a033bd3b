using System.Globalization;

namespace Postern.Cli.Storage;

/// <summary>Sets a broken ledger aside, with what SQLite keeps beside it, so that it may be looked at and a new one be made.</summary>
internal static class LedgerFiles
{
    private const int MostAside = 4;

    /// <summary>Moves the files.</summary>
    /// <param name="path">The ledger.</param>
    /// <param name="now">The time, for the name.</param>
    /// <returns>The ledger's new path.</returns>
    public static string SetAside(string path, DateTimeOffset now)
    {
        var stem = string.Create(CultureInfo.InvariantCulture, $"{path}.corrupt-{now.UtcDateTime:yyyyMMdd'T'HHmmss}");
        var aside = stem;
        for (var i = 2; File.Exists(aside); i++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        }

        // The log goes first: one that outlived its ledger would be taken for the new one's.
        foreach (var suffix in (ReadOnlySpan<string>)["-wal", "-shm", ""])
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, aside + suffix);
            }
        }

        DropOldest(path);
        return aside;
    }

    // A disk that breaks ledger after ledger shall not be filled with them.
    private static void DropOldest(string path)
    {
        var aside = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".corrupt-*")
            .Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        foreach (var file in aside.Take(Math.Max(0, aside.Count - MostAside)))
        {
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
            File.Delete(file);
        }
    }
}
