using System.Text;

namespace Postern.Fail2Ban.Configuration;

/// <summary>
/// Reads one file of the dialect that fail2ban reads: Python's <c>configparser</c> with <c>;</c> after a blank as the only
/// inline comment, values that go on at deeper indented lines, and no option or section twice.
/// </summary>
internal sealed class IniParser
{
    /// <summary>No configuration is that large; a binary or a device may be.</summary>
    private const long LargestFile = 4 * 1024 * 1024;

    private readonly IniFile _file = new();
    private readonly string _path;
    private readonly Dictionary<(string Section, string Option), int> _seen = [];
    private IniSection? _section;
    private string _sectionName = "";
    private string? _option;
    private readonly List<string> _value = [];
    private readonly List<int> _valueLines = [];
    private int _valueLine;
    private int _indent;

    private IniParser(string path) => _path = path;

    /// <summary>Reads a file; null and no error where there is none.</summary>
    public static (IniFile? File, ConfigError? Error) Read(string path)
    {
        string text;
        try
        {
            if (!File.Exists(path))
            {
                return (null, null);
            }

            if (new FileInfo(path).Length > LargestFile)
            {
                return (null, new ConfigError(path, 0, "it is too large for a configuration"));
            }

            var bytes = File.ReadAllBytes(path);
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            return (null, new ConfigError(path, LineOf(path, e.Index), "it is no UTF-8 text"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new ConfigError(path, 0, e is UnauthorizedAccessException ? "you may not read it (permission denied)" : e.Message));
        }

        return Parse(path, text);
    }

    /// <summary>Parses the text of a file.</summary>
    public static (IniFile? File, ConfigError? Error) Parse(string path, string text)
    {
        var parser = new IniParser(path);
        var number = 0;
        if (text.StartsWith('\uFEFF'))
        {
            text = text[1..];
        }

        if (text.IndexOf('\0', StringComparison.Ordinal) is var zero and >= 0)
        {
            return (null, new ConfigError(path, text.AsSpan(0, zero).Count('\n') + 1, "it is no text: a NUL stands in it"));
        }

        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (parser.Line(line, number) is { } reason)
            {
                return (null, new ConfigError(path, number, reason));
            }
        }

        parser.EndValue();
        return (parser._file, null);
    }

    private static int LineOf(string path, int index) => File.ReadAllBytes(path).AsSpan(0, Math.Max(index, 0)).Count((byte)'\n') + 1;

    private string? Line(string line, int number)
    {
        var value = WithoutComment(line, out var hadComment).Trim();
        if (value.Length == 0)
        {
            if (!hadComment && _section is not null && _option is not null)
            {
                AddToValue("", number);
            }

            return null;
        }

        var indent = line.Length - line.TrimStart().Length;
        if (_section is not null && _option is not null && indent > _indent)
        {
            AddToValue(value, number);
            return null;
        }

        _indent = indent;
        EndValue();
        return value[0] == '[' && value.LastIndexOf(']') is var end and > 1 ? Section(value[1..end], number) : Option(value, number);
    }

    private string? Section(string name, int number)
    {
        _sectionName = name;
        if (string.Equals(name, IniFile.DefaultName, StringComparison.Ordinal))
        {
            _section = _file.Defaults;
            return null;
        }

        if (_file.Sections.ContainsKey(name))
        {
            return $"the section [{name}] stands here a second time (the first was at line {_seen[(name, "")]})";
        }

        _seen[(name, "")] = number;
        _section = [];
        _file.Sections[name] = _section;
        _file.Names.Add(name);
        return null;
    }

    private string? Option(string text, int number)
    {
        if (_section is null)
        {
            return text[0] == '[' ? "the section's name is not closed by ]" : "it stands before any [section]";
        }

        var delimiter = text.AsSpan().IndexOfAny('=', ':');
        if (delimiter < 0)
        {
            return text[0] == '[' ? "the section's name is not closed by ]"
                : "neither a section, nor 'option = value', nor an indented line that goes on with the value before";
        }

        var name = text[..delimiter].TrimEnd().ToLowerInvariant();
        if (name.Length == 0)
        {
            return "no option's name stands before the '" + text[delimiter] + "'";
        }

        if (!_seen.TryAdd((_sectionName, name), number))
        {
            return $"the option '{name}' stands here a second time in [{_sectionName}] (the first was at line {_seen[(_sectionName, name)]})";
        }

        _option = name;
        _valueLine = number;
        AddToValue(text[(delimiter + 1)..].Trim(), number);
        return null;
    }

    private void AddToValue(string text, int number)
    {
        _value.Add(text);
        _valueLines.Add(number);
    }

    private void EndValue()
    {
        if (_section is not null && _option is not null)
        {
            _section[_option] = new IniValue(string.Join('\n', _value).TrimEnd(), _path, _valueLine) { Lines = [.. _valueLines] };
        }

        _option = null;
        _value.Clear();
        _valueLines.Clear();
    }

    private static string WithoutComment(string line, out bool hadComment)
    {
        hadComment = true;
        if (line.AsSpan().TrimStart() is ['#' or ';', ..])
        {
            return "";
        }

        for (var at = line.IndexOf(';', StringComparison.Ordinal); at >= 0; at = line.IndexOf(';', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }
        }

        hadComment = false;
        return line;
    }
}
