using System.Globalization;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Fail2Ban.Jails;

/// <summary>What a folder of fail2ban's gives: its enabled jails, and what is wrong with the others.</summary>
/// <param name="Jails">The jails that can run.</param>
/// <param name="Errors">Why others cannot; where the files themselves cannot be read, no jail runs.</param>
internal sealed record Fail2BanJailFolder(IReadOnlyList<Fail2BanJail> Jails, IReadOnlyList<ConfigError> Errors);

/// <summary>Reads the jails of <c>jail.conf</c>, <c>jail.d</c> and <c>jail.local</c>, in fail2ban's order.</summary>
internal sealed class Fail2BanJailReader
{
    // Options of a jail that count before its filter's.
    private static readonly string[] s_filterOptions = ["failregex", "ignoreregex", "prefregex", "datepattern", "maxlines", "usedns", "journalmatch"];

    private readonly string _folder;
    private readonly IniFile _file;
    private readonly Interpolation _values;
    private readonly int _year;
    private readonly Lazy<DefaultTemplates> _dates;
    private readonly List<ConfigError> _errors = [];

    private Fail2BanJailReader(string folder, IniFile file, int year)
    {
        (_folder, _file, _year) = (folder, file, year);
        _values = new Interpolation(file);
        _dates = new Lazy<DefaultTemplates>(() => DefaultTemplates.Create(year));
    }

    /// <summary>Reads a folder such as <c>/etc/fail2ban</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="year">The present year.</param>
    public static Fail2BanJailFolder Read(string folder, int year)
    {
        var (file, error) = Fail2BanFiles.ReadName(Path.Combine(folder, "jail"));
        return file is null
            ? new Fail2BanJailFolder([], [error ?? new ConfigError(Path.Combine(folder, "jail.conf"), 0, "there is no such file")])
            : new Fail2BanJailReader(folder, file, year).ReadAll();
    }

    private Fail2BanJailFolder ReadAll()
    {
        var jails = new List<Fail2BanJail>();
        foreach (var name in _file.Names)
        {
            if (name is not "INCLUDES" && ReadJail(new Section(this, name)) is { } jail)
            {
                jails.Add(jail);
            }
        }

        return new Fail2BanJailFolder(jails, _errors);
    }

    private Fail2BanJail? ReadJail(Section section)
    {
        var before = _errors.Count;
        if (!section.Flag("enabled", false) || _errors.Count > before)
        {
            return null;
        }

        var backend = section.Text("backend") ?? "auto";
        var readsJournal = backend.StartsWith("systemd", StringComparison.Ordinal);
        if (ReadFilter(section, readsJournal) is not { } filter)
        {
            return null;
        }

        var zone = section.Text("logtimezone") is { Length: > 0 } named ? named : null;
        if (zone is not null && ZoneOffsets.Minutes(zone) is null)
        {
            section.Complain("logtimezone", $"'{zone}' is no zone that fail2ban knows (UTC, CET, UTC+0200)");
        }

        var jail = new Fail2BanJail
        {
            Name = section.Name,
            Place = section.Place("enabled"),
            Filter = filter,
            LogPaths = readsJournal ? [] : [.. Lines(section.Text("logpath")).Select(WithoutPosition)],
            ReadsJournal = readsJournal,
            JournalMatch = filter.Definition.JournalMatch,
            LogEncoding = section.Text("logencoding") ?? "auto",
            LogOffset = zone is null ? null : ZoneOffsets.Minutes(zone),
            FindTime = section.Seconds("findtime") ?? 600,
            MaxRetry = section.Count("maxretry") ?? 3,
            BanTime = ReadBanTime(section),
            IgnoreIp = Words(section.Text("ignoreip")),
            IgnoresSelf = section.Flag("ignoreself", true),
            IgnoreCommand = section.Text("ignorecommand") is { Length: > 0 } command ? command : null,
            Ports = section.Text("port"),
        };
        if (!readsJournal && jail.LogPaths.Count == 0)
        {
            section.Complain("logpath", "it names no log");
        }

        return _errors.Count == before ? jail : null;
    }

    private CompiledFilter? ReadFilter(Section section, bool readsJournal)
    {
        if (section.Text("filter") is not { Length: > 0 } text)
        {
            section.Complain("filter", "it names no filter");
            return null;
        }

        var (reference, reason) = NameWithOptions.Parse(text);
        if (reference is null)
        {
            section.Complain("filter", $"'{text}': {reason}");
            return null;
        }

        var (definition, error) = FilterReader.ReadName(_folder, reference.Name, reference.Options, readsJournal ? "journal" : "file");
        if (definition is null)
        {
            _errors.Add(error! with { Reason = $"{error!.Reason} (jail {section.Name})" });
            return null;
        }

        section.Know(definition.Options);
        definition = Override(section, definition);
        var (filter, errors) = CompiledFilter.Compile(definition, "warn", _year, _dates);
        foreach (var wrong in errors)
        {
            var place = definition.Places.TryGetValue(wrong.Part, out var found) ? found : section.Place("filter");
            _errors.Add(new ConfigError(place.File, place.Line, $"{wrong} (jail {section.Name})"));
        }

        return filter;
    }

