using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Postern.Facts;
using Postern.Web.Channel;

namespace Postern.Web.Api;

/// <summary>What is read: each path is one question to the daemon, and its reply is handed on as it is.</summary>
/// <param name="channel">The daemon.</param>
internal sealed class ReadEndpoints(ControlChannel channel)
{
    private const int MostBans = 1000;
    private const string ClientPath = "/api/clients/";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_health = TimeSpan.FromSeconds(3);

    /// <summary>True where a path is one of these.</summary>
    public static bool Has(string path) =>
        path is "/metrics" or "/api/status" or "/api/bans" or "/api/clients" or "/api/decisions" or "/api/history" or "/api/allow" or "/api/top" || path.StartsWith(ClientPath, StringComparison.Ordinal);

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Request(context.Request, path) is not { } request)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, "bad-value", Answers.WordsOf(context.Request).BadValue(path.StartsWith(ClientPath, StringComparison.Ordinal) ? "address" : "range"));
            return;
        }

        var (reply, failure) = await channel.AskAsync(request, s_patience, context.RequestAborted);
        if (failure != ControlFailure.None)
        {
            await Answers.FailureAsync(context, failure, channel.Path);
        }
        else if (path is "/metrics")
        {
            await MetricsAsync(context, reply);
        }
        else
        {
            await Answers.ReplyAsync(context, reply);
        }
    }

    /// <summary>Whether the daemon answers.</summary>
    public async Task HealthAsync(HttpContext context)
    {
        var (_, failure) = await channel.AskAsync(ControlMessage.Write("status"), s_health, context.RequestAborted);
        if (failure == ControlFailure.None)
        {
            await Answers.JsonAsync(context, StatusCodes.Status200OK, "{\"status\":\"ok\"}"u8.ToArray());
        }
        else
        {
            await Answers.FailureAsync(context, failure, channel.Path);
        }
    }

    private static byte[]? Request(HttpRequest request, string path)
    {
        var query = request.Query;
        var words = Answers.WordsOf(request);
        string? Text(string name) => query[name] is [{ Length: > 0 } text] ? text : null;
        int? Number(string name, int least, int most) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, least, most) : null;
        switch (path)
        {
            case "/metrics":
                return ControlMessage.Write("metrics", static json => json.WriteString("format", "text"));
            case "/api/status":
                return ControlMessage.Write("status");
            case "/api/allow":
                return ControlMessage.Write("allowed");
            case "/api/top":
                return ControlMessage.Write("top");
            case "/api/bans":
                return ControlMessage.Write("bans", json =>
                {
                    json.WriteNumber("most", Number("limit", 1, MostBans) ?? 200);
                    json.WriteNumber("offset", Number("offset", 0, int.MaxValue) ?? 0);
                    json.WriteBoolean("newest", Text("order") is "newest");
                    json.WriteString("search", Text("search"));
                });
            case "/api/clients":
                return ControlMessage.Write("clients", json =>
                {
                    json.WriteNumber("most", Number("limit", 1, 200) ?? 50);
                    json.WriteString("search", Text("search"));
                });
            case "/api/decisions":
                return ControlMessage.Write("decisions", json => json.WriteNumber("days", Number("days", 1, 366) ?? 7));
            case "/api/history":
                return ControlMessage.Write("history", json =>
                {
                    json.WriteString("range", Text("range") ?? "hour");
                    json.WriteString("lang", words.Tag);
                });
            default:
                return ClientAddress.TryParse(path.AsSpan(ClientPath.Length), out var address) ? ControlMessage.Write("explain", json =>
                {
                    json.WriteString("subject", address.ToString());
                    json.WriteString("lang", words.Tag);
                }) : null;
        }
    }

    private static async Task MetricsAsync(HttpContext context, ReadOnlyMemory<byte> reply)
    {
        using var document = JsonDocument.Parse(reply);
        if (!document.RootElement.TryGetProperty("text", out var text))
        {
            await Answers.ReplyAsync(context, reply);
            return;
        }

        // The text is of both formats, and says so to who asks for the newer one.
        var wantsOpenMetrics = context.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.Ordinal);
        context.Response.ContentType = wantsOpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.GetString()!), context.RequestAborted);
    }
}
