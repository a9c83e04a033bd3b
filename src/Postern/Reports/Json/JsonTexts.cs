using System.Text.Encodings.Web;
using System.Text.Json;
using Postern.Facts;
using Postern.Reports.Content;

namespace Postern.Reports.Json;

/// <summary>How texts and times stand in the documents for programs.</summary>
internal static class JsonTexts
{
    private const int FlushAt = 1 << 16;

    /// <summary>How texts are escaped.</summary>
    public static JavaScriptEncoder Encoder { get; } = new ReadableEncoder();

    /// <summary>How documents are written.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = Encoder, SkipValidation = true };

    /// <summary>How documents are written that people read, too.</summary>
    public static JsonWriterOptions Indented { get; } = new() { Encoder = Encoder, Indented = true };

    /// <summary>Writes a time, or null where it is not known.</summary>
    public static void WriteTime(Utf8JsonWriter json, string name, LogTime time)
    {
        if (time.IsKnown)
        {
            Span<byte> text = stackalloc byte[Moments.IsoLength];
            json.WriteString(name, text[..Moments.Iso(time, text)]);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a text, or null; lone surrogates, which UTF-8 cannot hold, become U+FFFD.</summary>
    public static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, WellFormed(text));
        }
    }

    /// <summary>Writes an array of texts, as they are made.</summary>
    public static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(WellFormed(text));
            FlushIfFull(json);
        }

        json.WriteEndArray();
    }

    /// <summary>Hands on what was written where it is much.</summary>
    public static void FlushIfFull(Utf8JsonWriter json)
    {
        if (json.BytesPending >= FlushAt)
        {
            json.Flush();
        }
    }

    private static string WellFormed(string text)
    {
        var lone = FirstLoneSurrogate(text);
        if (lone < 0)
        {
            return text;
        }

        return string.Create(text.Length, text, static (target, source) =>
        {
            source.CopyTo(target);
            for (var at = FirstLoneSurrogate(target); at >= 0; at = FirstLoneSurrogate(target))
            {
                target[at] = '\uFFFD';
            }
        });
    }

    private static int FirstLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
