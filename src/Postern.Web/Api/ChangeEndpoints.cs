using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Postern.Web.Channel;

namespace Postern.Web.Api;

/// <summary>What is changed: each path is one request to the daemon, in the name of the token's holder.</summary>
/// <param name="channel">The daemon.</param>
internal sealed class ChangeEndpoints(ControlChannel channel)
{
    private const int MostBytes = 256 * 1024;
    private const int LongestReason = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The command of a path; null where it changes nothing.</summary>
    public static string? CommandOf(string path) => path switch
    {
        "/api/ban" => "ban",
        "/api/unban" => "unban",
        "/api/allow" => "allow",
        "/api/disallow" => "disallow",
        "/api/brake/release" => "release-brake",
        _ => null,
    };

    /// <summary>Answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="command">The command.</param>
    /// <param name="holder">Whose token it has.</param>
    public async Task AnswerAsync(HttpContext context, string command, string holder)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, MostBytes, context.RequestAborted);
        if (body is null)
        {
            await Answers.RefuseAsync(context, refusal!);
            return;
        }

        using (body)
        {
            var subjects = body.Texts("subjects") is { Count: > 0 } several ? several : body.Texts("address");
            if (subjects.Count == 0 && command is not "release-brake")
            {
                await Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, "bad-value", Answers.WordsOf(context.Request).BadValue("address"));
                return;
            }

            var request = ControlMessage.Write(command, json => Write(json, body, subjects, holder, Answers.WordsOf(context.Request).Tag));
            // A change that was sent is not taken back when its browser leaves.
            var (reply, failure) = await channel.AskAsync(request, s_patience, CancellationToken.None);
            await (failure == ControlFailure.None ? Answers.ReplyAsync(context, reply) : Answers.FailureAsync(context, failure, channel.Path));
        }
    }

    private static void Write(Utf8JsonWriter json, RequestBody body, IReadOnlyList<string> subjects, string holder, string language)
    {
        if (subjects.Count > 0)
        {
            json.WriteStartArray("subjects");
            foreach (var subject in subjects)
            {
                json.WriteStringValue(subject);
            }

            json.WriteEndArray();
        }

        if (body.Number("for_seconds") is { } seconds && double.IsFinite(seconds))
        {
            json.WriteNumber("for_seconds", seconds);
        }

        json.WriteString("reason", body.Text("reason") is { } reason ? reason[..Math.Min(reason.Length, LongestReason)] : null);
        json.WriteString("by", holder.Equals(Settings.TokenFile.Nameless, StringComparison.Ordinal) ? "the web page" : $"{holder} on the web page");
        json.WriteString("lang", language);
    }
}
