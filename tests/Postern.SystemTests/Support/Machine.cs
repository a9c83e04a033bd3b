namespace Postern.SystemTests.Support;

/// <summary>What the machine must offer, told in plain words where it does not.</summary>
internal static class Machine
{
    private static readonly string[] s_tools = ["ip", "postfix", "unbound", "openssl", "saslpasswd2"];

    /// <summary>Skips the test where the laboratory cannot be set up here.</summary>
    public static void RequireLaboratory()
    {
        if (WhyNoLaboratory() is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    /// <summary>The reason why no laboratory can be set up here; null where it can.</summary>
    public static string? WhyNoLaboratory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The system tests need Linux: they make network namespaces.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "The system tests need root: they make network namespaces and start a Postfix of their own.";
        }

        if (!Directory.Exists("/proc/self/ns") || !File.Exists("/proc/self/ns/net"))
        {
            return "The system tests need a kernel with network namespaces.";
        }

        var missing = s_tools.Where(tool => Find(tool) is null).ToList();
        return missing.Count == 0
            ? null
            : $"The system tests need the packages of tests/Postern.SystemTests/packages.txt; not found: {string.Join(", ", missing)}.";
    }

    /// <summary>The folder that holds Postern.slnx.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Postern.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Postern.slnx above {AppContext.BaseDirectory}.");
    }

    /// <summary>How many files a process may have open: this one, and those that it starts.</summary>
    public static int OpenFilesAllowed =>
        int.TryParse(File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[3], out var files) ? files : int.MaxValue;

    /// <summary>True where that program is installed.</summary>
    public static bool Has(string tool) => Find(tool) is not null;

    // Daemons live in sbin, which an unprivileged PATH may lack.
    private static string? Find(string tool) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);
}
