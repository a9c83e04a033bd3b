using Postern.SystemTests.Packages;
using Postern.SystemTests.Support;

[assembly: AssemblyFixture(typeof(PackageBuild))]

namespace Postern.SystemTests.Packages;

/// <summary>The packages of the built program, made once for all tests by <c>packaging/build</c>; their folder goes when the tests are done.</summary>
public sealed class PackageBuild : IDisposable
{
    /// <summary>The version of the first package.</summary>
    public const string First = "0.1.0~dev1";

    /// <summary>The version of the one after it.</summary>
    public const string Second = "0.1.0";

    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, Lazy<Task<string>>> _made;

    /// <summary>Makes nothing yet.</summary>
    public PackageBuild()
    {
        _made = new(StringComparer.Ordinal)
        {
            ["first"] = Once("first", "deb", First),
            ["again"] = Once("again", "deb", First),
            ["second"] = Once("second", "deb", Second),
            ["rpm"] = Once("rpm", "rpm", First),
            ["rpm again"] = Once("rpm-again", "rpm", First),
        };
    }

    /// <summary>The folder of all.</summary>
    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("postern-packages-");

    /// <summary>The path of a package: <c>first</c>, <c>again</c> (the same made anew), <c>second</c> (a later version), <c>rpm</c>, <c>rpm again</c>.</summary>
    internal Task<string> MakeAsync(string name)
    {
        if (WhyNot() is { } reason)
        {
            Assert.Skip(reason);
        }

        return _made[name].Value;
    }

    /// <inheritdoc />
    public void Dispose() => Folder.Delete(recursive: true);

    /// <summary>The tool that makes the manual pages, as the build of the solution leaves it.</summary>
    internal static string Tool => Path.Combine(Machine.RepositoryRoot(), "packaging/Postern.Packaging/bin/Release/net10.0/Postern.Packaging");

    private static string? WhyNot() => (string[])["dpkg-deb", "rpmbuild", "readelf", "strip", "lintian", "mandoc"] is var tools && Array.Find(tools, tool => !Machine.Has(tool)) is { } missing
        ? $"Packages need {missing}: see tests/Postern.SystemTests/packages-packages.txt."
        : File.Exists(Path.Combine(Path.GetDirectoryName(PosternProgram.Path)!, "libe_sqlite3.so")) ? null : $"{PosternProgram.Path} is not the native program that a package holds.";

    private Lazy<Task<string>> Once(string folder, string format, string version) => new(async () =>
    {
        var made = (await Command.RunAsync(
            [
                Path.Combine(Machine.RepositoryRoot(), "packaging/build"), "--format", format, "--version", version, "--output", Path.Combine(Folder.FullName, folder),
                "--program", PosternProgram.Path, "--tool", Tool, "--compression", "gzip",
            ], s_deadline)).OrThrow("packaging/build");
        return made.Output.TrimEnd().Split('\n')[^1];
    });
}
