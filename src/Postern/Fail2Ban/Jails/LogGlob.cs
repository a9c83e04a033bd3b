using System.IO.Enumeration;

namespace Postern.Fail2Ban.Jails;

/// <summary>Files by a path with <c>*</c> and <c>?</c> in it, as a shell finds them.</summary>
internal static class LogGlob
{
    /// <summary>The files, by name; none where none is there.</summary>
    public static IReadOnlyList<string> Find(string path)
    {
        if (path.AsSpan().IndexOfAny('*', '?') < 0)
            return File.Exists(path) ? [path] : [];
        IEnumerable<string> found = [path.StartsWith('/') ? "/" : "."];
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, isLast) = (parts[i], i == parts.Length - 1);
            found = part.AsSpan().IndexOfAny('*', '?') < 0
                ? found.Select(folder => Path.Combine(folder, part)).Where(one => isLast ? File.Exists(one) : Directory.Exists(one))
                : found.SelectMany(folder => Matching(folder, part, isLast));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    // A * takes no hidden files.
    private static IEnumerable<string> Matching(string folder, string pattern, bool files)
    {
        try
        {
            return (files ? Directory.GetFiles(folder) : Directory.GetDirectories(folder))
                .Where(one => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(one), ignoreCase: false) && (pattern[0] == '.' || Path.GetFileName(one)[0] != '.'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
