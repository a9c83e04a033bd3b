namespace Postern.Packaging;

/// <summary>Finds the repository.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder that holds Postern.slnx, upwards of this one.</summary>
    public static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Postern.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Postern.slnx above {from}.");
    }
}
