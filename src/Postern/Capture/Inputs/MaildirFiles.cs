namespace Postern.Capture.Inputs;

/// <summary>The messages of a Maildir.</summary>
internal static class MaildirFiles
{
    private static readonly string[] s_folders = ["cur", "new"];

    /// <summary>True where the folder has <c>cur</c> and <c>new</c>; <c>tmp</c> is missing in many copies.</summary>
    public static bool IsMaildir(string path) => s_folders.All(folder => Directory.Exists(Path.Combine(path, folder)));

    /// <summary>
    /// Their paths, read ones first, without subfolders. A folder that may not be read is skipped and counted by
    /// <paramref name="unreadable"/>.
    /// </summary>
    public static IEnumerable<string> Enumerate(string path, Action unreadable)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        foreach (var folder in s_folders)
        {
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
                yield return file;
        }
    }
}
