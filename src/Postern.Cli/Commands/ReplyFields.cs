using System.Globalization;
using System.Text.Json;
using Postern.Reports.Content;

namespace Postern.Cli.Commands;

/// <summary>Reads the fields of the daemon's replies. What is missing, or of another kind, reads as empty.</summary>
internal static class ReplyFields
{
    /// <summary>The items of an array; none where there is no such array.</summary>
    public static List<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    /// <summary>A value as text that is fit to be shown.</summary>
    public static string Safe(JsonElement value) => value.ValueKind == JsonValueKind.String ? SafeText.Escape(value.GetString()) : value.GetRawText();

    /// <summary>True where a field is true.</summary>
    public static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A whole number; 0 where there is none.</summary>
    public static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    /// <summary>A field as text that is fit to be shown; empty where there is none.</summary>
    public static string Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? "" : Safe(value);

    /// <summary>The items of an array, by commas.</summary>
    public static string Listed(JsonElement element, string name) => string.Join(", ", Items(element, name).Select(Safe));

    /// <summary>A time of this machine's zone with its offset; empty where there is none.</summary>
    public static string Moment(JsonElement element, string name) => Time(element, name, "yyyy-MM-dd HH:mm:ss zzz");

    /// <summary>The same without the offset.</summary>
    public static string Stamp(JsonElement element, string name) => Time(element, name, "yyyy-MM-dd HH:mm:ss");

    /// <summary>The same without the day.</summary>
    public static string Clock(JsonElement element, string name) => Time(element, name, "HH:mm:ss");

    private static string Time(JsonElement element, string name, string form) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? TimeZoneInfo.ConvertTime(time, TimeProvider.System.LocalTimeZone).ToString(form, CultureInfo.InvariantCulture) : "";
}
