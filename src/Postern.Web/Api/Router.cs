using Microsoft.AspNetCore.Http;
using Postern.Web.Guards;
using Postern.Web.Page;

namespace Postern.Web.Api;

/// <summary>Guards each request and hands it to whoever answers it. No answer tells of a fault but that there was one.</summary>
/// <param name="guard">Decides whether it is answered.</param>
/// <param name="files">The page.</param>
/// <param name="access">What may be done.</param>
/// <param name="reads">What is read.</param>
/// <param name="changes">What is changed.</param>
/// <param name="tools">Checks and replays.</param>
/// <param name="events">What happens.</param>
/// <param name="failed">Told of a fault.</param>
internal sealed class Router(
    RequestGuard guard, PageFiles files, AccessEndpoint access, ReadEndpoints reads, ChangeEndpoints changes, ToolEndpoints tools, EventEndpoint events, Action<string, Exception> failed)
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="stop">The program's end.</param>
    public async Task AnswerAsync(HttpContext context, CancellationToken stop)
    {
        SecurityHeaders.Set(context.Response);
        try
        {
            await RouteAsync(context, stop);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has left.
        }
        catch (BadHttpRequestException e)
        {
            await TryErrorAsync(context, e.StatusCode, "bad-request", Answers.WordsOf(context.Request).TooLarge);
        }
#pragma warning disable CA1031 // One request must not end the program; the fault is logged, and not told to whoever asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed(context.Request.Path.Value ?? "", e);
            await TryErrorAsync(context, StatusCodes.Status500InternalServerError, "fault", Answers.WordsOf(context.Request).Fault);
        }
    }

    private Task RouteAsync(HttpContext context, CancellationToken stop)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "/");
        var isGet = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var (command, isTool) = (ChangeEndpoints.CommandOf(path), ToolEndpoints.Has(path));
        var isRead = ReadEndpoints.Has(path) || path is "/api/events";
        var isOpen = path is "/healthz" or AccessEndpoint.Path || files.Find(path) is not null;
        // Of a path that is read and changed, the method decides.
        var isChange = (command is not null || isTool) && !(isGet && isRead);
        var (refusal, holder) = guard.Check(context, isChange && HttpMethods.IsPost(request.Method) ? Access.Change : isRead ? Access.Read : Access.Open);
        if (refusal is not null)
        {
            return Answers.RefuseAsync(context, refusal);
        }

        if (!isOpen && !isRead && !isChange)
        {
            return Answers.ErrorAsync(context, StatusCodes.Status404NotFound, "not-found", Answers.WordsOf(request).NotFound);
        }

        if (isChange ? !HttpMethods.IsPost(request.Method) : !isGet)
        {
            var allowed = isChange ? (isRead ? "GET, POST" : "POST") : "GET";
            context.Response.Headers.Allow = allowed;
            return Answers.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "method", Answers.WordsOf(request).WrongMethod(allowed));
        }

        return isTool ? tools.AnswerAsync(context)
            : isChange ? changes.AnswerAsync(context, command!, holder!)
            : path is AccessEndpoint.Path ? access.AnswerAsync(context)
            : path is "/healthz" ? reads.HealthAsync(context)
            : path is "/api/events" ? events.AnswerAsync(context, stop)
            : isRead ? reads.AnswerAsync(context)
            : FileAsync(context, files.Find(path)!);
    }

    private static async Task FileAsync(HttpContext context, PageFile file)
    {
        var response = context.Response;
        response.Headers.ETag = file.Tag;
        // Asked again each time, and sent anew only after an upgrade.
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(file.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var content = PageFiles.Open(file);
        (response.ContentType, response.ContentLength) = (file.Type, content.Length);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await content.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private static async Task TryErrorAsync(HttpContext context, int status, string code, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await Answers.ErrorAsync(context, status, code, message);
    }
}
