using System.CommandLine;
using System.Text.Json;
using Postern.Cli.Terminal;
using Postern.Cli.Words;
using Postern.Fail2Ban.Dates;
using Postern.Fail2Ban.Lint;
using Postern.Reports.Json;

namespace Postern.Cli.Commands;

/// <summary><c>postern filter lint</c>: faults of a filter, each with its proof.</summary>
internal static class FilterLintCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Wording wording)
    {
        var filter = new Argument<string>("FILTER") { };
        var folder = FilterTestCommand.FolderOption();
        var format = new Option<string>("--format") { DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("lint") { filter, folder, format };
        command.SetAction((parsed, stop) => Task.Run(
            () => Run(parsed.GetRequiredValue(filter), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(format) is "json", wording), stop));
        return command;
    }

    private static int Run(string argument, string folder, bool json, Wording wording)
    {
        var (definition, complaint) = FilterSource.Read(argument, folder);
        if (definition is null)
        {
            PosternCommand.Complain(complaint!);
            return ExitCodes.BadUsage;
        }

        var warnings = FilterLint.Run(definition, new DateClock(TimeProvider.System, TimeZoneInfo.Local));
        if (json)
        {
            WriteJson(warnings, wording.Scripts.Filter);
        }
        else
        {
            new LintText(wording.People.Filter).Write(Console.Out, definition, warnings);
        }

        return warnings.Count > 0 ? ExitCodes.No : ExitCodes.Success;
    }

    private static void WriteJson(IReadOnlyList<LintWarning> warnings, IFilterWords words)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
        {
            json.WriteStartObject();
            json.WriteString("schema", "postern.filter-test/1");
            json.WriteStartObject("lines");
            foreach (var name in (string[])["total", "matched", "ignored", "missed"])
            {
                json.WriteNumber(name, 0);
            }

            json.WriteEndObject();
            json.WriteStartArray("matches");
            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (var warning in warnings)
            {
                LintJson.Write(json, warning, words);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
