using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Postern.Tests.Capture.Envelopes;

/// <summary>A line of syslog by its parts.</summary>
internal sealed record LoggedLine(DateTimeOffset Time, string Host, string Name, int Pid, string Message)
{
    public string Level => Message.StartsWith("warning", StringComparison.Ordinal) ? "warning" : "info";
}

/// <summary>A form of Cases/Envelopes/forms.txt.</summary>
internal sealed partial record EnvelopeForm(string Name, string Template)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Cases", "Envelopes");

    private static readonly Dictionary<string, (string[] Months, string[] Days)> s_locales = Lines("months.txt")
        .ToDictionary(parts => parts[0], parts => (parts[1].Split(' '), parts[2].Split(' ')), StringComparer.Ordinal);

    public static IReadOnlyList<EnvelopeForm> All { get; } =
        [.. File.ReadLines(Path.Combine(s_folder, "forms.txt")).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => new EnvelopeForm(line[..line.IndexOf(" | ", StringComparison.Ordinal)], line[(line.IndexOf(" | ", StringComparison.Ordinal) + 3)..]))];

    public static IEnumerable<string> Locales => s_locales.Keys;

    public static EnvelopeForm Of(string name) => All.Single(form => string.Equals(form.Name, name, StringComparison.Ordinal));

    /// <summary>The line in this form, with its line feed.</summary>
    public string Write(LoggedLine line)
    {
        var isJson = Template[0] == '{' && Template[1] == '"';
        var template = Template.Replace("\\e", "\e", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
        template = isJson ? template : template.Replace("\\n", "\n", StringComparison.Ordinal);
        return Placeholder().Replace(template, match => Value(match.Groups["part"].Value, line)) + "\n";
    }

    private static string Value(string name, LoggedLine line) => name switch
    {
        "host" => line.Host,
        "program" => $"{line.Name}[{line.Pid}]",
        "name" => line.Name,
        "pid" => Text(line.Pid),
        "level" => line.Level,
        "LEVEL" => line.Level.ToUpperInvariant(),
        "message" => line.Message,
        "json" => JsonSerializer.Serialize(line.Message)[1..^1],
        "bytes" => "[" + string.Join(',', Encoding.UTF8.GetBytes(line.Message)) + "]",
        "epoch" => Text(line.Time.ToUnixTimeSeconds()),
        "seconds" => Text(line.Time.ToUnixTimeSeconds()) + ".000000",
        "micros" => Text(line.Time.ToUnixTimeSeconds()) + "000000",
        "tai64n" => "@" + ((1UL << 62) + (ulong)line.Time.ToUnixTimeSeconds() + 10).ToString("x16", CultureInfo.InvariantCulture) + "00000000",
        ['u', 't', 'c', ' ', .. var format] => line.Time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture),
        [var a, var b, ' ', .. var format] when s_locales.TryGetValue($"{a}{b}", out var words) => Localised(line.Time, format, words.Months, words.Days),
        _ => line.Time.ToString(name, CultureInfo.InvariantCulture),
    };

    private static string Localised(DateTimeOffset time, string format, string[] months, string[] days)
    {
        var marked = format.Replace("MMM", "'\u0001'", StringComparison.Ordinal).Replace("dddd", "'\u0002'", StringComparison.Ordinal).Replace("ddd", "'\u0003'", StringComparison.Ordinal);
        return time.ToString(marked, CultureInfo.InvariantCulture)
            .Replace("\u0001", months[time.Month - 1], StringComparison.Ordinal).Replace("\u0002", days[1], StringComparison.Ordinal).Replace("\u0003", days[0], StringComparison.Ordinal);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string file) =>
        File.ReadLines(Path.Combine(s_folder, file)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" | "));

    [GeneratedRegex(@"\{(?<part>[^{}""]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
