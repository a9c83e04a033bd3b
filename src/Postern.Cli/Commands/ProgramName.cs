namespace Postern.Cli.Commands;

/// <summary>How this program is called here, for commands that a reader copies.</summary>
internal static class ProgramName
{
    /// <summary><c>./postern</c> where the script at the root of the repository started it, which says so by POSTERN_PROGRAM; else <c>postern</c>.</summary>
    public static string Current => Environment.GetEnvironmentVariable("POSTERN_PROGRAM") is "./postern" ? "./postern" : "postern";
}