    private static FilterDefinition Override(Section section, FilterDefinition definition)
    {
        foreach (var option in s_filterOptions)
        {
            if (section.Text(option) is not { } text)
            {
                continue;
            }

            definition = option switch
            {
                "failregex" => definition with { FailRegex = Lines(text), Places = Moved(definition, option, section) },
                "ignoreregex" => definition with { IgnoreRegex = Lines(text), Places = Moved(definition, option, section) },
                "prefregex" => definition with { PrefRegex = text.Length > 0 ? text : null, Places = Moved(definition, option, section) },
                "datepattern" => definition with { DatePattern = text, Places = Moved(definition, option, section) },
                "maxlines" => definition with { MaxLines = section.Count(option) ?? 1 },
                "usedns" => definition with { UseDns = section.OneOf(option, text, "yes", "warn", "no", "raw") },
                _ => definition with { JournalMatch = text },
            };
        }

        return definition;
    }

    private static Dictionary<string, ConfigPlace> Moved(FilterDefinition definition, string option, Section section)
    {
        var places = definition.Places.Where(place => !place.Key.StartsWith(option, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        for (var i = 1; i <= 200; i++)
        {
            places[option is "failregex" or "ignoreregex" ? string.Create(CultureInfo.InvariantCulture, $"{option} {i}") : option] = section.Place(option);
        }

        return places;
    }

    private static BanTimeRule ReadBanTime(Section section)
    {
        var rule = new BanTimeRule { Seconds = section.Seconds("bantime") ?? 600, Increments = section.Flag("bantime.increment", false) };
        if (!rule.Increments)
        {
            return rule;
        }

        rule = rule with
        {
            Longest = section.Seconds("bantime.maxtime"),
            Random = section.Seconds("bantime.rndtime") ?? 0,
            CountsAllJails = section.Flag("bantime.overalljails", false),
            Multipliers = section.Numbers("bantime.multipliers"),
            Formula = section.Text("bantime.formula") is { Length: > 0 } formula ? formula : BanTimeRule.DefaultFormula,
            Factor = section.Seconds("bantime.factor") ?? 1,
        };
        if (BanTimeRule.Calculate(rule.Formula, 600, 1, rule.Factor).Reason is { } reason)
        {
            section.Complain("bantime.formula", reason);
        }

        return rule;
    }

    // Where to begin (" head", " tail") is ours to know.
    private static string WithoutPosition(string path) => path.LastIndexOf(' ') is var blank and > 0 && path[(blank + 1)..] is "head" or "tail" ? path[..blank].TrimEnd() : path;

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string[] Words(string? text) => text?.Split((char[])[' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];

    // A section of the jails' files, whose complaints name the option's line.
    private sealed class Section(Fail2BanJailReader reader, string name)
    {
        private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
        {
            ["fail2ban_version"] = "1.0.2",
            ["fail2ban_confpath"] = reader._folder,
        };

        public string Name => name;

        public void Know(IReadOnlyDictionary<string, string> options)
        {
            foreach (var (option, value) in options)
            {
                _variables[option.StartsWith("known/", StringComparison.Ordinal) ? option : "known/" + option] = value.Replace("%", "%%", StringComparison.Ordinal);
            }
        }

        public ConfigPlace Place(string option)
        {
            if (reader._file.Sections[name].TryGetValue(option, out var value) || reader._file.Defaults.TryGetValue(option, out value))
            {
                return new ConfigPlace(value.File, value.Line);
            }

            var first = reader._file.Sections[name].Values.FirstOrDefault();
            return new ConfigPlace(first.File ?? Path.Combine(reader._folder, "jail.conf"), first.Line);
        }

        public void Complain(string option, string reason)
        {
            var place = Place(option);
            reader._errors.Add(new ConfigError(place.File, place.Line, $"{option}: {reason} (jail {name})"));
        }

        public string? Text(string option)
        {
            var (value, error) = reader._values.Get(name, option, _variables);
            if (error is not null)
            {
                reader._errors.Add(error with { Reason = $"{error.Reason} (jail {name})" });
            }

            return value?.Trim();
        }

        public string? OneOf(string option, string text, params ReadOnlySpan<string> allowed)
        {
            var value = text.ToLowerInvariant();
            if (allowed.Contains(value))
            {
                return value;
            }

            Complain(option, $"it wants one of {string.Join(", ", allowed.ToArray())}, not '{text}'");
            return null;
        }

        public bool Flag(string option, bool otherwise)
        {
            switch (Text(option)?.ToLowerInvariant())
            {
                case null:
                    return otherwise;
                case "true" or "yes" or "on" or "1":
                    return true;
                case "false" or "no" or "off" or "0":
                    return false;
                case var text:
                    Complain(option, $"it wants true or false, not '{text}'");
                    return otherwise;
            }
        }

        public int? Count(string option)
        {
            if (Text(option) is not { } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return count;
            }

            Complain(option, $"it wants a number greater than zero, not '{text}'");
            return null;
        }

        public double? Seconds(string option)
        {
            if (Text(option) is not { Length: > 0 } text)
            {
                return null;
            }

            var (seconds, reason) = Fail2BanSeconds.Parse(text);
            if (reason is not null)
            {
                Complain(option, reason);
            }

            return seconds;
        }

        public List<double> Numbers(string option)
        {
            var numbers = new List<double>();
            foreach (var word in Words(Text(option)))
            {
                if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    numbers.Add(number);
                }
                else
                {
                    Complain(option, $"'{word}' is no number");
                }
            }

            return numbers;
        }
    }
}
