using System.Text;
using Microsoft.AspNetCore.Http;
using Postern.Web.Channel;

namespace Postern.Web.Api;

/// <summary>What happens, as server-sent events: <c>daemon</c> says whether the daemon answers, <c>happening</c> what happened.</summary>
/// <param name="hub">Where they come from.</param>
/// <param name="time">The clock.</param>
internal sealed class EventEndpoint(EventHub hub, TimeProvider time)
{
    // Shorter than what proxies bear without a word; who has left is noticed by it.
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(15);

    /// <summary>Answers until the browser leaves or the program ends.</summary>
    public async Task AnswerAsync(HttpContext context, CancellationToken stop)
    {
        if (hub.Watch() is not { } watcher)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "busy", Answers.WordsOf(context.Request).Busy);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop);
        try
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            // nginx hands it on at once.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            await SendAsync(context, ": watching\n\n", end.Token);
            while (true)
            {
                try
                {
                    await watcher.Reader.WaitToReadAsync(end.Token).AsTask().WaitAsync(s_quiet, time, end.Token);
                }
                catch (TimeoutException)
                {
                    await SendAsync(context, ": still here\n\n", end.Token);
                }

                while (watcher.Reader.TryRead(out var text))
                {
                    await SendAsync(context, text, end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The browser left, or the program ends.
        }
        finally
        {
            hub.Leave(watcher);
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken stop)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
