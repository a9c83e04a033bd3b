using System.Globalization;
using System.Text.Json;
using Postern.Decisions;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Json;
using Postern.Reports.Text;

namespace Postern.Cli.Commands;

/// <summary>Writes the answer of <c>postern check</c>.</summary>
internal static class CheckReport
{
    /// <summary>One document of the schema <c>postern.check/1</c>.</summary>
    public static void WriteJson(Stream output, SenderFacts facts, SenderVerdict verdict, string explanation)
    {
        using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
        {
            json.WriteStartObject();
            json.WriteString("schema", "postern.check/1");
            json.WriteString("address", facts.Address.ToString());
            json.WriteString("helo", facts.Helo);
            json.WriteString("sender", facts.Sender);
            json.WriteStartArray("tests");
            foreach (var test in verdict.Tests)
            {
                json.WriteStartObject();
                json.WriteString("name", test.Name);
                json.WriteString("result", Word(test.Result));
                json.WriteNumber("points", test.Points);
                json.WriteString("detail", test.Detail);
                WriteList(json, "lookups", test.Lookups);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("points", verdict.Points);
            json.WriteString("verdict", verdict.Legitimacy.ToString().ToLowerInvariant());
            json.WriteString("advice", verdict.Advice.ToString().ToLowerInvariant());
            json.WriteBoolean("may_bounce", verdict.MayBounce);
            json.WriteString("explanation", explanation);
            WriteList(json, "deciding", verdict.Deciding);
            WriteList(json, "authentication_results", facts.AuthenticationResults);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The same for people: the conclusion first, then a line a test.</summary>
    public static void WriteText(TextWriter output, SenderFacts facts, SenderVerdict verdict, string explanation, string language)
    {
        Wrap(output, explanation, "");
        output.WriteLine();
        foreach (var test in verdict.Tests.Where(static test => test.Result != TestResult.Skipped))
        {
            var points = test.Points == 0 ? "" : test.Points.ToString("+0.##;-0.##", CultureInfo.InvariantCulture);
            Wrap(output, SafeText.Escape(LegitimacyExplanation.Describe(test, language)), $"  {test.Name,-13} {Word(test.Result),-9} {points,5}  ");
        }

        if (LegitimacyExplanation.NotAsked(verdict.Tests, language) is { Length: > 0 } rest)
        {
            Wrap(output, rest, "  ");
        }

        if (facts.AuthenticationResults.Count == 0)
        {
            return;
        }

        output.WriteLine();
        foreach (var line in facts.AuthenticationResults)
        {
            output.WriteLine("  " + SafeText.Escape(line));
        }
    }

    private static void Wrap(TextWriter output, string sentence, string head)
    {
        var room = TextStyle.WidestLine - head.Length;
        var isFirst = true;
        foreach (var line in LineBreaker.Lines(sentence, room, room))
        {
            output.WriteLine((isFirst ? head : new string(' ', head.Length)) + line);
            isFirst = false;
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Word(TestResult result) => result.ToString().ToLowerInvariant();
}
