namespace Postern.Capture.Inputs;

/// <summary>The messages of a Maildir.</summary>
internal static class MaildirFiles
{
    private static readonly string[] s_folders = ["cur", "new"];

    /// <summary>
    /// True where the folder has <c>cur</c> and <c>new</c>, or one of them with messages in it: copies lose empty folders.
    /// </summary>
    public static bool IsMaildir(string path)
    {
        var there = s_folders.Select(folder => Path.Combine(path, folder)).Where(Directory.Exists).ToList();
        return there.Count == s_folders.Length || there.Any(folder => Directory.EnumerateFiles(folder).Any());
    }

    /// <summary>
    /// Their paths, read ones first, without subfolders. A folder that may not be read is skipped and counted by
    /// <paramref name="unreadable"/>.
    /// </summary>
    public static IEnumerable<string> Enumerate(string path, Action unreadable)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        foreach (var folder in s_folders)
        {
            if (!Directory.Exists(Path.Combine(path, folder)))
            {
                continue;
            }

            IEnumerable<string> files;
            try
            {
                files = Directory.EnumerateFiles(Path.Combine(path, folder), "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable();
                continue;
            }

            foreach (var file in files)
            {
                yield return file;
            }
        }
    }
}
