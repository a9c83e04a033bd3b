using System.Text.Json;

namespace Postern.Web.Channel;

/// <summary>A request to the daemon, as one line of JSON: the names are those of its control protocol.</summary>
internal static class ControlMessage
{
    /// <summary>Writes one.</summary>
    /// <param name="command">The command.</param>
    /// <param name="fields">Writes the other fields; null for none.</param>
    public static byte[] Write(string command, Action<Utf8JsonWriter>? fields = null)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("command", command);
            fields?.Invoke(json);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }
}
