using System.Net;
using System.Text;

namespace Postern.Tests.Notifications;

/// <summary>A request that came.</summary>
internal sealed record ReceivedRequest(string Method, string Path, WebHeaderCollection Headers, string Body);

/// <summary>A web server on loopback that keeps what it is sent and answers with one status.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly List<ReceivedRequest> _requests = [];
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private volatile int _status = 200;

    private HttpReceiver(HttpListener listener, string address)
    {
        (_listener, Address) = (listener, address);
        _serving = ServeAsync();
    }

    /// <summary>Where it listens, with a slash at the end.</summary>
    public string Address { get; }

    /// <summary>What it answers; 302 leads elsewhere.</summary>
    public int Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>What came so far.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Listens at a free port.</summary>
    public static HttpReceiver Start()
    {
        // A port that is free now may be taken a moment later.
        for (var attempt = 0; ; attempt++)
        {
            var address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return new HttpReceiver(listener, address);
            }
            catch (HttpListenerException) when (attempt < 50)
            {
                listener.Close();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var body = await reader.ReadToEndAsync(CancellationToken.None);
                lock (_requests)
                {
                    _requests.Add(new ReceivedRequest(context.Request.HttpMethod, context.Request.Url!.AbsolutePath, (WebHeaderCollection)context.Request.Headers, body));
                }

                context.Response.StatusCode = _status;
                if (_status == 302)
                {
                    context.Response.RedirectLocation = Address + "elsewhere";
                }

                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
