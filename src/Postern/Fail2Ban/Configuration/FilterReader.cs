using System.Globalization;

namespace Postern.Fail2Ban.Configuration;

/// <summary>
/// Reads a filter: options given with its name win over those of the jail, these over <c>[Definition]</c>, and that over
/// <c>[Init]</c>.
/// </summary>
internal sealed class FilterReader
{
    private const string Definition = "Definition";
    private const string Init = "Init";

    private static readonly string[] s_own =
        ["usedns", "prefregex", "ignoreregex", "failregex", "maxlines", "datepattern", "journalmatch"];

    private readonly IniFile _file;
    private readonly Interpolation _values;
    private readonly string _name;
    private readonly string _path;

    private FilterReader(IniFile file, string name, string path)
    {
        _file = file;
        _values = new Interpolation(file);
        _name = name;
        _path = path;
    }

    /// <summary>Reads a filter of a folder such as <c>/etc/fail2ban</c> by its name in <c>filter.d</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name without extension.</param>
    /// <param name="given">Options given with the name.</param>
    /// <param name="logType"><c>file</c> or <c>journal</c>, which becomes the option <c>logtype</c> where nothing else sets it; null to leave that.</param>
    /// <param name="jail">Options of the jail, which count before the filter's.</param>
    public static (FilterDefinition? Filter, ConfigError? Error) ReadName(
        string folder, string name, IReadOnlyDictionary<string, string> given, string? logType, IReadOnlyDictionary<string, string>? jail = null)
    {
        var path = Path.Combine(folder, "filter.d", name);
        var (file, error) = Fail2BanFiles.ReadName(path);
        if (file is null)
        {
            return (null, error ?? new ConfigError(path + ".conf", 0, "there is no such filter"));
        }

        return new FilterReader(file, name, path + ".conf").Read(given, logType, jail);
    }

    /// <summary>Reads a filter from a file that stands anywhere.</summary>
    public static (FilterDefinition? Filter, ConfigError? Error) ReadFile(string path, IReadOnlyDictionary<string, string> given, string? logType)
    {
        var (file, error) = Fail2BanFiles.ReadFile(path);
        if (file is null)
        {
            return (null, error ?? new ConfigError(path, 0, "there is no such filter"));
        }

        return new FilterReader(file, Path.GetFileNameWithoutExtension(path), path).Read(given, logType, null);
    }

    private (FilterDefinition? Filter, ConfigError? Error) Read(
        IReadOnlyDictionary<string, string> given, string? logType, IReadOnlyDictionary<string, string>? jail)
    {
        if (!_file.Sections.TryGetValue(Definition, out var definition))
        {
            return (null, new ConfigError(_path, 0, "it has no section [Definition]"));
        }

        var init = new Dictionary<string, string>(given, StringComparer.Ordinal);
        if (logType is not null && init.GetValueOrDefault("logtype", "").Length == 0 && !definition.ContainsKey("logtype"))
        {
            init["logtype"] = logType;
        }

        var variables = new Dictionary<string, string>(jail ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, value) in init)
        {
            variables[name] = value;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in s_own)
        {
            if (!variables.ContainsKey(name) && Get(Definition, name, variables, options) is { } wrong)
            {
                return (null, wrong);
            }
        }

        if (ReadInit(init) is { } bad)
        {
            return (null, bad);
        }

        foreach (var (name, value) in init)
        {
            options[name] = value;
        }

        return Combine(options, variables);
    }

    private ConfigError? ReadInit(Dictionary<string, string> init)
    {
        if (!_file.Sections.TryGetValue(Init, out var section))
        {
            return null;
        }

        foreach (var name in section.Keys)
        {
            var (value, error) = _values.Get(Init, name);
            if (value is null)
            {
                return error;
            }

            init["known/" + name] = value;
            init.TryAdd(name, value);
        }

        return null;
    }

    private ConfigError? Get(string section, string name, Dictionary<string, string> variables, Dictionary<string, string> options)
    {
        var (value, error) = _values.Get(section, name, variables);
        if (value is not null)
        {
            options[name] = value;
        }

        return error;
    }

    private (FilterDefinition? Filter, ConfigError? Error) Combine(Dictionary<string, string> options, Dictionary<string, string> variables)
    {
        var ignored = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in options.Keys)
        {
            if (name.IndexOf('?', StringComparison.Ordinal) is var question and > 0)
            {
                ignored.Add(name[..question]);
            }
        }

        ConfigError? failed = null;
        var (all, reason) = TagSubstitution.Apply(options, ignored, name =>
        {
            var (value, error) = _values.GetAnywhere(Definition, name, variables);
            failed ??= error;
            return value;
        });
        if (failed is not null || all is null)
        {
            return (null, failed ?? new ConfigError(_path, 0, reason!));
        }

        return Definite(all);
    }

    private (FilterDefinition? Filter, ConfigError? Error) Definite(Dictionary<string, string> options)
    {
        var lines = options.GetValueOrDefault("maxlines", "1");
        if (!int.TryParse(lines.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var maxLines) || maxLines <= 0)
        {
            return (null, Where("maxlines", $"maxlines wants a number greater than zero, not '{lines}'"));
        }

        var useDns = options.GetValueOrDefault("usedns")?.Trim().ToLowerInvariant();
        if (useDns is not (null or "yes" or "warn" or "no" or "raw"))
        {
            return (null, Where("usedns", $"usedns wants yes, warn, no or raw, not '{useDns}'"));
        }

        var (fail, ignore) = (Lines(options.GetValueOrDefault("failregex")), Lines(options.GetValueOrDefault("ignoreregex")));
        return (new FilterDefinition
        {
            Name = _name,
            File = _path,
            FailRegex = fail,
            IgnoreRegex = ignore,
            Places = Places(fail.Length, ignore.Length),
            PrefRegex = options.GetValueOrDefault("prefregex") is { Length: > 0 } pref ? pref : null,
            MaxLines = maxLines,
            DatePattern = options.GetValueOrDefault("datepattern"),
            UseDns = useDns,
            JournalMatch = options.GetValueOrDefault("journalmatch"),
            Options = options,
        }, null);
    }

    private ConfigError Where(string option, string reason) =>
        _file.Sections[Definition].TryGetValue(option, out var value) ? new ConfigError(value.File, value.Line, reason) : new ConfigError(_path, 0, reason);

    private Dictionary<string, ConfigPlace> Places(int fail, int ignore)
    {
        var places = new Dictionary<string, ConfigPlace>(StringComparer.Ordinal);
        AddPlaces(places, "failregex", fail);
        AddPlaces(places, "ignoreregex", ignore);
        foreach (var name in (string[])["prefregex", "datepattern"])
        {
            if (_file.Sections[Definition].TryGetValue(name, out var value))
            {
                places[name] = new ConfigPlace(value.File, value.Line);
            }
        }

        return places;
    }

    // The line of each where each stands on a line of its own; where names stand for several, the option's first line.
    private void AddPlaces(Dictionary<string, ConfigPlace> places, string name, int count)
    {
        if (!_file.Sections[Definition].TryGetValue(name, out var value))
        {
            return;
        }

        var written = value.Text.Split('\n').Select((text, index) => (Text: text, Line: value.Lines?[index] ?? value.Line)).Where(line => line.Text.Length > 0).ToList();
        for (var i = 0; i < count; i++)
        {
            places[$"{name} {i + 1}"] = new ConfigPlace(value.File, written.Count == count ? written[i].Line : value.Line);
        }
    }

    private static string[] Lines(string? value) => value?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
