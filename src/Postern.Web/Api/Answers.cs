using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Postern.Reports.Content;
using Postern.Web.Channel;
using Postern.Web.Guards;
using Postern.Web.Words;

namespace Postern.Web.Api;

/// <summary>Writes answers: what the daemon said, and errors, all of them JSON.</summary>
internal static class Answers
{
    /// <summary>The language of a request: of its <c>lang</c>, else of what its browser wants.</summary>
    public static IWebWords WordsOf(HttpRequest request) =>
        request.Query["lang"] is [{ } tag] ? WebLanguages.For(tag) : WebLanguages.Accepted(request.Headers.AcceptLanguage);

    /// <summary>Writes a refusal.</summary>
    public static Task RefuseAsync(HttpContext context, Refusal refusal) =>
        ErrorAsync(context, refusal.Status, refusal.Code, refusal.Message(WordsOf(context.Request)));

    /// <summary>Writes an error: <c>postern.error/1</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return JsonAsync(context, status, Json(json =>
        {
            json.WriteString("schema", "postern.error/1");
            json.WriteString("error", code);
            json.WriteString("message", SafeText.Escape(message));
        }));
    }

    /// <summary>Writes why the daemon gave no reply.</summary>
    public static Task FailureAsync(HttpContext context, ControlFailure failure, string socket)
    {
        var words = WordsOf(context.Request);
        return failure switch
        {
            ControlFailure.Down => ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "daemon-down", words.DaemonDown(socket)),
            ControlFailure.NoPermission => ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "no-permission", words.NoPermission(socket)),
            _ => ErrorAsync(context, StatusCodes.Status504GatewayTimeout, "no-answer", words.NoAnswer),
        };
    }

    /// <summary>Writes a reply of the daemon as it is; one that says 'no' has the status 409, one that could not be done 400.</summary>
    public static Task ReplyAsync(HttpContext context, ReadOnlyMemory<byte> reply) => JsonAsync(context, StatusOf(reply), reply);

    /// <summary>A JSON object.</summary>
    /// <param name="fields">Writes its fields.</param>
    public static byte[] Json(Action<Utf8JsonWriter> fields)
    {
        using var held = new MemoryStream();
        using (var json = new Utf8JsonWriter(held))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return held.ToArray();
    }

    /// <summary>Writes JSON.</summary>
    public static async Task JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(json, context.RequestAborted);
        }
    }

    private static int StatusOf(ReadOnlyMemory<byte> reply)
    {
        var json = new Utf8JsonReader(reply.Span);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1)
            {
                var isOutcome = json.ValueTextEquals("outcome"u8);
                json.Read();
                if (isOutcome)
                {
                    return json.ValueTextEquals("Done"u8) ? StatusCodes.Status200OK : json.ValueTextEquals("No"u8) ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
                }

                // Only an answer to a change has one, and it is short: nothing else is read to its end.
                if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reply.Length > 64 * 1024)
                {
                    return StatusCodes.Status200OK;
                }

                json.Skip();
            }
        }

        return StatusCodes.Status200OK;
    }
}
