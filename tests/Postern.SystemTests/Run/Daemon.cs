using System.Globalization;

namespace Postern.SystemTests.Run;

/// <summary>What the kernel knows of a daemon.</summary>
internal static class Daemon
{
    /// <summary>The most memory that it has had, in megabytes.</summary>
    public static int PeakMegabytes(string pid) =>
        int.Parse(File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
