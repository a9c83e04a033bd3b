using System.Reflection;
using System.Security.Cryptography;

namespace Postern.Web.Page;

/// <summary>A file of the page.</summary>
/// <param name="Name">Its path below the root.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Tag">Changes with its content (ETag).</param>
internal sealed record PageFile(string Name, string Type, string Tag);

/// <summary>The files of the page, which are part of the program.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "page/";
    private static readonly Assembly s_own = typeof(PageFiles).Assembly;
    private readonly Dictionary<string, PageFile> _files = new(StringComparer.Ordinal);

    /// <summary>Reads which there are.</summary>
    public PageFiles()
    {
        foreach (var name in s_own.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var content = s_own.GetManifestResourceStream(name)!;
            var path = "/" + name[Prefix.Length..].Replace('\\', '/');
            _files[path] = new PageFile(name, TypeOf(path), $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
        }

        _files["/"] = _files["/index.html"];
    }

    /// <summary>The paths.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>The file at a path; null where there is none.</summary>
    public PageFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Opens a file.</summary>
    public static Stream Open(PageFile file) => s_own.GetManifestResourceStream(file.Name)!;

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
}
