using System.Text.Json;
using System.Text.Json.Serialization;
using Postern.Cli.Daemon.History;
using Postern.Cli.Daemon.Metrics;
using Postern.Reports.Json;

namespace Postern.Cli.Daemon.Control;

/// <summary>
/// The requests and replies as JSON, written by code that is generated at build time. The default encoder escapes all but
/// plain ASCII, so that no client's text can steer a terminal out of a reply.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(BansReply))]
[JsonSerializable(typeof(LiveExplanation))]
[JsonSerializable(typeof(TopSnapshot))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(AllowedReply))]
[JsonSerializable(typeof(MetricsReply))]
[JsonSerializable(typeof(MetricsTextReply))]
[JsonSerializable(typeof(EventsReply))]
[JsonSerializable(typeof(ClientsReply))]
[JsonSerializable(typeof(HistoryReply))]
[JsonSerializable(typeof(HostsReply))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>Writes a document for people and programs: indented, ended by a line feed.</summary>
    public static void WriteIndented(JsonElement document, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, JsonTexts.Indented))
        {
            document.WriteTo(json);
        }

        output.Write("\n"u8);
    }
}
