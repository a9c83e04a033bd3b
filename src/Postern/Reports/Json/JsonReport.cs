using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Content;
using Postern.Reports.Languages;

namespace Postern.Reports.Json;

/// <summary>
/// The report for programs, <c>postern.explain/1</c>. It is written to the stream as it is made, so that the number of
/// clients costs no memory. What a client wrote stands in it exactly, escaped by the rules of JSON; only within sentences
/// it is shortened and spelt out as in the other reports.
/// </summary>
internal static class JsonReport
{
    /// <summary>Writes the document and a line feed. The stream is flushed and left open.</summary>
    public static void Write(Explanation explanation, Stream output, IReportLanguage language)
    {
        using var json = new Utf8JsonWriter(output, JsonTexts.Options);
        json.WriteStartObject();
        json.WriteString("schema", "postern.explain/1");
        json.WriteString("language", language.Tag);
        json.WriteStartObject("period");
        JsonTexts.WriteTime(json, "from", explanation.From);
        JsonTexts.WriteTime(json, "to", explanation.To);
        json.WriteEndObject();
        json.WriteStartObject("lines");
        json.WriteNumber("read", explanation.LinesRead);
        json.WriteNumber("postfix", explanation.LinesPostfix);
        json.WriteNumber("unparsed", explanation.LinesUnparsed);
        json.WriteEndObject();
        WriteUnknownForms(json, explanation.UnknownForms);
        json.WriteNumber("notices", explanation.Notices);
        json.WriteNumber("sessions", explanation.Sessions);
        WriteTroubles(json, explanation.Troubles, language);
        WriteSummary(json, explanation, language);
        json.WriteStartArray("clients");
        // What is written so far goes out first, for the clients go past the writer.
        json.Flush();
        ClientPages.Write(explanation.Clients, output, language);
        json.WriteEndArray();
        json.WriteStartObject("ordinary");
        json.WriteNumber("clients", explanation.OrdinaryClients);
        json.WriteNumber("sessions", explanation.OrdinarySessions);
        json.WriteEndObject();
        WriteCampaigns(json, explanation.Campaigns, language);
        WriteTakeovers(json, explanation.Takeovers, language);
        WriteLoad(json, explanation.Load);
        JsonTexts.WriteStrings(json, "warnings", [.. explanation.Warnings.Select(language.Warning)]);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    private static void WriteTroubles(Utf8JsonWriter json, IReadOnlyList<Trouble> troubles, IReportLanguage language)
    {
        json.WriteStartArray("troubles");
        foreach (var trouble in troubles)
        {
            json.WriteStartObject();
            json.WriteString("id", trouble.Kind.Id());
            json.WriteNumber("lines", trouble.Lines);
            json.WriteNumber("sessions", trouble.Sessions);
            JsonTexts.WriteTime(json, "first_seen", trouble.FirstSeen);
            JsonTexts.WriteTime(json, "last_seen", trouble.LastSeen);
            json.WriteString("advice", language.Advise(trouble.Kind));
            JsonTexts.WriteText(json, "text", trouble.Text);
            json.WriteString("explanation", language.Say(trouble));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSummary(Utf8JsonWriter json, Explanation explanation, IReportLanguage language)
    {
        json.WriteStartArray("summary");
        foreach (var answer in language.Summarise(new Overview(explanation)))
        {
            json.WriteStartObject();
            json.WriteString("question", answer.Question);
            json.WriteString("answer", answer.Text);
            JsonTexts.WriteStrings(json, "items", answer.Items);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCampaigns(Utf8JsonWriter json, IReadOnlyList<Campaign> campaigns, IReportLanguage language)
    {
        json.WriteStartArray("campaigns");
        foreach (var campaign in campaigns)
        {
            json.WriteStartObject();
            json.WriteString("behaviour", campaign.Behaviour.Id());
            json.WriteStartArray("clients");
            foreach (var client in campaign.Clients)
            {
                json.WriteStringValue(client.ToString());
                JsonTexts.FlushIfFull(json);
            }

            json.WriteEndArray();
            json.WriteNumber("sessions", campaign.Sessions);
            JsonTexts.WriteTime(json, "from", campaign.From);
            JsonTexts.WriteTime(json, "to", campaign.To);
            json.WriteString("explanation", language.Say(campaign));
            json.WriteString("cause", campaign.Cause?.Id());
            json.WriteString("helo", campaign.Helo);
            json.WriteString("advice", language.Advise(campaign));
            JsonTexts.WriteStrings(json, "networks", campaign.Networks.Select(static network => network.Network.ToString()));
            JsonTexts.WriteStrings(json, "user_names", campaign.UserNames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTakeovers(Utf8JsonWriter json, IReadOnlyList<AccountTakeover> takeovers, IReportLanguage language)
    {
        json.WriteStartArray("account_takeovers");
        foreach (var takeover in takeovers)
        {
            json.WriteStartObject();
            json.WriteString("user", takeover.User);
            JsonTexts.WriteTime(json, "from", takeover.From);
            JsonTexts.WriteTime(json, "to", takeover.To);
            json.WriteNumber("logins", takeover.Logins);
            JsonTexts.WriteStrings(json, "networks", takeover.Networks.Select(static network => network.ToString()));
            JsonTexts.WriteStrings(json, "clients", takeover.Clients.Select(static client => client.ToString()));
            json.WriteString("explanation", language.Say(takeover));
            json.WriteString("advice", language.Advise(takeover));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUnknownForms(Utf8JsonWriter json, IReadOnlyList<UnknownForm> forms)
    {
        json.WriteStartArray("unknown_forms");
        foreach (var form in forms)
        {
            json.WriteStartObject();
            json.WriteString("daemon", form.Daemon);
            json.WriteString("form", form.Form);
            json.WriteNumber("lines", form.Lines);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLoad(Utf8JsonWriter json, Load load)
    {
        json.WriteStartObject("load");
        json.WriteNumber("peak_sessions_per_minute", load.PeakSessionsPerMinute);
        JsonTexts.WriteTime(json, "peak_at", load.PeakAt);
        json.WriteNumber("limits_exceeded", load.LimitsExceeded);
        json.WriteBoolean("denial_of_service", load.IsDenialOfService);
        json.WriteEndObject();
    }
}
