using System.Text.Json;
using Postern.Cli.Words;
using Postern.Fail2Ban.Lint;

namespace Postern.Cli.Commands;

/// <summary>A fault of a filter as JSON.</summary>
internal static class LintJson
{
    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter json, LintWarning warning, IFilterWords words)
    {
        json.WriteStartObject();
        json.WriteString("code", warning.Code);
        if (warning.Regex is { } regex)
        {
            json.WriteNumber("regex", regex);
        }
        else
        {
            json.WriteNull("regex");
        }

        json.WriteString("part", warning.Part);
        json.WriteString("expression", warning.Expression);
        json.WriteString("message", words.Problem(warning));
        json.WriteString("fix", words.Fix(warning) is { Length: > 0 } fix ? fix : null);
        json.WriteString("example", warning.Example);
        json.WriteString("sender", warning.Sender);
        json.WriteString("named", warning.Named);
        json.WriteEndObject();
    }
}
