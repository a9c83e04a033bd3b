using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;

namespace Postern.Tests.Fail2Ban.Samples;

/// <summary>Runs a filter over its sample log, whose comments say what each next line must give under which options.</summary>
internal sealed class SampleRun
{
    // 2005-08-14T12:00:00+02:00; dates without a year are seen from there.
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1124013600);
    private static readonly DateClock s_clock = new(new FakeTimeProvider(s_now), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich"));
    private static readonly Lazy<DefaultTemplates> s_defaults = new(() => DefaultTemplates.Create(2005));

    private readonly string _name;
    private readonly string _folder;
    private readonly Dictionary<string, Variant> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hit = new(StringComparer.Ordinal);
    private readonly Queue<string> _files = new();
    private List<Variant> _variants = [];
    private Dictionary<string, string> _common = new(StringComparer.Ordinal);
    private bool _skipBlock;

    public SampleRun(string name, string folder)
    {
        _name = name;
        _folder = folder;
    }

    public List<string> Problems { get; } = [];

    /// <summary>Annotated lines that were tried, by file and number, and whether they passed.</summary>
    public Dictionary<(string File, int Line), bool> Cases { get; } = [];

    public void Run()
    {
        _files.Enqueue(_name);
        while (_files.TryDequeue(out var file))
        {
            RunFile(file);
        }

        foreach (var variant in _known.Values)
        {
            for (var i = 0; i < variant.Filter.FailRegex.Count; i++)
            {
                if (!variant.Hits.Contains(i) && !_hit.Contains(variant.Filter.FailRegex[i].Pattern.Text))
                {
                    Problems.Add($"{variant.Title}: no sample for failregex {i + 1}: {variant.Filter.FailRegex[i].Source}");
                }
            }
        }
    }

    private void RunFile(string file)
    {
        _skipBlock = false;
        var number = 0;
        JsonElement? expected = null;
        foreach (var raw in File.ReadAllText(Path.Combine(SampleFolders.Logs, file), new UTF8Encoding(false)).Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r', '\n');
            if (expected is null && Directive(line) is { } directive)
            {
                expected = Obey(directive.Kind, JsonDocument.Parse(directive.Json).RootElement);
                continue;
            }

            if (expected is null && (_skipBlock || line.StartsWith('#') || line.AsSpan().Trim().IsEmpty))
            {
                continue;
            }

            if (_skipBlock)
            {
                expected = null;
                continue;
            }

            var before = Problems.Count;
            Check(line, expected, $"{file}:{number}");
            if (expected is not null)
            {
                Cases[(file, number)] = Problems.Count == before;
            }

            expected = null;
        }
    }

    private static (string Kind, string Json)? Directive(string line)
    {
        var text = line.TrimStart('#');
        if (text.Length == line.Length)
        {
            return null;
        }

        if (text.StartsWith(' '))
        {
            text = text[1..];
        }

        foreach (var kind in (string[])["failJSON:", "filterOptions:", "fileOptions:", "addFILE:"])
        {
            if (text.StartsWith(kind, StringComparison.Ordinal))
            {
                return (kind[..^1], text[kind.Length..]);
            }
        }

        return null;
    }

    private JsonElement? Obey(string kind, JsonElement value)
    {
        switch (kind)
        {
            case "failJSON":
                return value;
            case "addFILE":
                _files.Enqueue(value.GetString()!);
                return null;
            case "fileOptions":
                _common = Strings(value);
                return null;
        }

        _variants = [];
        _skipBlock = false;
        foreach (var one in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
        {
            var options = new Dictionary<string, string>(_common, StringComparer.Ordinal);
            foreach (var (name, text) in Strings(one))
            {
                options[name] = text;
            }

            if (options.TryGetValue("test.condition", out var condition))
            {
                _skipBlock = !SampleCondition.Holds(condition, _name, options);
            }

            if (!_skipBlock)
            {
                _variants.Add(Load(options));
            }
        }

        return null;
    }

    private Variant Load(Dictionary<string, string> options)
    {
        var own = options.Where(option => !option.Key.StartsWith("test.", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        var title = options.GetValueOrDefault("test.filter-name") ?? $"{_name}[{string.Join(", ", own.Select(option => $"{option.Key}={option.Value}"))}]";
        if (_known.TryGetValue(title, out var known))
        {
            return known with { Options = options };
        }

        var (definition, error) = FilterReader.ReadName(_folder, _name, own, null);
        error.ShouldBeNull();
        var (filter, errors) = CompiledFilter.Compile(definition!, "warn", 2005, s_defaults);
        errors.ShouldBeEmpty();
        var matcher = new FilterMatcher(filter!, new FilterOptions { TryAll = true, GivePending = true, RawNames = true }, s_clock);
        return _known[title] = new Variant(title, filter!, matcher, options, []);
    }

    private void Check(string line, JsonElement? expected, string where)
    {
        if (_variants.Count == 0)
        {
            _variants = [Load(new Dictionary<string, string>(StringComparer.Ordinal))];
        }

        foreach (var variant in _variants)
        {
            if (expected is { } constrained && constrained.TryGetProperty("constraint", out var constraint)
                && !SampleCondition.Holds(constraint.GetString()!, _name, variant.Options))
            {
                continue;
            }

            if (Judge(line, expected, variant) is { } problem)
            {
                Problems.Add($"{where} {variant.Title}: {problem}\n    {line}");
            }
        }
    }

    private string? Judge(string line, JsonElement? expected, Variant variant)
    {
        var isJournal = variant.Options.GetValueOrDefault("logtype") is "journal";
        var result = isJournal
            ? variant.Matcher.Match(variant.Options.GetValueOrDefault("test.prefix-line") + line, s_now.ToUnixTimeSeconds())
            : variant.Matcher.Match(line);
        if (result.GaveUp)
        {
            return "it cost too much";
        }

        var found = new List<FilterMatch>();
        foreach (var match in result.Matches)
        {
            variant.Hits.Add(match.Regex);
            _hit.Add(variant.Filter.FailRegex[match.Regex].Pattern.Text);
            if (match.Id is not null && !match.Failure.IsNoFailure)
            {
                found.Add(match);
            }
        }

        if (!isJournal && !result.IsIgnored && result.Matches.Count > 0 && IsPassedOver(variant.Filter.Prefilter, line))
        {
            return "the prefilter would have passed it over";
        }

        var wanted = expected is { } known && known.TryGetProperty("match", out var match1) && match1.GetBoolean();
        if (found.Count == 0)
        {
            return wanted ? "not matched, but should" : null;
        }

        if (!wanted)
        {
            return $"matched by failregex {found[0].Regex + 1}, but should not";
        }

        return found.Count > 1
            ? $"matched by several: {string.Join(", ", found.Select(one => one.Regex + 1))}"
            : Compare(found[0], expected!.Value);
    }

    private static bool IsPassedOver(LinePrefilter prefilter, string line) => prefilter.IsUseful
        && line.AsSpan().IndexOfAny(OtherCases.Letters) < 0 && new WordSearch(prefilter.Words).IndexOf(Encoding.UTF8.GetBytes(line)) < 0;

    private static string? Compare(FilterMatch match, JsonElement expected)
    {
        foreach (var property in expected.EnumerateObject())
        {
            var problem = property.Name switch
            {
                "match" or "desc" or "constraint" => null,
                "time" => property.Value.ValueKind == JsonValueKind.Null ? null : CompareTime(match.Time, property.Value.GetString()!),
                "attempts" => Differ(match.Failure.Matches?.Count.ToString(CultureInfo.InvariantCulture), property.Value.GetRawText()),
                "users" => Differ(Sorted(match.Failure.Users ?? []), Sorted(property.Value.EnumerateArray().Select(user => user.GetString()!))),
                "host" when match.Failure["host"] is null => Differ(match.Id!.Text, FailureId.From(property.Value.GetString()!).Text),
                var name => Differ(match.Failure[name], property.Value.ValueKind == JsonValueKind.Null ? null : property.Value.ToString()),
            };
            if (problem is not null)
            {
                return $"{property.Name}: {problem}";
            }
        }

        return null;
    }

    private static string? CompareTime(double? time, string expected)
    {
        var firewall = DateTime.Parse(expected, CultureInfo.InvariantCulture);
        var wanted = s_clock.ToUnix(firewall);
        return time is { } known && Math.Abs(known - wanted) < 1e-6 ? null : $"{time} instead of {wanted}";
    }

    private static string Sorted(IEnumerable<string> names) => string.Join(",", names.Order(StringComparer.Ordinal));

    private static string? Differ(string? found, string? wanted) =>
        string.Equals(found, wanted, StringComparison.Ordinal) ? null : $"'{found}' instead of '{wanted}'";

    private static Dictionary<string, string> Strings(JsonElement value) =>
        value.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString(), StringComparer.Ordinal);

    private sealed record Variant(
        string Title, CompiledFilter Filter, FilterMatcher Matcher, IReadOnlyDictionary<string, string> Options, HashSet<int> Hits);
}
