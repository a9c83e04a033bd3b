using System.Runtime.InteropServices;

namespace Postern.Cli.Terminal;

/// <summary>Another program in the place of this one: the same process, which systemd goes on to watch (execv(3)).</summary>
internal static class ProgramReplacement
{
    /// <summary>Becomes the program. Returns only where that failed.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments, the first its own name.</param>
    /// <returns>Why not.</returns>
    public static string Run(string program, IReadOnlyList<string> arguments)
    {
        // Nothing of it is freed: the next program has a memory of its own, and where there is none this one ends.
        nint[] texts = [.. arguments.Select(Marshal.StringToCoTaskMemUTF8), 0];
        _ = Execute(Marshal.StringToCoTaskMemUTF8(program), texts);
        return Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
    }

#pragma warning disable SYSLIB1054 // LibraryImport writes unsafe code for it, which this project does without.
    [DllImport("libc", EntryPoint = "execv", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Execute(nint program, nint[] arguments);
#pragma warning restore SYSLIB1054
}
