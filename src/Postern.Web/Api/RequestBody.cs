using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Postern.Web.Guards;

namespace Postern.Web.Api;

/// <summary>The body of a request: a JSON object whose values are texts, numbers or lists of texts.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly JsonDocument _document;

    private RequestBody(JsonDocument document) => _document = document;

    /// <summary>Reads it, so many bytes at most.</summary>
    /// <returns>The body, or why it is refused.</returns>
    public static async Task<(RequestBody? Body, Refusal? Refusal)> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
        {
            return (null, TooLarge());
        }

        using var held = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            held.Write(buffer, 0, read);
            if (held.Length > most)
            {
                return (null, TooLarge());
            }
        }

        try
        {
            var document = JsonDocument.Parse(held.ToArray(), new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (new RequestBody(document), null);
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Told below.
        }

        return (null, new Refusal(StatusCodes.Status400BadRequest, "not-json", static words => words.NotJson));
    }

    /// <summary>A text that is not blank; null where there is none.</summary>
    public string? Text(string name) =>
        _document.RootElement.TryGetProperty(name, out var value) && TextOf(value) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A number; null where there is none.</summary>
    public double? Number(string name) =>
        _document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    /// <summary>A list of texts, or one text; empty where there is none.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        !_document.RootElement.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(TextOf).OfType<string>().Select(static text => text.Trim())]
        : Text(name) is { } one ? [one.Trim()] : [];

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    // Null for no text, and for one that is no Unicode: half a surrogate pair, or bytes that are no UTF-8.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Refusal TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "too-large", static words => words.TooLarge);
}
