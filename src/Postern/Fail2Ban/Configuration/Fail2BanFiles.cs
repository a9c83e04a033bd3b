namespace Postern.Fail2Ban.Configuration;

/// <summary>
/// Finds and merges the files of a name in fail2ban's order: <c>X.conf</c>, <c>X.d/*.conf</c>, <c>X.local</c>,
/// <c>X.d/*.local</c>, each with what its <c>[INCLUDES]</c> asks for before and after it, and each included file with the
/// <c>.local</c> of its name.
/// </summary>
internal sealed class Fail2BanFiles
{
    private const int DeepestInclude = 20;

    private readonly List<string> _order = [];
    private readonly Dictionary<string, IniFile> _read = new(StringComparer.Ordinal);
    private ConfigError? _error;

    /// <summary>Reads a name such as <c>/etc/fail2ban/jail</c>; null and no error where no file has it.</summary>
    public static (IniFile? File, ConfigError? Error) ReadName(string name) =>
        new Fail2BanFiles().Merge([.. Names(name).Where(File.Exists)]);

    /// <summary>Reads one file with what it includes; null and no error where there is none.</summary>
    public static (IniFile? File, ConfigError? Error) ReadFile(string path) =>
        File.Exists(path) ? new Fail2BanFiles().Merge([path]) : (null, null);

    private static IEnumerable<string> Names(string name)
    {
        yield return name + ".conf";
        foreach (var file in InFolder(name + ".d", "*.conf"))
        {
            yield return file;
        }

        yield return name + ".local";
        foreach (var file in InFolder(name + ".d", "*.local"))
        {
            yield return file;
        }
    }

    // As a shell's * does, it skips hidden files.
    private static IEnumerable<string> InFolder(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, pattern).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)
            : [];

    private (IniFile? File, ConfigError? Error) Merge(List<string> files)
    {
        if (files.Count == 0)
        {
            return (null, null);
        }

        Include(files, []);
        if (_error is not null)
        {
            return (null, _error);
        }

        var merged = new IniFile();
        foreach (var file in _order)
        {
            merged.Merge(_read[file]);
        }

        return (merged, null);
    }

    private void Include(IReadOnlyList<string> files, IReadOnlyList<string> above)
    {
        foreach (var file in WithLocal(files))
        {
            if (_error is null)
            {
                IncludeOne(file, above);
            }
        }
    }

    private static IEnumerable<string> WithLocal(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            yield return file;
            var local = Path.ChangeExtension(file, ".local");
            if (!files.Contains(local, StringComparer.Ordinal) && File.Exists(local))
            {
                yield return local;
            }
        }
    }

    private void IncludeOne(string file, IReadOnlyList<string> above)
    {
        if (!_read.TryGetValue(file, out var content))
        {
            (content, _error) = IniParser.Read(file);
            if (content is null)
            {
                return;
            }

            _read[file] = content;
        }

        var before = Listed(content, "before", file, above);
        var after = Listed(content, "after", file, above);
        if (before is null || after is null)
        {
            return;
        }

        IReadOnlyList<string> inside = [.. above, file];
        foreach (var other in before)
        {
            Include([other], inside);
        }

        _order.Add(file);
        foreach (var other in after)
        {
            Include([other], inside);
        }
    }

    private List<string>? Listed(IniFile content, string option, string file, IReadOnlyList<string> above)
    {
        var names = new List<string>();
        if (!content.Sections.TryGetValue("INCLUDES", out var includes) || !includes.TryGetValue(option, out var raw))
        {
            return names;
        }

        var (value, error) = new Interpolation(content).Get("INCLUDES", option);
        if (value is null)
        {
            _error = error;
            return null;
        }

        var folder = Path.GetDirectoryName(file) ?? "";
        foreach (var name in value.Split('\n'))
        {
            if (name.Length == 0)
            {
                continue;
            }

            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (above.Append(file).Any(one => string.Equals(Path.GetFullPath(one), path, StringComparison.Ordinal)))
            {
                _error = new ConfigError(raw.File, raw.Line, $"'{name}' includes this file again: includes go in a circle");
            }
            else if (above.Count >= DeepestInclude)
            {
                _error = new ConfigError(raw.File, raw.Line, $"includes are nested deeper than {DeepestInclude}");
            }

            if (_error is not null)
            {
                return null;
            }

            names.Add(path);
        }

        return names;
    }
}
