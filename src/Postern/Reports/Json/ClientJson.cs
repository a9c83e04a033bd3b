using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Json;

/// <summary>One client within the report for programs.</summary>
internal static class ClientJson
{
    /// <summary>Writes the object of a client.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="client">The client.</param>
    /// <param name="tails">Writes what stands behind the times.</param>
    public static void Write(Utf8JsonWriter json, ClientFinding client, ClientTails tails)
    {
        json.WriteStartObject();
        JsonTexts.WriteText(json, "address", client.Address.IsKnown ? client.Address.ToString() : null);
        json.WriteNumber("sessions", client.Sessions);
        JsonTexts.WriteTime(json, "first_seen", client.FirstSeen);
        JsonTexts.WriteTime(json, "last_seen", client.LastSeen);
        WriteBehaviours(json, client.Behaviours);
        WriteBursts(json, client.Bursts);
        tails.Write(json, client);
        json.WriteEndObject();
    }

    /// <summary>Writes what stands behind the times: nothing in it depends on these, nor on the address but for what kind it is.</summary>
    public static void WriteTail(Utf8JsonWriter json, ClientFinding client, IReportLanguage language)
    {
        json.WriteStartObject("names");
        JsonTexts.WriteText(json, "ptr", client.HostName);
        json.WriteBoolean("ptr_confirmed", client.HostName is not null && client.NameIsConfirmed);
        JsonTexts.WriteStrings(json, "helo", client.HeloNames);
        json.WriteEndObject();
        json.WriteString("cause", client.Cause.Cause.Id());
        WriteConfidence(json, client.Cause.Confidence);
        json.WriteString("explanation", language.Explain(client));
        json.WriteString("verdict", client.Verdict.Id());
        json.WriteString("advice", language.Advise(client));
        WriteTests(json, client.Tests);
        json.WriteNumber("accepted", client.Accepted);
        json.WriteBoolean("own_host", client.IsOwnHost);
        JsonTexts.WriteText(json, "payload", client.Payload);
        WriteEvidence(json, client.Cause.Clues, language);
        WriteAlternatives(json, client.Others);
    }

    private static void WriteBehaviours(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<Behaviour, int>> behaviours)
    {
        json.WriteStartObject("behaviours");
        foreach (var (behaviour, sessions) in behaviours)
        {
            json.WriteNumber(behaviour.Id(), sessions);
        }

        json.WriteEndObject();
    }

    private static void WriteBursts(Utf8JsonWriter json, IReadOnlyList<Burst> bursts)
    {
        json.WriteStartArray("bursts");
        foreach (var burst in bursts)
        {
            json.WriteStartObject();
            JsonTexts.WriteTime(json, "from", burst.From);
            JsonTexts.WriteTime(json, "to", burst.To);
            json.WriteNumber("sessions", burst.Sessions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTests(Utf8JsonWriter json, IReadOnlyList<Evidence> tests)
    {
        json.WriteStartArray("tests");
        foreach (var test in tests)
        {
            json.WriteStartObject();
            JsonTexts.WriteText(json, "name", test.Name);
            json.WriteString("result", test.Result.Id());
            json.WriteNumber("points", double.IsFinite(test.Points) ? test.Points : 0);
            JsonTexts.WriteText(json, "detail", test.Detail);
            JsonTexts.WriteStrings(json, "lookups", test.Lookups);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEvidence(Utf8JsonWriter json, IReadOnlyList<Clue> clues, IReportLanguage language)
    {
        json.WriteStartArray("evidence");
        foreach (var clue in clues)
        {
            json.WriteStartObject();
            json.WriteString("clue", clue.Kind.Id());
            json.WriteNumber("number", clue.Number);
            json.WriteBoolean("more", clue.IsMore);
            JsonTexts.WriteText(json, "text", clue.Text);
            json.WriteString("sentence", language.Say(clue));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAlternatives(Utf8JsonWriter json, IReadOnlyList<CauseFinding> others)
    {
        json.WriteStartArray("alternatives");
        foreach (var other in others)
        {
            json.WriteStartObject();
            json.WriteString("cause", other.Cause.Id());
            WriteConfidence(json, other.Confidence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteConfidence(Utf8JsonWriter json, double confidence) =>
        json.WriteNumber("confidence", Math.Round(Certainties.Bound(confidence), 2));
}
