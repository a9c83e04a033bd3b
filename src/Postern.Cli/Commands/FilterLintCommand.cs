using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Postern.Cli.Terminal;
using Postern.Fail2Ban.Configuration;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Lint;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary><c>postern filter lint</c>: faults of a filter, each with its proof.</summary>
internal static class FilterLintCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var filter = new Argument<string>("FILTER") { Description = "A filter's file, or its name in the folder's filter.d, with options as in a jail: postfix[mode=aggressive]" };
        var folder = FilterTestCommand.FolderOption();
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("lint", "Look for faults of a filter: whether clients can turn it against others, whether it can match at all, what it may cost")
        {
            filter, folder, format,
        };
        command.SetAction((parsed, stop) => Task.Run(() => Run(parsed.GetRequiredValue(filter), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(format) is "json"), stop));
        return command;
    }

    private static int Run(string argument, string folder, bool json)
    {
        var (definition, complaint) = FilterSource.Read(argument, folder);
        if (definition is null)
        {
            PosternCommand.Complain(complaint!);
            return ExitCodes.BadUsage;
        }

        var warnings = FilterLint.Run(definition, new DateClock(TimeProvider.System, TimeZoneInfo.Local));
        if (json)
            WriteJson(warnings);
        else
            WriteText(definition, warnings);
        return warnings.Count > 0 ? ExitCodes.No : ExitCodes.Success;
    }

    private static void WriteText(FilterDefinition definition, IReadOnlyList<LintWarning> warnings)
    {
        foreach (var warning in warnings)
        {
            var place = definition.Places.TryGetValue(warning.Part, out var found) ? found.ToString() : definition.File;
            Console.Out.WriteLine($"{SafeText.Escape(place)}: {warning.Code}: {warning.Part}: {SafeText.Escape(warning.Expression)}");
            Console.Out.WriteLine($"  {SafeText.Escape(warning.Message)}.");
            if (warning.Example is { } example)
                Console.Out.WriteLine($"  Example: {SafeText.Escape(example)}");
            if (warning.Named is { } named)
                Console.Out.WriteLine($"  Sent by {warning.Sender}, counted against {named}.");
            Console.Out.WriteLine();
        }

        Console.Out.WriteLine(warnings.Count == 0 ? "No fault found." : $"{warnings.Count} fault{(warnings.Count == 1 ? "" : "s")} found.");
    }

    private static void WriteJson(IReadOnlyList<LintWarning> warnings)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "postern.filter-test/1");
            json.WriteStartObject("lines");
            foreach (var name in (string[])["total", "matched", "ignored", "missed"])
                json.WriteNumber(name, 0);
            json.WriteEndObject();
            json.WriteStartArray("matches");
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in warnings)
                Write(json, warning);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, LintWarning warning)
    {
        json.WriteStartObject();
        json.WriteString("code", warning.Code);
        if (warning.Regex is { } regex)
            json.WriteNumber("regex", regex);
        else
            json.WriteNull("regex");
        json.WriteString("part", warning.Part);
        json.WriteString("expression", warning.Expression);
        json.WriteString("message", warning.Message);
        json.WriteString("example", warning.Example);
        json.WriteString("sender", warning.Sender);
        json.WriteString("named", warning.Named);
        json.WriteEndObject();
    }
}
