using System.Buffers;
using System.Text.Json;
using Postern.Cli.Notifications.Telling;
using Postern.Reports.Json;

namespace Postern.Cli.Notifications.EventFiles;

/// <summary>
/// Writes what happened as one line of JSON by the names of the Elastic Common Schema 8.17
/// (https://www.elastic.co/guide/en/ecs/8.17/); what has no name there is in <c>postern</c>. The fields are documented in
/// docs/notifications.md and stay.
/// </summary>
/// <param name="host">This host's name.</param>
/// <param name="version">The program's version.</param>
internal sealed class EventJson(string host, string version)
{
    private const string EcsVersion = "8.17.0";
    private readonly HappeningText _text = new("en");

    /// <summary>The line, with its end.</summary>
    public void Write(Happening one, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, JsonTexts.Options))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", Time(one.At));
            json.WriteString("message", Message(one));
            Object(json, "ecs", ("version", EcsVersion));
            WriteEvent(json, one);
            WriteSource(json, one);
            if (one.Jail is { } jail)
            {
                Object(json, "rule", ("name", jail));
            }

            if (one.Kind == HappeningKind.AccountTakeover)
            {
                Object(json, "user", ("name", one.Subject));
            }

            Object(json, "observer", ("vendor", "Postern"), ("product", "Postern"), ("type", "firewall"), ("version", version), ("hostname", host));
            Object(json, "host", ("name", host));
            WriteOwn(json, one);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteEvent(Utf8JsonWriter json, Happening one)
    {
        var (categories, type) = Classes(one.Kind);
        json.WriteStartObject("event");
        json.WriteString("kind", one.Kind.IsAlert() ? "alert" : "event");
        json.WriteString("action", one.Kind.Action());
        JsonTexts.WriteStrings(json, "category", categories);
        JsonTexts.WriteStrings(json, "type", [type]);
        json.WriteString("module", "postern");
        json.WriteString("dataset", "postern.events");
        if (one.Reason is { } reason)
        {
            JsonTexts.WriteText(json, "reason", reason);
        }

        if ((one.From ?? (one.Kind == HappeningKind.Ban ? one.At : null)) is { } from)
        {
            json.WriteString("start", Time(from));
        }

        if (one.Until is { } until)
        {
            json.WriteString("end", Time(until));
        }

        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, Happening one)
    {
        if (!one.Client.IsKnown)
        {
            return;
        }

        Object(json, "source", one.HostName is { } name ? [("ip", one.Client.ToString()), ("domain", name)] : [("ip", one.Client.ToString())]);
    }

    private static void WriteOwn(Utf8JsonWriter json, Happening one)
    {
        json.WriteStartObject("postern");
        json.WriteBoolean("dry_run", one.IsDryRun);
        if (one.Network is { } network)
        {
            json.WriteString("network", network.ToString());
        }

        if (one.Kind == HappeningKind.Ban)
        {
            json.WriteNumber("failures", one.Failures);
            json.WriteNumber("repetition", one.Repetition);
        }

        if (one.Subject is { } subject)
        {
            JsonTexts.WriteText(json, "subject", subject);
        }

        if (one.Detail is { } detail && one.Kind != HappeningKind.Digest)
        {
            JsonTexts.WriteText(json, "detail", detail);
        }

        if (one.Count > 0)
        {
            json.WriteNumber("count", one.Count);
        }

        if (one.Kind == HappeningKind.AccountTakeover)
        {
            json.WriteNumber("networks", one.Networks);
        }

        json.WriteEndObject();
    }

    // The allowed values of event.category and event.type.
    private static (string[] Categories, string Type) Classes(HappeningKind kind) => kind switch
    {
        HappeningKind.Ban => (["intrusion_detection", "network"], "denied"),
        HappeningKind.Unban or HappeningKind.BanEnded or HappeningKind.Spared => (["intrusion_detection", "network"], "allowed"),
        HappeningKind.BanWave => (["intrusion_detection", "network"], "info"),
        HappeningKind.AccountTakeover => (["authentication", "intrusion_detection"], "info"),
        HappeningKind.OpenRelay => (["email", "intrusion_detection"], "info"),
        HappeningKind.ServerTrouble => (["email"], "error"),
        HappeningKind.DnsListBroken => (["email"], "error"),
        HappeningKind.DnsListRecovered => (["email"], "info"),
        HappeningKind.SourceUnreadable or HappeningKind.SourceSilent => (["file"], "error"),
        HappeningKind.SourceRecovered => (["file"], "info"),
        HappeningKind.DatabaseTrouble or HappeningKind.DatabaseDamaged => (["database"], "error"),
        HappeningKind.DatabaseRecovered => (["database"], "info"),
        HappeningKind.BrakePulled or HappeningKind.BrakeReleased => (["configuration", "network"], "change"),
        HappeningKind.Start => (["process"], "start"),
        HappeningKind.Stop => (["process"], "end"),
        HappeningKind.Fault or HappeningKind.EventsLost or HappeningKind.Firewall => (["process"], "error"),
        _ => (["process"], "info"),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void Object(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        json.WriteStartObject(name);
        foreach (var (field, value) in fields)
        {
            JsonTexts.WriteText(json, field, value);
        }

        json.WriteEndObject();
    }

    // The time stands in its own field.
    private string Message(Happening one) => one.Kind == HappeningKind.Digest ? _text.Words.Topic(Configuration.NotificationTopic.Digest) : _text.Sentence(one);
}
