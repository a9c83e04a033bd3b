using System.Text.Json;
using System.Xml.Linq;

namespace Postern.Packaging.Notices;

/// <summary>The packages that are part of the program: by the lock file, with what the restored packages say of themselves.</summary>
internal static class PackageSet
{
    // The compiler of native code brings the runtime, which is part of the file that it makes. Both have one version.
    private const string Compiler = "Microsoft.DotNet.ILCompiler";
    private const string Runtime = "Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64";

    /// <summary>Where packages are restored to.</summary>
    public static string RestoredTo => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Reads them.</summary>
    /// <param name="lockFile">The lock file of the program's project.</param>
    public static IReadOnlyList<ShippedPackage> Read(string lockFile)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(lockFile));
        var locked = json.RootElement.GetProperty("dependencies").EnumerateObject().First(framework => !framework.Name.Contains('/', StringComparison.Ordinal)).Value;
        var found = new List<ShippedPackage>();
        foreach (var entry in locked.EnumerateObject().Where(entry => entry.Value.GetProperty("type").GetString() is not "Project"))
        {
            var version = entry.Value.GetProperty("resolved").GetString()!;
            if (string.Equals(entry.Name, Compiler, StringComparison.Ordinal))
            {
                found.Add(Describe(Runtime, version, []));
            }
            else if (HasCode(Folder(entry.Name, version)))
            {
                found.Add(Describe(entry.Name, version, entry.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(need => need.Name)] : []));
            }
        }

        var names = found.Select(package => package.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. found.Select(package => package with { Needs = [.. package.Needs.Where(names.Contains).Order(StringComparer.Ordinal)] }).OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The notices of those whose work is part of the runtime.</summary>
    public static string ReadRuntimeNotices(IReadOnlyList<ShippedPackage> packages) =>
        File.ReadAllText(Path.Combine(Folder(Runtime, packages.First(package => package.Id is Runtime).Version), "THIRD-PARTY-NOTICES.TXT")).ReplaceLineEndings("\n");

    // Analyzers and tasks of the build have neither.
    private static bool HasCode(string folder) => Directory.Exists(Path.Combine(folder, "lib")) || Directory.Exists(Path.Combine(folder, "runtimes"));

    private static string Folder(string id, string version) => Path.Combine(RestoredTo, id.ToLowerInvariant(), version);

    private static ShippedPackage Describe(string id, string version, IReadOnlyList<string> needs)
    {
        var folder = Folder(id, version);
        var lower = id.ToLowerInvariant();
        var metadata = XDocument.Load(Path.Combine(folder, $"{lower}.nuspec")).Root!.Elements().First();
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => string.Equals(element.Name.LocalName, name, StringComparison.Ordinal))?.Value.Trim() is { Length: > 0 } value ? value : null;
        var licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName is "license");
        var isFile = licence?.Attribute("type")?.Value is "file";
        var hash = Convert.FromBase64String(File.ReadAllText(Path.Combine(folder, $"{lower}.{version}.nupkg.sha512")));
        return new ShippedPackage(
            id,
            version,
            isFile ? LicenceOf(id, File.ReadAllText(Path.Combine(folder, licence!.Value))) : licence?.Value ?? throw new InvalidDataException($"{id} {version} names no licence"),
            Copyright(Value("copyright"), Value("authors")!),
            Value("projectUrl"),
            Convert.ToHexStringLower(hash),
            needs);
    }

    private static string LicenceOf(string id, string text) => text.Contains("Public Domain", StringComparison.OrdinalIgnoreCase)
        ? LicenceTexts.PublicDomain
        : throw new InvalidDataException($"{id} has a licence of its own: give it a name in PackageSet");

    private static string Copyright(string? told, string authors)
    {
        var text = told ?? authors;
        return text.StartsWith("Copyright", StringComparison.OrdinalIgnoreCase) || text.StartsWith('©') ? text : $"Copyright {text}";
    }
}
