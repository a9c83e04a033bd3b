namespace Postern.Tests.Fail2Ban.Samples;

/// <summary>Where fail2ban's filters and its sample logs lie: as Debian's package puts them, or as the environment says.</summary>
internal static class SampleFolders
{
    /// <summary>The folder with <c>filter.d</c>.</summary>
    public static string Config { get; } = Parent(Environment.GetEnvironmentVariable("POSTERN_FAIL2BAN_FILTERS") ?? "/etc/fail2ban/filter.d");

    /// <summary>The folder of the sample logs.</summary>
    public static string Logs { get; } =
        Environment.GetEnvironmentVariable("POSTERN_FAIL2BAN_LOGS") ?? "/usr/lib/python3/dist-packages/fail2ban/tests/files/logs";

    /// <summary>Whether both are there.</summary>
    public static bool Exist => Directory.Exists(Path.Combine(Config, "filter.d")) && Directory.Exists(Logs);

    // The filters of the tests themselves lie beside the logs and include common.conf, which Debian leaves out there.
    private static string OwnConfig { get; } = Path.GetFullPath(Path.Combine(Logs, "..", "..", "config"));

    /// <summary>The names of all filters that have samples, and the folder of each, which may be gone after the last one.</summary>
    public static IEnumerable<(string Name, string Folder)> Filters()
    {
        foreach (var name in Names(Config).Where(name => !name.EndsWith("common", StringComparison.Ordinal)))
        {
            yield return (name, Config);
        }

        var own = Names(OwnConfig).Where(name => name.StartsWith("zzz-", StringComparison.Ordinal)).ToArray();
        if (own.Length == 0)
        {
            yield break;
        }

        var folder = WithCommon(own);
        try
        {
            foreach (var name in own)
            {
                yield return (name, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string WithCommon(string[] names)
    {
        var folder = Directory.CreateTempSubdirectory("postern-samples-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "filter.d"));
        foreach (var name in names)
        {
            Copy(OwnConfig, name);
        }

        Copy(Config, "common");
        return folder;

        void Copy(string from, string name) =>
            File.WriteAllLines(
                Path.Combine(folder, "filter.d", name + ".conf"),
                File.ReadLines(Path.Combine(from, "filter.d", name + ".conf")).Select(Here));

        // They name it by its place in fail2ban's repository.
        static string Here(string line) => line.StartsWith("before", StringComparison.Ordinal) && line.EndsWith("/common.conf", StringComparison.Ordinal)
            ? "before = common.conf" : line;
    }

    private static IEnumerable<string> Names(string folder) => Directory.Exists(Path.Combine(folder, "filter.d"))
        ? Directory.EnumerateFiles(Path.Combine(folder, "filter.d"), "*.conf").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
        : [];

    private static string Parent(string folder) =>
        string.Equals(Path.GetFileName(folder.TrimEnd('/')), "filter.d", StringComparison.Ordinal) ? Path.GetDirectoryName(folder.TrimEnd('/'))! : folder;

    /// <summary>Every annotated line of all sample logs: the line after the annotation.</summary>
    public static IReadOnlyList<(string File, int Line)> AnnotatedLines() =>
    [
        .. Directory.EnumerateFiles(Logs, "*", SearchOption.AllDirectories).SelectMany(path => File.ReadLines(path)
            .Select((line, index) => (line, index))
            .Where(one => one.line.StartsWith('#') && one.line.TrimStart('#').TrimStart().StartsWith("failJSON:", StringComparison.Ordinal))
            .Select(one => (Path.GetRelativePath(Logs, path), one.index + 2))),
    ];
}
