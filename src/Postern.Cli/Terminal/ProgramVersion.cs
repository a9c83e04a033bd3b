using System.Reflection;

namespace Postern.Cli.Terminal;

/// <summary>The version of the program, with the commit that it was built from.</summary>
internal static class ProgramVersion
{
    /// <summary>The version: <c>0.1.0+a54aff6…</c>.</summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
