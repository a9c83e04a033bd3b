using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Postern.Facts;
using Postern.Web.Channel;
using Postern.Web.Settings;

namespace Postern.Web.Api;

/// <summary>Checks of a sender and replays of logs, by the program's own commands.</summary>
/// <param name="tools">Runs them.</param>
/// <param name="options">The configuration that they use.</param>
internal sealed class ToolEndpoints(ToolRunner tools, WebOptions options)
{
    private const int MostCheck = 2 * 1024 * 1024;
    private const int MostReplay = 16 * 1024 * 1024;
    private static readonly TimeSpan s_check = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_replay = TimeSpan.FromSeconds(60);

    /// <summary>True where a path is one of these.</summary>
    public static bool Has(string path) => path is "/api/check" or "/api/replay";

    /// <summary>Answers.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var isCheck = context.Request.Path.Value is "/api/check";
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, isCheck ? MostCheck : MostReplay, context.RequestAborted);
        if (body is null)
        {
            await Answers.RefuseAsync(context, refusal!);
            return;
        }

        using (body)
        {
            await (isCheck ? CheckAsync(context, body) : ReplayAsync(context, body));
        }
    }

    private async Task CheckAsync(HttpContext context, RequestBody body)
    {
        if (!ClientAddress.TryParse(body.Text("address")?.Trim(), out var address))
        {
            await BadAsync(context, "address");
            return;
        }

        if (body.Text("helo") is { Length: > 255 } || body.Text("sender") is { Length: > 320 })
        {
            await BadAsync(context, body.Text("helo") is { Length: > 255 } ? "helo" : "sender");
            return;
        }

        List<string> arguments = ["check", address.ToString(), "--format", "json", "--config", options.Config, "--lang", Answers.WordsOf(context.Request).Tag];
        if (body.Text("helo") is { } helo)
        {
            arguments.Add("--helo=" + helo.Trim());
        }

        if (body.Text("sender") is { } sender)
        {
            arguments.Add("--sender=" + sender.Trim());
        }

        var message = body.Text("message");
        if (message is not null)
        {
            arguments.AddRange("--message", "-");
        }

        await WriteAsync(context, await tools.RunAsync(arguments, Encoding.UTF8.GetBytes(WithLineEnds(message ?? "")), s_check, context.RequestAborted));
    }

    private async Task ReplayAsync(HttpContext context, RequestBody body)
    {
        if (body.Text("log") is not { } log)
        {
            await BadAsync(context, "log");
            return;
        }

        var file = Path.Combine(Path.GetTempPath(), $"postern-replay-{Guid.NewGuid():N}.toml");
        try
        {
            var settings = body.Text("settings");
            if (settings is not null)
            {
                await File.WriteAllTextAsync(file, settings, context.RequestAborted);
            }

            List<string> arguments = ["replay", "--format", "json", "--offline", "--config", settings is null ? options.Config : file];
            if (body.Number("year") is { } year and >= 1970 and <= 9999)
            {
                arguments.AddRange("--year", ((int)year).ToString(CultureInfo.InvariantCulture));
            }

            arguments.Add("-");
            await WriteAsync(context, await tools.RunAsync(arguments, Encoding.UTF8.GetBytes(log), s_replay, context.RequestAborted), file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task WriteAsync(HttpContext context, (ToolEnd End, ReadOnlyMemory<byte> Output, string? Complaint) run, string? file = null)
    {
        var words = Answers.WordsOf(context.Request);
        return run.End switch
        {
            ToolEnd.Done => Answers.JsonAsync(context, StatusCodes.Status200OK, run.Output),
            ToolEnd.Busy => Answers.ErrorAsync(context, StatusCodes.Status429TooManyRequests, "busy", words.Busy),
            ToolEnd.TookTooLong => Answers.ErrorAsync(context, StatusCodes.Status504GatewayTimeout, "took-too-long", words.TookTooLong),
            ToolEnd.Missing => Answers.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "no-program", words.Fault),
            // The settings' own line counts, not the name of the file that held them.
            _ => Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, "refused", Plain(run.Complaint ?? words.Fault, file)),
        };
    }

    private static string Plain(string complaint, string? file)
    {
        var text = complaint.StartsWith("postern: ", StringComparison.Ordinal) ? complaint["postern: ".Length..] : complaint;
        return file is null ? text : text.Replace(file, "settings", StringComparison.Ordinal);
    }

    // A browser gives the text of a field with line feeds alone; a message has CR LF, and signatures count them.
    private static string WithLineEnds(string message) => message.ReplaceLineEndings("\r\n");

    private static Task BadAsync(HttpContext context, string name) =>
        Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, "bad-value", Answers.WordsOf(context.Request).BadValue(name));
}
