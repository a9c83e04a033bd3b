namespace Postern.Cli.Setup;

/// <summary>Small files of the system; one that may not be read has no lines.</summary>
internal static class TextFiles
{
    /// <summary>The lines.</summary>
    public static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
