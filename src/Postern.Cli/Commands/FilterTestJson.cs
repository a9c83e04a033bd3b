using System.Globalization;
using System.Text.Json;
using Postern.Cli.Words;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Filters;
using Postern.Fail2Ban.Lint;
using Postern.Fail2Ban.Testing;
using Postern.Reports.Json;

namespace Postern.Cli.Commands;

/// <summary>One document of the schema <c>postern.filter-test/1</c>, written as the lines come.</summary>
internal sealed class FilterTestJson : FilterTestReport
{
    private const int FlushAt = 64 * 1024;

    private readonly Utf8JsonWriter _json;
    private readonly Stream _output;
    private readonly CompiledFilter _filter;
    private readonly DateClock _clock;
    private readonly IFilterWords _words;
    private readonly IReadOnlyCollection<string> _print;
    private readonly List<(string Log, long Number, string Text, LineOutcome Outcome)> _others = [];
    private bool _begun;

    public FilterTestJson(Stream output, CompiledFilter filter, DateClock clock, IReadOnlyCollection<string> print, IFilterWords words)
    {
        _output = output;
        _filter = filter;
        _clock = clock;
        _words = words;
        _print = print;
        _json = new Utf8JsonWriter(output, JsonTexts.Indented);
    }

    /// <inheritdoc/>
    public override void Line(TestedLine line)
    {
        if (line.Match is not { } match)
        {
            if (_print.Contains(line.Outcome == LineOutcome.Ignored ? "ignored" : "missed", StringComparer.Ordinal))
            {
                _others.Add((Log, line.Number, line.Text, line.Outcome));
            }

            return;
        }

        Begin();
        _json.WriteStartObject();
        _json.WriteNumber("line", line.Number);
        _json.WriteString("file", Log);
        _json.WriteString("time", Time(match.Time));
        _json.WriteString("id", match.Id?.Text);
        _json.WriteString("address", AddressOf(match));
        _json.WriteString("user", match.Failure["user"]);
        _json.WriteNumber("regex", match.Regex + 1);
        _json.WriteString("text", line.Text);
        _json.WriteEndObject();
        if (_json.BytesPending > FlushAt)
        {
            _json.Flush();
        }
    }

    /// <inheritdoc/>
    public override void End(TestCounts counts)
    {
        Begin();
        _json.WriteEndArray();
        _json.WriteStartObject("lines");
        _json.WriteNumber("total", counts.Total);
        _json.WriteNumber("matched", counts.Matched);
        _json.WriteNumber("ignored", counts.Ignored);
        _json.WriteNumber("missed", counts.Missed);
        _json.WriteNumber("undecided", counts.GaveUp);
        _json.WriteNumber("unresolved", counts.NamesOnly);
        _json.WriteEndObject();
        Others("ignored", LineOutcome.Ignored);
        Others("missed", LineOutcome.Missed);
        _json.WriteStartArray("warnings");
        foreach (var warning in FilterLint.Run(_filter.Definition, _clock))
        {
            LintJson.Write(_json, warning, _words);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public override void Dispose() => _json.Dispose();

    private void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        _json.WriteStartObject();
        _json.WriteString("schema", "postern.filter-test/1");
        _json.WriteStartArray("matches");
    }

    private void Others(string name, LineOutcome outcome)
    {
        if (!_print.Contains(name, StringComparer.Ordinal))
        {
            return;
        }

        _json.WriteStartArray(name);
        foreach (var (log, number, text, other) in _others)
        {
            if (other != outcome)
            {
                continue;
            }

            _json.WriteStartObject();
            _json.WriteNumber("line", number);
            _json.WriteString("file", log);
            _json.WriteString("text", text);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private string? Time(double? seconds)
    {
        if (seconds is not (>= -62_135_596_800 and < 253_402_300_800))
        {
            return null;
        }

        var utc = DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds.Value * 1e6) * 10);
        var local = TimeZoneInfo.ConvertTime(utc, _clock.Zone);
        return local.ToString(local.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:sszzz" : "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
    }
}
