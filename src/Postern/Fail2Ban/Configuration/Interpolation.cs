using System.Text;

namespace Postern.Fail2Ban.Configuration;

/// <summary>
/// Values with their <c>%(name)s</c> replaced: by given variables, else the section's options, else <c>[DEFAULT]</c>;
/// <c>%(section/name)s</c> and <c>%(known/name)s</c> (what the option was before it was overridden) reach further, and
/// <c>%%</c> is a percent sign.
/// </summary>
internal sealed class Interpolation(IniFile file)
{
    private const int Deepest = 10;

    private static readonly Dictionary<string, string> s_none = new(StringComparer.Ordinal);

    /// <summary>The value of an option; null and no error where it is not set.</summary>
    public (string? Value, ConfigError? Error) Get(string section, string option, IReadOnlyDictionary<string, string>? variables = null)
    {
        variables ??= s_none;
        option = option.ToLowerInvariant();
        if (Raw(section, option, variables) is not { } raw)
        {
            return (null, null);
        }

        var text = new StringBuilder();
        var error = Append(text, raw, raw, option, section, variables, 1);
        return error is null ? (text.ToString(), null) : (null, error);
    }

    /// <summary>The same for a name that may hold a section: <c>lt_file/datepattern</c>, <c>known/failregex</c>.</summary>
    public (string? Value, ConfigError? Error) GetAnywhere(string section, string option, IReadOnlyDictionary<string, string>? variables = null)
    {
        var slash = option.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            var name = option[..slash];
            string[] places = name.ToLowerInvariant() switch
            {
                "known" => [IniFile.Known(section), section],
                "default" => [IniFile.DefaultName],
                _ => [name],
            };
            foreach (var place in places)
            {
                if (!string.Equals(place, IniFile.DefaultName, StringComparison.Ordinal) && !file.Sections.ContainsKey(place))
                {
                    continue;
                }

                var (value, error) = Get(place, option[(slash + 1)..]);
                if (value is not null || error is not null)
                {
                    return (value, error);
                }
            }
        }

        return Get(section, option, variables);
    }

    private IniValue? Raw(string section, string option, IReadOnlyDictionary<string, string> variables)
    {
        if (variables.TryGetValue(option, out var given))
        {
            return new IniValue(given, "", 0);
        }

        if (file.Sections.TryGetValue(section, out var own) && own.TryGetValue(option, out var value))
        {
            return value;
        }

        return file.Defaults.TryGetValue(option, out value) ? value : null;
    }

    private IniValue? Lookup(string section, string name, IReadOnlyDictionary<string, string> variables)
    {
        if (string.Equals(name, "__name__", StringComparison.Ordinal))
        {
            return new IniValue(section, "", 0);
        }

        if (Raw(section, name, variables) is { } value)
        {
            return value;
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0)
        {
            return null;
        }

        var option = name[(slash + 1)..];
        IniSection? place = null;
        if (name.StartsWith("known/", StringComparison.Ordinal))
        {
            file.Sections.TryGetValue(IniFile.Known(section), out place);
        }
        else if (!name.StartsWith("default/", StringComparison.Ordinal) && !TryFind(name[..slash], out place))
        {
            return null;
        }

        if (place is not null && place.TryGetValue(option, out var found))
        {
            return found;
        }

        return file.Defaults.TryGetValue(option, out found) ? found : null;
    }

    // Names of options are compared in lower case, and the section is a part of such a name.
    private bool TryFind(string section, out IniSection? found)
    {
        if (file.Sections.TryGetValue(section, out found))
        {
            return true;
        }

        foreach (var (name, one) in file.Sections)
        {
            if (string.Equals(name, section, StringComparison.OrdinalIgnoreCase))
            {
                found = one;
                return true;
            }
        }

        return false;
    }

    private ConfigError? Append(
        StringBuilder text, IniValue value, IniValue origin, string option, string section, IReadOnlyDictionary<string, string> variables, int depth)
    {
        if (depth > Deepest)
        {
            return Error(origin, $"'{option}' in [{section}] refers to itself, or through more than {Deepest} others, by %(…)s");
        }

        var rest = value.Text;
        for (var at = 0; at < rest.Length;)
        {
            var percent = rest.IndexOf('%', at);
            if (percent < 0)
            {
                text.Append(rest, at, rest.Length - at);
                return null;
            }

            text.Append(rest, at, percent - at);
            var next = percent + 1 < rest.Length ? rest[percent + 1] : '\0';
            if (next == '%')
            {
                text.Append('%');
                at = percent + 2;
                continue;
            }

            var end = next == '(' ? rest.IndexOf(')', percent) : -1;
            if (end <= percent + 2 || end + 1 >= rest.Length || rest[end + 1] != 's')
            {
                return Error(value, $"'{option}': a % must be followed by % or (name)s, but here stands '{Part(rest, percent)}'");
            }

            var name = rest[(percent + 2)..end].ToLowerInvariant();
            if (Lookup(section, name, variables) is not { } found)
            {
                return Error(value, $"'{option}' in [{section}] names %({name})s, which is not set anywhere");
            }

            if (found.File.Length == 0)
            {
                found = value with { Text = found.Text };
            }

            if (!found.Text.Contains('%', StringComparison.Ordinal))
            {
                text.Append(found.Text);
            }
            else if (Append(text, found, origin, option, section, variables, depth + 1) is { } error)
            {
                return error;
            }

            at = end + 2;
        }

        return null;
    }

    private static string Part(string text, int from) => text.Substring(from, Math.Min(16, text.Length - from)).ReplaceLineEndings(" ");

    private static ConfigError Error(IniValue value, string reason) => new(value.File, value.Line, reason);
}
